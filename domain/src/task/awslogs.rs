//! What a container says about the log driver that sends to CloudWatch Logs.

use super::Container;
use crate::document::Node;

impl<'a> Container<'a> {
    /// The options of its log configuration where the log driver is awslogs, and none for another driver. `None` if the
    /// driver is not known yet.
    pub(crate) fn awslogs(&self) -> Option<Option<&'a Node>> {
        let log = self.get("logConfiguration");
        match log.get("logDriver") {
            Node::Unknown => None,
            driver => Some((driver.as_str() == Some("awslogs")).then(|| log.get("options"))),
        }
    }

    /// Whether its log driver is known to be awslogs.
    pub(crate) fn logs_with_awslogs(&self) -> bool {
        self.get("logConfiguration").get("logDriver").as_str() == Some("awslogs")
    }
}
