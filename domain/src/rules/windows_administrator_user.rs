//! `windows-administrator-user`

use super::prelude::*;

/// A Windows container that runs as its administrator.
pub(super) static RULE: Rule = Rule {
    name: "windows-administrator-user",
    topic: Topic::Security,
    summary: "A Windows container runs as administrator",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::WindowsOrUnset,
    control: Some("ECS.21"),
    checks: "Every container of a Windows task says which user it runs as, and that user is not ContainerAdministrator. \
             A task definition that names no operating system is checked as well.",
    matters: "ContainerAdministrator may do everything inside the container, so an attacker who breaks into it can change \
              programs and the registry, and gets closer to the host. Security Hub's control ECS.21 also fails if a \
              container does not say its user, and checks every task definition that does not name its operating system.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.21 (Config rule \
                 ecs-task-definition-windows-user-non-admin).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [
    { "name": "app", "user": "ContainerAdministrator", "readonlyRootFilesystem": null }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [{ "name": "app", "user": "ContainerUser", "readonlyRootFilesystem": null }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let place = || container.path().key("user");
        let user = container.get("user");
        let says = match user {
            Node::Unknown => {
                found.undecided();
                continue;
            }
            Node::String(user) if is_administrator(user) => {
                format!("runs as {}, the administrator of Windows containers", quoted(user))
            }
            Node::String(user) if !user.is_empty() => continue,
            // One missing user is one mistake, which `root-user` reports where it applies, and ECS.21 fails all the same.
            Node::Null | Node::String(_) if task.windows != Some(false) => {
                "does not say which user it runs as, so it runs as that of its image, which is ContainerAdministrator unless \
                 the image says otherwise"
                    .to_owned()
            }
            _ => {
                found.control_fails(place(), Some(container));
                continue;
            }
        };
        found.in_container(
            container,
            place(),
            format!("{says}. Security Hub's control ECS.21 fails for the whole task definition."),
            Fix::from(Edit::set(container, "user", "ContainerUser"))
                .and("Make sure that the program can read its files as that user."),
        );
    }
}

/// Windows does not tell upper from lower case in the names of accounts.
fn is_administrator(user: &str) -> bool {
    user.eq_ignore_ascii_case("containeradministrator")
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn count(family: &str, user: &str) -> usize {
        let document = format!(
            r#"{{"runtimePlatform": {{{family}}}, "containerDefinitions": [{{"name": "a", "image": "i:1.0"{user}}}]}}"#
        );
        findings_of("windows-administrator-user", &document).len()
    }

    #[test]
    fn a_missing_user_is_told_of_once() {
        assert_eq!(count(r#""operatingSystemFamily": "WINDOWS_SERVER_2022_CORE""#, ""), 1);
        assert_eq!(count("", ""), 0);
        assert_eq!(count(r#""operatingSystemFamily": "LINUX""#, ""), 0);
    }

    #[test]
    fn the_administrator_is_found_however_it_is_written() {
        for user in ["ContainerAdministrator", "containeradministrator", "CONTAINERADMINISTRATOR"] {
            assert_eq!(count("", &format!(r#", "user": "{user}""#)), 1, "{user}");
        }
        assert_eq!(count("", r#", "user": "ContainerUser""#), 0);
    }
}
