//! Which argument of the Agent's settings a part of its containers is written in, for places and lines in messages.

use crate::document::{Node, Step};
use crate::rofs::workload::Role;
use crate::rules::Form;
use crate::value::AttributePath;

use super::hcl::{self, Hcl};

/// The place of a part of a sidecar, by the keys behind its index, below the place of the settings. What no argument makes is
/// placed at the container's name: Terraform then marks the head of the block.
pub(super) fn place(settings: &AttributePath, role: Role, inside: &[Step]) -> AttributePath {
    let key = |position: usize| match inside.get(position) {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    let at = |name: &str| settings.clone().attribute(name);
    if let Some(argument) = argument(role, key(0)) {
        return at(argument);
    }
    let Some(block) = block(role, key(0)) else {
        return at(if role == Role::Agent { "container_name" } else { "init_container_name" });
    };
    match of_a_block(key(1)) {
        Some(argument) => at(block).index(0).attribute(argument),
        None => at(block).index(0),
    }
}

/// A change of a part of a sidecar as the Agent's settings have it: a phrase that begins with a verb. None where no argument
/// or block of the settings has that value, such as a list of variables.
pub(super) fn phrase(role: Role, inside: &[Step], value: &Node) -> Option<String> {
    let [Step::Key(key)] = inside else { return None };
    let line = match value {
        Node::String(_) | Node::Number(_) | Node::Bool(_) => Hcl.member(argument(role, key)?, value),
        Node::Object(members) => {
            let line = |(key, value): (&String, &Node)| Some(Hcl.member(of_a_block(key)?, value));
            hcl::block(block(role, key)?, &members.iter().map(line).collect::<Option<Vec<_>>>()?)
        }
        _ => return None,
    };
    Some(hcl::behind("write for the Agent:", &line))
}

/// The argument that a key of a sidecar is written in.
fn argument(role: Role, key: &str) -> Option<&'static str> {
    of_both(key).or_else(|| match role {
        Role::Agent => of_the_agent(key),
        // Its variables are the contents of files.
        Role::Init => (key == "environment").then_some("config_files"),
    })
}

/// The block that a key of a sidecar is written in.
fn block(role: Role, key: &str) -> Option<&'static str> {
    Some(match (key, role) {
        ("logConfiguration", _) => "log_configuration",
        ("healthCheck", Role::Agent) => "health_check",
        ("restartPolicy", Role::Agent) => "restart_policy",
        _ => return None,
    })
}

fn of_both(key: &str) -> Option<&'static str> {
    Some(match key {
        "image" => "image",
        "repositoryCredentials" => "repository_credentials_arn",
        _ => return None,
    })
}

fn of_the_agent(key: &str) -> Option<&'static str> {
    Some(match key {
        "cpu" => "cpu",
        "memory" => "memory",
        "memoryReservation" => "memory_reservation",
        "essential" => "essential",
        "user" => "user",
        "stopTimeout" => "stop_timeout",
        "dockerLabels" => "docker_labels",
        "environment" => "environment",
        "secrets" => "secrets",
        _ => return None,
    })
}

fn of_a_block(key: &str) -> Option<&'static str> {
    Some(match key {
        "logDriver" => "log_driver",
        "options" => "options",
        "secretOptions" => "secret_options",
        "command" => "command",
        "interval" => "interval",
        "timeout" => "timeout",
        "retries" => "retries",
        "startPeriod" => "start_period",
        "enabled" => "enabled",
        "ignoredExitCodes" => "ignored_exit_codes",
        "restartAttemptPeriod" => "restart_attempt_period",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::agent_block;
    use super::*;
    use crate::ecs::shapes;
    use crate::schema::Block;

    fn is_declared(block: &Block, names: &[&str]) -> bool {
        match names {
            [name] => {
                let nested = block.blocks.iter().map(|nested| nested.name.as_str());
                block.attributes.iter().map(|one| one.name.as_str()).chain(nested).any(|one| one == *name)
            }
            [name, rest @ ..] => {
                block.blocks.iter().any(|nested| nested.name == *name && is_declared(&nested.block, rest))
            }
            [] => false,
        }
    }

    #[test]
    fn every_part_of_a_container_is_placed_at_an_argument_that_there_is() {
        let settings = agent_block::agent_block("").block;
        for member in shapes::container_definition().members {
            for role in [Role::Init, Role::Agent] {
                let inner = member.kind.structure().into_iter().flat_map(|inner| inner.members.iter());
                let ways = inner.map(|inner| vec![member.key, inner.key]).chain([vec![member.key]]);
                for way in ways {
                    let steps: Vec<Step> = way.iter().map(|key| Step::Key((*key).to_owned())).collect();
                    let placed =
                        place(&AttributePath::default(), role, &steps).to_string().replace("[0]", "");
                    assert!(
                        is_declared(&settings, &placed.split('.').collect::<Vec<_>>()),
                        "{way:?}: {placed}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_part_is_placed_at_its_argument_and_in_a_block_at_the_argument_there() {
        let placed = |role, keys: &[&str]| {
            let steps: Vec<Step> = keys.iter().map(|key| Step::Key((*key).to_owned())).collect();
            place(&AttributePath::root("agent").index(0), role, &steps).to_string()
        };
        assert_eq!(placed(Role::Agent, &["user"]), "agent[0].user");
        assert_eq!(placed(Role::Init, &["user"]), "agent[0].init_container_name");
        assert_eq!(placed(Role::Init, &["image"]), "agent[0].image");
        for role in [Role::Init, Role::Agent] {
            assert_eq!(
                placed(role, &["logConfiguration", "logDriver"]),
                "agent[0].log_configuration[0].log_driver"
            );
        }
        assert_eq!(
            placed(Role::Agent, &["healthCheck", "startPeriod"]),
            "agent[0].health_check[0].start_period"
        );
        assert_eq!(placed(Role::Agent, &["linuxParameters"]), "agent[0].container_name");
    }

    #[test]
    fn a_change_is_written_where_the_settings_have_it() {
        let steps = |keys: &[&str]| keys.iter().map(|key| Step::Key((*key).to_owned())).collect::<Vec<_>>();
        let log =
            Node::from([("logDriver", "awslogs".into()), ("options", Node::from([("mode", "x".into())]))]);
        let written = |role, keys: &[&str], value: Node| phrase(role, &steps(keys), &value);
        assert_eq!(
            written(Role::Agent, &["memoryReservation"], 256.into()).as_deref(),
            Some("write for the Agent: memory_reservation = 256")
        );
        assert_eq!(
            written(Role::Init, &["logConfiguration"], log).as_deref(),
            Some(
                "write for the Agent:\n\n  log_configuration {\n    log_driver = \"awslogs\"\n    options    = { mode = \"x\" }\n  }"
            )
        );
        // The init container has no user of its own in the settings, and nothing there is called so.
        assert_eq!(written(Role::Init, &["user"], "0".into()), None);
        assert_eq!(written(Role::Agent, &["privileged"], false.into()), None);
        assert_eq!(written(Role::Agent, &["environment"], Node::Array(Vec::new())), None);
    }
}
