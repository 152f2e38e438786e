//! Where a task runs, as far as its Agent is concerned: the pattern's own runs on Fargate only.

use super::draft::Draft;
use super::log::Place;
use super::{ChangeKind, CollisionKind};
use crate::document::Node;
use crate::rofs::platform::LaunchType;
use crate::rofs::settings::Settings;

/// The key that names where a task may run.
const COMPATIBILITIES: &str = "requiresCompatibilities";

/// Where a task runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Launch {
    /// What an Agent in it has to be made for.
    pub(super) launch_type: LaunchType,
    /// What the settings say.
    asked: LaunchType,
    /// Whether the task says it itself.
    is_named: bool,
    /// What the task names beside Fargate.
    besides: Vec<String>,
}

impl Launch {
    /// What the task names decides. Where it names nothing, where that is not known yet, and between several, the settings do.
    pub(super) fn of(around: &Node, settings: &Settings) -> Self {
        let compatibilities = around.get(COMPATIBILITIES);
        let named: Vec<&str> = compatibilities.items().iter().filter_map(Node::as_str).collect();
        let asked = settings.platform.launch_type().unwrap_or_default();
        let fargate = LaunchType::Fargate;
        let is_asked_for = named.contains(&asked.name());
        let is_named =
            !named.is_empty() && (compatibilities.is_wholly_known() || named.contains(&fargate.name()));
        let launch_type = match is_named && !is_asked_for {
            true if named.contains(&fargate.name()) => fargate,
            true => named.iter().find_map(|name| LaunchType::named(name)).unwrap_or(asked),
            false => asked,
        };
        let besides = named.into_iter().filter(|name| *name != fargate.name()).map(str::to_owned);
        Self { launch_type, asked, is_named, besides: besides.collect() }
    }

    /// Whether no Agent can be added. Says so.
    pub(super) fn refuses(&self, draft: &mut Draft<'_>) -> bool {
        if self.launch_type == LaunchType::Fargate && self.asked == LaunchType::Fargate {
            return false;
        }
        let is_setting = self.asked != LaunchType::Fargate;
        let launch_type = if is_setting { self.asked } else { self.launch_type };
        draft.log.collision(
            &Place::nowhere(),
            COMPATIBILITIES,
            CollisionKind::LaunchType { launch_type, is_setting },
        );
        true
    }

    /// Says where the Agent does not work although the task may be started there.
    pub(super) fn warn(&self, draft: &mut Draft<'_>) {
        if self.is_named && self.launch_type == LaunchType::Fargate && !self.besides.is_empty() {
            draft.log.change(
                &Place::nowhere(),
                COMPATIBILITIES,
                ChangeKind::FargateOnly(self.besides.clone()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::tests::node;

    fn launch(compatibilities: serde_json::Value, asked: LaunchType) -> LaunchType {
        let around = Node::from([(COMPATIBILITIES, node(compatibilities))]);
        Launch::of(&around, &Settings::default().on(asked)).launch_type
    }

    #[test]
    fn the_task_decides_and_where_it_leaves_it_open_the_settings_do() {
        use LaunchType::{Ec2, External, Fargate, ManagedInstances};
        for (compatibilities, asked, expected) in [
            (serde_json::json!(null), Fargate, Fargate),
            (serde_json::json!([]), Ec2, Ec2),
            (serde_json::json!("?"), Fargate, Fargate),
            (serde_json::json!(["?"]), Ec2, Ec2),
            (serde_json::json!(["FARGATE"]), Fargate, Fargate),
            (serde_json::json!(["FARGATE"]), Ec2, Fargate),
            (serde_json::json!(["FARGATE", "?"]), Fargate, Fargate),
            (serde_json::json!(["EC2"]), Fargate, Ec2),
            (serde_json::json!(["EXTERNAL"]), Fargate, External),
            (serde_json::json!(["MANAGED_INSTANCES"]), Ec2, ManagedInstances),
            (serde_json::json!(["EC2", "FARGATE"]), Fargate, Fargate),
            (serde_json::json!(["EC2", "FARGATE"]), Ec2, Ec2),
        ] {
            assert_eq!(launch(compatibilities.clone(), asked), expected, "{compatibilities} {asked:?}");
        }
    }
}
