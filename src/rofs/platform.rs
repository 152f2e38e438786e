//! The platforms: what tells them apart for the Agent's image, and what they call things in sentences about settings.
//!
//! The only file of the pattern that names one.

use super::seed::Sentinel;
use super::settings::{Settings, Store};

/// Where a workload runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Amazon ECS.
    Ecs(LaunchType),
}

/// On what ECS starts a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaunchType {
    /// AWS Fargate.
    Fargate,
    /// EC2 instances of the user.
    Ec2,
    /// Machines outside of AWS.
    External,
    /// EC2 instances that ECS manages.
    ManagedInstances,
}

/// Marks a task on Fargate. The start script tests that it is not empty, telemetry that it is exactly `true`.
pub const ECS_FARGATE: &str = "ECS_FARGATE";

/// How sentences about settings name what a platform has.
#[derive(Debug)]
pub struct Words {
    /// The setting that names the API key in each store, the usual one first.
    pub api_keys: &'static [(Store, &'static str)],
    /// What to write where no API key is named.
    pub api_key_lines: &'static str,
    /// What is wrong with a key where its reference belongs, in a few words.
    pub key_in_place: &'static str,
    /// Where a key is stored and how it is referred to.
    pub key_is_stored: &'static str,
    /// What to do with a key that stands in plain text.
    pub key_is_moved: &'static str,
    /// What an entry of `secrets` holds.
    pub secret: &'static str,
    /// Who can read what stands in plain text.
    pub readers: &'static str,
}

impl Default for Platform {
    /// Where there is no host that somebody could put an Agent on.
    fn default() -> Self {
        Platform::Ecs(LaunchType::Fargate)
    }
}

impl Words {
    /// The setting that names an API key of this store, or the usual one.
    pub fn api_key(&self, store: Option<Store>) -> &'static str {
        let named = self.api_keys.iter().find(|(of, _)| store.is_none_or(|store| store == *of));
        named.or(self.api_keys.first()).map_or("", |(_, setting)| setting)
    }
}

impl Platform {
    /// The variables by which the image's start scripts and the Agent know the platform, with the setting each follows from.
    pub fn markers(self) -> &'static [Marker] {
        match self {
            Platform::Ecs(LaunchType::Fargate) => &[MARKER_OF_FARGATE],
            Platform::Ecs(_) => &[],
        }
    }

    /// What it needs in the configuration directory. Each accepts what a custom image may have put in the place of the
    /// stock file.
    pub fn sentinels(self) -> &'static [Sentinel] {
        match self {
            Platform::Ecs(LaunchType::Fargate) => &[
                // 50-ecs.sh links datadog.yaml to datadog-ecs.yaml unless datadog.yaml exists.
                Sentinel {
                    any_of: &["datadog-ecs.yaml", "datadog.yaml"],
                    without: "the Agent has no ECS listener",
                },
                // The only thing that enables the check on Fargate (datadog-agent issue 15127).
                Sentinel {
                    any_of: &["conf.d/ecs_fargate.d/conf.yaml.default", "conf.d/ecs_fargate.d/conf.yaml"],
                    without: "no ecs.fargate metrics are collected",
                },
            ],
            // The scripts that link and remove files look for Fargate. What an Agent needs elsewhere, the image's directory
            // has for every platform.
            Platform::Ecs(LaunchType::Ec2 | LaunchType::External | LaunchType::ManagedInstances) => &[],
        }
    }

    /// How sentences about settings name what it has.
    pub fn words(self) -> &'static Words {
        match self {
            Platform::Ecs(_) => &ECS,
        }
    }

    /// On what ECS starts the task.
    pub fn launch_type(self) -> LaunchType {
        match self {
            Platform::Ecs(launch_type) => launch_type,
        }
    }
}

/// A variable that marks a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// Its name.
    pub variable: &'static str,
    /// The one value that every part of the Agent understands.
    pub value: &'static str,
    /// The setting it follows from.
    pub setting: &'static str,
    /// What another value leads to.
    pub otherwise: &'static str,
}

const MARKER_OF_FARGATE: Marker = Marker {
    variable: ECS_FARGATE,
    value: "true",
    setting: "launch_type",
    otherwise: "the image's start scripts test whether it is set at all and other parts whether it is exactly `true`, so any \
                other value gives an Agent that believes both",
};

/// The variable of this name where it marks a platform, whichever the workload is for.
pub fn marker(variable: &str) -> Option<&'static Marker> {
    [&MARKER_OF_FARGATE].into_iter().find(|marker| marker.variable == variable)
}

const ECS: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret_arn"), (Store::Parameters, "api_key_parameter_arn")],
    api_key_lines: "Write api_key_secret_arn = \"arn:aws:secretsmanager:...\" or api_key_parameter_arn = \"arn:aws:ssm:...\", \
                    here or in the provider's `agent` block.",
    key_in_place: "API key in place of its ARN",
    key_is_stored: "Store a new key in Secrets Manager or Parameter Store and write its ARN.",
    key_is_moved: "Remove it, store the key in Secrets Manager or Parameter Store and write api_key_secret_arn or \
                   api_key_parameter_arn.",
    secret: "the ARN of where it is stored",
    readers: "Everybody who may describe the task definition",
};

impl LaunchType {
    /// All of them, by the names that ECS has for them (RegisterTaskDefinition's requiresCompatibilities, read 2026-11).
    pub const NAMED: [(&'static str, LaunchType); 4] = [
        ("FARGATE", LaunchType::Fargate),
        ("EC2", LaunchType::Ec2),
        ("EXTERNAL", LaunchType::External),
        ("MANAGED_INSTANCES", LaunchType::ManagedInstances),
    ];

    /// The one that ECS calls so.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(named, _)| *named == name).map(|(_, launch_type)| launch_type)
    }

    /// ECS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            LaunchType::Fargate => "FARGATE",
            LaunchType::Ec2 => "EC2",
            LaunchType::External => "EXTERNAL",
            LaunchType::ManagedInstances => "MANAGED_INSTANCES",
        }
    }
}

impl Settings {
    /// These settings for a task that ECS starts so.
    #[must_use]
    pub fn on(self, launch_type: LaunchType) -> Self {
        Self { platform: Platform::Ecs(launch_type), ..self }
    }
}
