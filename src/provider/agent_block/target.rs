//! For which platform settings are read, and which of them are another one's.
//!
//! The provider's `agent` block is for all platforms, so what a platform has no use for is left out of it. The same written
//! for this very document is an error: whoever writes it believes that it does something.

use crate::rofs::settings::Store;
use crate::schema::{Attribute, NestedBlock};
use crate::value::Value;

use super::schema;

/// For which platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum Target {
    /// Amazon ECS.
    Ecs,
    /// Docker Compose.
    Compose,
}

/// A setting of another platform, dotted inside a block, and what there is here in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foreign {
    pub(super) setting: &'static str,
    pub(super) here: &'static str,
}

const NOT_OF_ECS: [Foreign; 2] = [
    Foreign {
        setting: "api_key_environment",
        here: "ECS fetches the key itself. Write api_key_secret_arn or api_key_parameter_arn.",
    },
    Foreign {
        setting: "api_key_secret",
        here: "ECS fetches the key itself. Write api_key_secret_arn or api_key_parameter_arn.",
    },
];

const NOT_OF_COMPOSE: [Foreign; 6] = [
    Foreign {
        setting: "api_key_secret_arn",
        here: "Compose fetches nothing from AWS. Write api_key_environment, the name of a variable of the machine, or \
               api_key_secret, the name of a secret of the document.",
    },
    Foreign {
        setting: "api_key_parameter_arn",
        here: "Compose fetches nothing from AWS. Write api_key_environment, the name of a variable of the machine, or \
               api_key_secret, the name of a secret of the document.",
    },
    Foreign {
        setting: "repository_credentials_arn",
        here: "Docker pulls with what `docker login` has stored on the machine.",
    },
    Foreign { setting: "essential", here: "A service of Compose does not end with another one." },
    Foreign { setting: "launch_type", here: "Compose starts services on the machine it runs on." },
    Foreign {
        setting: "existing_container",
        here: "The Agent is added as services of its own. Write existing_container = \"\" to say that no service with the \
               Agent's image is an Agent.",
    },
];

/// What the provider's block may say for ECS in settings that Compose has too.
const OF_ECS_IN_THE_FLEET: [&str; 4] = [
    // References of AWS.
    "secrets",
    "restart_policy.ignored_exit_codes",
    "restart_policy.restart_attempt_period",
    "log_configuration.secret_options",
];

/// Log drivers that write to AWS with what only a task has.
const LOG_DRIVERS_OF_ECS: [&str; 2] = ["awslogs", "awsfirelens"];

impl Target {
    /// All of them.
    pub(in crate::provider) const ALL: [Target; 2] = [Target::Ecs, Target::Compose];

    /// The settings that say where the API key comes from, the usual one first.
    pub(super) fn api_keys(self) -> [(&'static str, Store); 2] {
        match self {
            Target::Ecs => {
                [("api_key_secret_arn", Store::Secrets), ("api_key_parameter_arn", Store::Parameters)]
            }
            Target::Compose => [("api_key_environment", Store::Environment), ("api_key_secret", Store::File)],
        }
    }

    /// The settings of other platforms that a body has for itself.
    pub(super) fn foreign_in(self, own: &Value) -> impl Iterator<Item = Foreign> {
        self.foreign().iter().copied().filter(|foreign| {
            let value = own.get(foreign.setting);
            // What is not known yet may turn out to be null; that none of the services is an Agent can be said everywhere.
            let is_said = !value.is_null() && !value.is_unknown();
            is_said && !(foreign.setting == "existing_container" && value.as_str() == Some(""))
        })
    }

    pub(super) fn foreign(self) -> &'static [Foreign] {
        match self {
            Target::Ecs => &NOT_OF_ECS,
            Target::Compose => &NOT_OF_COMPOSE,
        }
    }

    /// A body's own settings without what is of other platforms; the errors about them say so.
    pub(super) fn own(self, own: &Value) -> Value {
        let mut own = own.clone();
        let foreign: Vec<Foreign> = self.foreign_in(&own).collect();
        for foreign in foreign {
            take(&mut own, foreign.setting);
        }
        own
    }

    /// The provider's settings without what is of other platforms.
    pub(in crate::provider) fn fleet(self, fleet: &Value) -> Value {
        let mut fleet = fleet.clone();
        for foreign in self.foreign() {
            take(&mut fleet, foreign.setting);
        }
        if self == Target::Compose {
            for setting in OF_ECS_IN_THE_FLEET {
                take(&mut fleet, setting);
            }
            let driver = fleet.block("log_configuration").get("log_driver").as_str().unwrap_or_default();
            if LOG_DRIVERS_OF_ECS.contains(&driver) {
                take(&mut fleet, "log_configuration");
            }
        }
        fleet
    }

    /// The attributes of the Agent's settings as they are here.
    pub(in crate::provider) fn attributes(self) -> Vec<Attribute> {
        let mut attributes = schema::attributes();
        if self == Target::Ecs {
            return attributes;
        }
        for attribute in &mut attributes {
            let foreign = self.foreign().iter().find(|foreign| foreign.setting == attribute.name);
            let here = HERE_ON_COMPOSE.iter().find(|(name, _)| *name == attribute.name);
            if let Some((_, here)) = here {
                (*here).clone_into(&mut attribute.description);
            } else if let Some(foreign) = foreign {
                attribute.description = format!("Of ECS, and an error here. {}", foreign.here);
            }
        }
        attributes
    }

    /// The nested blocks of the Agent's settings as they are here.
    pub(in crate::provider) fn blocks(self) -> Vec<NestedBlock> {
        let mut blocks = schema::blocks();
        if self == Target::Compose {
            for block in &mut blocks {
                describe(&mut block.block.description, &block.name, "");
                for attribute in &mut block.block.attributes {
                    describe(&mut attribute.description, &block.name, &attribute.name);
                }
            }
        }
        blocks
    }
}

fn describe(description: &mut String, block: &str, attribute: &str) {
    let here = BLOCKS_ON_COMPOSE.iter().find(|(of, name, _)| *of == block && *name == attribute);
    if let Some((_, _, here)) = here {
        (*here).clone_into(description);
    }
}

/// What attributes mean on Compose, where that is something else.
const HERE_ON_COMPOSE: [(&str, &str); 13] = [
    (
        "api_key_environment",
        "Name of the variable of the machine that holds the Datadog API key, from the shell or from the file `.env` beside the document. Nothing is started while it is empty. Defaults to `DD_API_KEY`. There is no argument for the key itself.",
    ),
    (
        "api_key_secret",
        "Name of the Compose secret with the Datadog API key, in the place of `api_key_environment`. A secret that `services` declares is kept. Otherwise one is written whose file on the machine the variable `DD_API_KEY_FILE` names: a service with a read-only root accepts a secret from a file only.",
    ),
    ("cluster_name", "Name of the cluster, for the Agent's own tags (`DD_CLUSTER_NAME`)."),
    ("cpu", "CPU that the Agent's service may use, in units of which 1024 are one CPU (`cpus`)."),
    ("memory", "Memory limit of the Agent's service in MiB (`mem_limit`)."),
    ("memory_reservation", "Memory reservation of the Agent's service in MiB (`mem_reservation`)."),
    (
        "secrets",
        "Further variables of the Agent's service whose value is taken from the machine: name to the name of the variable there. Those of the provider's `agent` block, which name secrets of AWS, are left out here.",
    ),
    (
        "seeding",
        "How the configuration volume gets its content: `init_copy` (the default), a service that copies the image's own directory at every start; or `image_volumes`, without that service. Docker then fills the volume from the image while it is new, so the volume is called after the image's tag or digest, and another image fills another one. That of an older image stays until `docker volume rm`.",
    ),
    (
        "config_files",
        "Further files of the Agent's configuration: path below `/etc/datadog-agent` to content, as in `{ \"conf.d/redisdb.d/conf.yaml\" = file(\"redis.yaml\") }`. The service that copies the configuration writes them over the image's own before the Agent starts. The contents are part of the document, so a secret belongs elsewhere. A `datadog.yaml` takes the place of the image's `datadog-docker.yaml`. Merged by path with those of the provider's `agent` block.",
    ),
    ("stop_timeout", "Seconds between the stop signal and the kill (`stop_grace_period`)."),
    (
        "wait_until_healthy",
        "Whether the services of the application start only when the Agent is healthy. Defaults to `false`.",
    ),
    ("container_name", "Name of the Agent's service. Defaults to `datadog-agent`."),
    ("init_container_name", "Name of the service that copies the configuration. Defaults to `datadog-init`."),
];

/// The same inside of blocks; without an attribute it is the block itself.
const BLOCKS_ON_COMPOSE: [(&str, &str, &str); 13] = [
    ("health_check", "", "Health check of the Agent's service. Defaults to the Agent's `agent health`."),
    ("health_check", "interval", "Seconds between two checks."),
    ("health_check", "timeout", "Seconds that one check may take."),
    ("health_check", "retries", "Failures in a row before the service is unhealthy."),
    ("health_check", "start_period", "Seconds after the start in which failures do not count."),
    (
        "restart_policy",
        "",
        "Whether Docker starts the Agent again by itself, which it does by default (`restart`).",
    ),
    ("restart_policy", "enabled", "Whether restarts are on: `unless-stopped`, or `no`."),
    ("restart_policy", "ignored_exit_codes", "Of ECS, and an error here."),
    ("restart_policy", "restart_attempt_period", "Of ECS, and an error here."),
    (
        "log_configuration",
        "",
        "Where the output of the added services themselves goes (`logging`). A configuration of the provider's `agent` block with `awslogs` or `awsfirelens` is left out here.",
    ),
    (
        "log_configuration",
        "log_driver",
        "Log driver of Docker, such as `json-file`, `local`, `journald` or `syslog`.",
    ),
    ("log_configuration", "options", "Options of the driver, such as `max-size`."),
    ("log_configuration", "secret_options", "Of ECS, and an error here."),
];

/// Takes a setting out.
fn take(settings: &mut Value, setting: &str) {
    let Value::Map(attributes) = settings else { return };
    match setting.split_once('.') {
        None => {
            attributes.remove(setting);
        }
        Some((block, inside)) => match attributes.get_mut(block) {
            Some(Value::List(blocks)) => blocks.iter_mut().for_each(|block| take(block, inside)),
            Some(block) => take(block, inside),
            None => {}
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        let mut names: Vec<String> =
            schema::attributes().into_iter().map(|attribute| attribute.name).collect();
        for block in schema::blocks() {
            names.push(format!("{}.", block.name));
            names.extend(
                block.block.attributes.iter().map(|attribute| format!("{}.{}", block.name, attribute.name)),
            );
        }
        names
    }

    #[test]
    fn what_is_said_of_a_setting_is_said_of_one_that_there_is() {
        let names = names();
        let foreign = NOT_OF_ECS.iter().chain(&NOT_OF_COMPOSE).map(|foreign| foreign.setting.to_owned());
        let blocks = BLOCKS_ON_COMPOSE.iter().map(|(block, name, _)| format!("{block}.{name}"));
        let here = HERE_ON_COMPOSE.iter().map(|(name, _)| (*name).to_owned());
        let fleet = OF_ECS_IN_THE_FLEET.iter().map(|name| (*name).to_owned());
        for name in foreign.chain(blocks).chain(here).chain(fleet) {
            assert!(names.contains(&name), "{name}");
        }
    }

    #[test]
    fn nothing_of_ecs_alone_is_described_for_compose() {
        let attributes = Target::Compose.attributes().into_iter().map(|one| (one.name, one.description));
        let blocks = Target::Compose.blocks().into_iter().flat_map(|block| {
            let own = (block.name.clone(), block.block.description.clone());
            let inside = block
                .block
                .attributes
                .into_iter()
                .map(move |one| (format!("{}.{}", block.name, one.name), one.description));
            std::iter::once(own).chain(inside).collect::<Vec<_>>()
        });
        for (name, description) in attributes.chain(blocks) {
            let is_told = description.starts_with("Of ECS, and an error here.");
            for word in ["ECS", "Fargate", "ARN", "awslogs-"] {
                assert!(is_told || !description.contains(word), "{name}: {description}");
            }
        }
    }
}
