//! Which argument of the Agent's settings a part of its containers is written in, for places in messages.

use crate::document::Step;
use crate::rofs::workload::Role;
use crate::value::AttributePath;

/// The place of a part of a sidecar, by the keys behind its index, below the place of the settings. What no argument makes is
/// placed at the container's name: Terraform then marks the head of the block.
pub(super) fn place(settings: &AttributePath, role: Role, inside: &[Step]) -> AttributePath {
    let key = |position: usize| match inside.get(position) {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    let at = |name: &str| settings.clone().attribute(name);
    if let Some(argument) = of_both(key(0)).or_else(|| (role == Role::Agent).then(|| of_the_agent(key(0)))?) {
        return at(argument);
    }
    let block = match (key(0), role) {
        ("logConfiguration", _) => "log_configuration",
        ("healthCheck", Role::Agent) => "health_check",
        ("restartPolicy", Role::Agent) => "restart_policy",
        (_, Role::Agent) => return at("container_name"),
        (_, Role::Init) => return at("init_container_name"),
    };
    match of_a_block(key(1)) {
        Some(argument) => at(block).index(0).attribute(argument),
        None => at(block).index(0),
    }
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
    use crate::document::shapes;
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
}
