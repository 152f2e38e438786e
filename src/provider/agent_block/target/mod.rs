//! For which platform settings are read, and which of them are another one's.
//!
//! The provider's `agent` block is for all platforms, so what a platform has no use for is left out of it. The same written
//! for this very document is an error: whoever writes it believes that it does something.

mod compose;
mod docker;
mod kubernetes;
mod nomad;

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
    /// Docker alone.
    Docker,
    /// HashiCorp Nomad.
    Nomad,
    /// Kubernetes.
    Kubernetes,
}

/// What tells a platform's settings from ECS's, in which they are declared.
struct Platform {
    target: Target,
    /// The settings that say where the API key comes from, the usual one first.
    api_keys: &'static [(&'static str, Store)],
    /// Whether the Agent has a health check where nobody writes one.
    checks_health: bool,
    /// The settings that it has not.
    foreign: &'static [Foreign],
    /// What the provider's block may say for ECS in settings that this platform has too.
    of_ecs_in_the_fleet: &'static [&'static str],
    /// What attributes mean here, where that is something else.
    here: &'static [(&'static str, &'static str)],
    /// The same inside blocks, in parts that platforms may share.
    blocks: &'static [&'static [InBlock]],
}

/// A block, an attribute of it or nothing for the block itself, and what that means here.
type InBlock = (&'static str, &'static str, &'static str);

/// Where Docker's engine keeps what containers print.
const LOGS_OF_DOCKER: [InBlock; 3] = [
    (
        "log_configuration",
        "log_driver",
        "Log driver of Docker, such as `json-file`, `local`, `journald` or `syslog`.",
    ),
    ("log_configuration", "options", "Options of the driver, such as `max-size`."),
    ("log_configuration", "secret_options", "Of ECS, and an error here."),
];

/// Health checks and restarts of Docker's engine.
const LIFE_ON_DOCKER: [InBlock; 5] = [
    ("health_check", "interval", "Seconds between two checks."),
    ("health_check", "timeout", "Seconds that one check may take."),
    ("restart_policy", "enabled", "Whether restarts are on: `unless-stopped`, or `no`."),
    ("restart_policy", "ignored_exit_codes", "Of ECS, and an error here."),
    ("restart_policy", "restart_attempt_period", "Of ECS, and an error here."),
];

const ECS: Platform = Platform {
    target: Target::Ecs,
    api_keys: &[("api_key_secret_arn", Store::Secrets), ("api_key_parameter_arn", Store::Parameters)],
    checks_health: true,
    foreign: &NOT_OF_ECS,
    of_ecs_in_the_fleet: &[],
    here: &[],
    blocks: &[],
};

/// A setting of another platform, dotted inside a block, and what there is here in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foreign {
    pub(super) setting: &'static str,
    pub(super) here: &'static str,
}

const NOT_OF_ECS: [Foreign; 3] = [
    Foreign {
        setting: "api_key_environment",
        here: "ECS fetches the key itself. Write api_key_secret_arn or api_key_parameter_arn.",
    },
    Foreign {
        setting: "api_key_secret",
        here: "ECS fetches the key itself. Write api_key_secret_arn or api_key_parameter_arn.",
    },
    Foreign {
        setting: "api_key_file",
        here: "ECS fetches the key itself. Write api_key_secret_arn or api_key_parameter_arn.",
    },
];

/// Log drivers that write to AWS with what only a task has.
const LOG_DRIVERS_OF_ECS: [&str; 2] = ["awslogs", "awsfirelens"];

impl Target {
    /// All of them.
    pub(in crate::provider) const ALL: [Target; 5] =
        [Target::Ecs, Target::Compose, Target::Kubernetes, Target::Nomad, Target::Docker];

    fn platform(self) -> &'static Platform {
        match self {
            Target::Ecs => &ECS,
            Target::Compose => &compose::COMPOSE,
            Target::Docker => &docker::DOCKER,
            Target::Nomad => &nomad::NOMAD,
            Target::Kubernetes => &kubernetes::KUBERNETES,
        }
    }

    /// The settings that say where the API key comes from, the usual one first.
    pub(super) fn api_keys(self) -> &'static [(&'static str, Store)] {
        self.platform().api_keys
    }

    /// Whether the Agent has a health check where nobody writes one: not where it needs what only some have.
    pub(super) fn checks_health_by_itself(self) -> bool {
        self.platform().checks_health
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
        self.platform().foreign
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
        for setting in self.platform().of_ecs_in_the_fleet {
            take(&mut fleet, setting);
        }
        if self.has_another_form_of_key(fleet.get("api_key_secret")) {
            take(&mut fleet, "api_key_secret");
        }
        if self != Target::Ecs {
            let driver = fleet.block("log_configuration").get("log_driver").as_str().unwrap_or_default();
            if LOG_DRIVERS_OF_ECS.contains(&driver) {
                take(&mut fleet, "log_configuration");
            }
        }
        fleet
    }

    /// Whether the provider's `api_key_secret` is for the other platform that has it as a text: Nomad's is a path, and no name of a
    /// Compose secret has a slash.
    fn has_another_form_of_key(self, secret: &Value) -> bool {
        secret.as_str().is_some_and(|text| match self {
            Target::Compose => text.contains('/'),
            Target::Nomad => !text.contains('/'),
            _ => false,
        })
    }

    /// The attributes of the Agent's settings as they are here.
    pub(in crate::provider) fn attributes(self) -> Vec<Attribute> {
        let mut attributes = schema::attributes();
        let platform = self.platform();
        if platform.target == Target::Ecs {
            return attributes;
        }
        for attribute in &mut attributes {
            let foreign = platform.foreign.iter().find(|foreign| foreign.setting == attribute.name);
            let here = platform.here.iter().find(|(name, _)| *name == attribute.name);
            if let Some((_, here)) = here {
                (*here).clone_into(&mut attribute.description);
            } else if let Some(foreign) = foreign {
                let of_another = ECS.foreign.iter().any(|other| other.setting == foreign.setting);
                let whose = if of_another { "another platform" } else { "ECS" };
                attribute.description = format!("Of {whose}, and an error here. {}", foreign.here);
            }
        }
        attributes
    }

    /// The nested blocks of the Agent's settings as they are here.
    pub(in crate::provider) fn blocks(self) -> Vec<NestedBlock> {
        let mut blocks = schema::blocks();
        let describe = |description: &mut String, block: &str, attribute: &str| {
            let mut here = self.platform().blocks.iter().copied().flatten();
            if let Some((_, _, here)) = here.find(|(of, name, _)| *of == block && *name == attribute) {
                (*here).clone_into(description);
            }
        };
        for block in &mut blocks {
            describe(&mut block.block.description, &block.name, "");
            for attribute in &mut block.block.attributes {
                describe(&mut attribute.description, &block.name, &attribute.name);
            }
        }
        blocks
    }
}

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
            names.push(block.name.clone());
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
        let platforms = || Target::ALL.into_iter().map(Target::platform);
        let foreign = platforms().flat_map(|one| one.foreign).map(|foreign| foreign.setting.to_owned());
        let blocks = platforms()
            .flat_map(|one| one.blocks)
            .copied()
            .flatten()
            .map(|(block, name, _)| format!("{block}.{name}"));
        let here = platforms().flat_map(|one| one.here).map(|(name, _)| (*name).to_owned());
        let fleet = platforms().flat_map(|one| one.of_ecs_in_the_fleet).map(|name| (*name).to_owned());
        for name in foreign.chain(blocks).chain(here).chain(fleet) {
            assert!(names.contains(&name), "{name}");
        }
    }

    #[test]
    fn every_place_of_a_key_is_one_of_the_platform_or_an_error_there() {
        let keys: Vec<_> = names().into_iter().filter(|name| name.starts_with("api_key_")).collect();
        assert!(keys.len() >= 5, "{keys:?}");
        for target in Target::ALL {
            let own = |key: &String| target.api_keys().iter().any(|(own, _)| own == key);
            let foreign = |key: &String| target.foreign().iter().any(|foreign| foreign.setting == key);
            for key in &keys {
                assert!(own(key) != foreign(key), "{target:?} {key}");
            }
        }
    }

    #[test]
    fn nothing_of_ecs_alone_is_described_for_another_platform() {
        for target in Target::ALL.into_iter().filter(|target| *target != Target::Ecs) {
            let attributes = target.attributes().into_iter().map(|one| (one.name, one.description));
            let blocks = target.blocks().into_iter().flat_map(|block| {
                let own = (block.name.clone(), block.block.description.clone());
                let inside = block
                    .block
                    .attributes
                    .into_iter()
                    .map(move |one| (format!("{}.{}", block.name, one.name), one.description));
                std::iter::once(own).chain(inside).collect::<Vec<_>>()
            });
            for (name, description) in attributes.chain(blocks) {
                let is_told = description.contains(", and an error here.");
                for word in ["ECS", "Fargate", "ARN", "awslogs-"] {
                    assert!(is_told || !description.contains(word), "{target:?} {name}: {description}");
                }
            }
        }
    }
}
