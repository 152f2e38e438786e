//! What a container says about the log driver that sends to CloudWatch Logs.

use super::Container;
use crate::document::Node;
use crate::rules::rule::Found;

impl<'a> Container<'a> {
    /// The options of its log configuration where the log driver is awslogs; undecided while the driver is not known
    /// yet.
    pub(crate) fn awslogs(&self, found: &mut Found) -> Option<&'a Node> {
        let log = self.get("logConfiguration");
        (found.text(log.get("logDriver"))? == "awslogs").then(|| log.get("options"))
    }

    /// Whether its log driver is known to be awslogs.
    pub(crate) fn logs_with_awslogs(&self) -> bool {
        self.get("logConfiguration").get("logDriver").as_str() == Some("awslogs")
    }
}
