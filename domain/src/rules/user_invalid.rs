//! `user-invalid`

use super::prelude::*;

/// A user that no container can run as.
pub(super) static RULE: Rule = Rule {
    name: "user-invalid",
    topic: Topic::Form,
    summary: "No container can run as this user",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "The user of a container is a name or a number, or two of them with a colon between them. Numbers are 0 to \
             2147483647, without spaces.",
    matters: "The runtime looks a number up in that range and a name in the image's files, in which names have no blanks. Where it \
              finds no user, it does not start the container.",
    evidence: Evidence {
        source: "User package of libcontainer, today moby/sys/user (\"uids and gids must be in range 0-2147483647\"); user in the \
                 API reference of Amazon ECS.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain("Blanks around a user go."),
    failing: Example(r#"{ "containerDefinitions": [{ "user": "-1" }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "user": "1000:1000" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].user"),
    check,
};

const HIGHEST: u64 = 2_147_483_647;

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(user) = found.text(container.get("user")) else { continue };
        let why = if user.contains(char::is_whitespace) {
            "Names of users have no blanks".to_owned()
        } else if user.split(':').take(2).any(is_number_out_of_range) {
            format!("Numbers of users and groups are 0 to {HIGHEST}")
        } else {
            continue;
        };
        let trimmed = user.trim();
        let meant = match trimmed.contains(char::is_whitespace)
            || trimmed.is_empty()
            || trimmed.split(':').any(is_number_out_of_range)
        {
            true => "1000",
            false => trimmed,
        };
        found.in_container(
            container,
            container.path().key("user"),
            format!("has the user {}. {why}, so the container does not start.", quoted(user)),
            Fix::from(Edit::set(container, "user", meant))
                .certain_if(meant == trimmed)
                .and("Write the user that the program is to run as."),
        );
    }
}

fn is_number_out_of_range(part: &str) -> bool {
    let (is_negative, digits) = match part.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, part),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (is_negative || digits.parse::<u64>().map_or(true, |number| number > HIGHEST))
}

#[cfg(test)]
mod tests {
    use super::super::tests::mended;
    use super::*;

    #[test]
    fn numbers_have_a_range_and_names_no_blanks() {
        for (user, count) in [
            ("-1", 1),
            ("1000:-1", 1),
            ("2147483648", 1),
            ("99999999999999999999:0", 1),
            ("1000 ", 1),
            ("app user", 1),
            (" ", 1),
            ("2147483647:0", 0),
            ("0", 0),
            ("app:staff", 0),
            ("-app", 0),
            (":100", 0),
            ("", 0),
            ("<USER>", 0),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "user": "{user}"}}]}}"#);
            assert_eq!(mended(RULE.name, &document), (count, vec![]), "{user:?}");
        }
        let windows = r#"{"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
            "containerDefinitions": [{"name": "a", "user": "NT AUTHORITY\\SYSTEM"}]}"#;
        assert_eq!(mended(RULE.name, windows), (0, vec![]));
    }
}
