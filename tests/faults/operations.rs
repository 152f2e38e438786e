//! The commands that are disturbed: what is there before, what is asked for, and what has to be there in the end.

use std::fmt::Write as _;

use crate::fleet;
use crate::harness::local_ecs::LocalEcs;
use crate::harness::{Backend, REGION, REQUIRED_PROVIDER, Workspace};

/// How many task definitions, or services, every command is about.
pub(crate) const SERVICES: usize = 20;

/// The operation of ECS that is disturbed, in the command that needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// In a create.
    Register,
    /// In an update.
    RegisterAgain,
    /// In the refresh of an update.
    Describe,
    /// In a destroy after an update.
    Deregister,
    /// In an update of tags alone.
    Tag,
    /// UpdateService, in a rollout.
    Move,
    /// UpdateService, in a rollout that deploys everything again.
    MoveAgain,
    /// DescribeServices, in a rollout.
    LookAtServices,
    /// What tells of service deployments, in a rollout.
    LookAtDeployments,
}

/// A state of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) image: &'static str,
    pub(crate) tags: &'static [(&'static str, &'static str)],
}

const FIRST: Version = Version { image: "nginx:1.27.0", tags: &[("stage", "prod"), ("team", "one")] };
const SECOND: Version = Version { image: "nginx:1.27.1", ..FIRST };
const RETAGGED: Version = Version { tags: &[("cost", "7"), ("team", "two")], ..FIRST };

impl Operation {
    pub(crate) const ALL: [Self; 9] = [
        Self::Register,
        Self::RegisterAgain,
        Self::Describe,
        Self::Deregister,
        Self::Tag,
        Self::Move,
        Self::MoveAgain,
        Self::LookAtServices,
        Self::LookAtDeployments,
    ];

    /// Whether it is one of a rollout.
    pub(crate) fn is_of_a_rollout(self) -> bool {
        matches!(self, Self::Move | Self::MoveAgain | Self::LookAtServices | Self::LookAtDeployments)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Register => "Register",
            Self::RegisterAgain => "Register (update)",
            Self::Describe => "Describe",
            Self::Deregister => "Deregister",
            Self::Tag => "Tag",
            Self::Move => "UpdateService",
            Self::MoveAgain => "UpdateService (forced)",
            Self::LookAtServices => "DescribeServices",
            Self::LookAtDeployments => "service deployments",
        }
    }

    /// What is disturbed at the endpoint.
    pub(crate) fn calls(self) -> &'static [&'static str] {
        match self {
            Self::Register | Self::RegisterAgain => &["RegisterTaskDefinition"],
            Self::Describe => &["DescribeTaskDefinition", "ListTaskDefinitions"],
            Self::Deregister => &["DeregisterTaskDefinition"],
            Self::Tag => &["TagResource", "UntagResource"],
            Self::Move | Self::MoveAgain => &["UpdateService"],
            Self::LookAtServices => &["DescribeServices"],
            Self::LookAtDeployments => {
                &["ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceRevisions"]
            }
        }
    }

    /// What was applied before, in order.
    fn before(self) -> &'static [Version] {
        match self {
            Self::Register => &[],
            Self::RegisterAgain | Self::Describe | Self::Tag => &[FIRST],
            Self::Deregister => &[FIRST, SECOND],
            Self::Move | Self::MoveAgain | Self::LookAtServices | Self::LookAtDeployments => &[],
        }
    }

    /// What has to be there in the end; nothing after a destroy, and of a rollout's services its own room knows.
    pub(crate) fn wanted(self) -> Option<Version> {
        match self {
            Self::Register => Some(FIRST),
            Self::RegisterAgain | Self::Describe => Some(SECOND),
            Self::Deregister
            | Self::Move
            | Self::MoveAgain
            | Self::LookAtServices
            | Self::LookAtDeployments => None,
            Self::Tag => Some(RETAGGED),
        }
    }

    /// How many revisions a family has in the end, whatever their status, if none was registered twice.
    pub(crate) fn registrations(self) -> usize {
        match self {
            Self::Register | Self::Tag => 1,
            Self::RegisterAgain | Self::Describe | Self::Deregister => 2,
            Self::Move | Self::MoveAgain | Self::LookAtServices | Self::LookAtDeployments => 0,
        }
    }

    /// Brings about what is there before the command, and writes the configuration that it is given.
    pub(crate) fn prepare(self, workspace: &Workspace, server: &LocalEcs) {
        if self.is_of_a_rollout() {
            return fleet::prepare(workspace, server, self);
        }
        for version in self.before() {
            write(workspace, server, *version);
            workspace.apply().success();
        }
        if let Some(version) = self.wanted() {
            write(workspace, server, version);
        }
    }

    pub(crate) fn arguments(self) -> [&'static str; 3] {
        let command = if self == Self::Deregister { "destroy" } else { "apply" };
        [command, "-input=false", "-auto-approve"]
    }
}

/// The endpoint of a workspace.
pub(crate) fn endpoint(place: &Backend) -> &LocalEcs {
    match place {
        Backend::Local(server) => server,
        Backend::Moto(_) => unreachable!("only the local endpoint can be disturbed"),
    }
}

/// The families of the configuration.
pub(crate) fn families() -> impl Iterator<Item = String> {
    (0..SERVICES).map(|number| format!("service-{number:02}"))
}

/// The address of a family's resource.
pub(crate) fn address(family: &str) -> String {
    format!("ddrofs_ecs_task_definition.{family}")
}

fn write(workspace: &Workspace, server: &LocalEcs, version: Version) {
    let url = server.url();
    let mut text = format!(
        "{REQUIRED_PROVIDER}\nprovider \"ddrofs\" {{\n  region = \"{REGION}\"\n  endpoints {{\n    ecs = \"{url}\"\n    sts = \
         \"{url}\"\n  }}\n}}\n"
    );
    let tags: String = version.tags.iter().map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
    for family in families() {
        write!(
            text,
            r#"
resource "ddrofs_ecs_task_definition" "{family}" {{
  family = "{family}"
  container_definitions = jsonencode([{{
    name = "app", image = "{image}", memory = 128, readonlyRootFilesystem = true
  }}])
  tags = {{
{tags}  }}
}}
"#,
            image = version.image,
        )
        .expect("a text can be written to");
    }
    workspace.write("main.tf", &text);
}
