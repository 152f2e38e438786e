//! Who waits for whom: what `dependsOn` says, and what ECS adds by itself for FireLens.
//!
//! Source of what ECS adds: `addFirelensContainerDependency` of the ECS agent and its pull requests 2145 and 2147
//! (2026-11).

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Container, TaskDefinition};
use crate::document::{Node, Path};

/// Circles that are looked for, at most: enough to show that order is missing everywhere, and a bound to what a hostile
/// document takes in memory.
const MOST_CIRCLES: usize = 20;

/// Every wait of a task definition, in the order of the containers that wait.
pub(crate) struct Waits<'a> {
    /// The waits that are known.
    known: Vec<Wait<'a>>,
    /// Whether there are no others.
    pub(crate) complete: bool,
}

/// A container waits for another one, or for itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wait<'a> {
    /// Who waits.
    pub(crate) container: Container<'a>,
    /// For whom.
    pub(crate) awaited: Container<'a>,
    /// Why.
    pub(crate) cause: Cause,
}

/// Why a container waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// That entry of its `dependsOn` says so.
    Written(usize),
    /// It logs through FireLens, whose router has to start first. ECS adds this wait where it is not written, but none at
    /// all in a task whose router waits for a container itself.
    LogRouter,
}

impl Wait<'_> {
    /// Where it is written, or the log driver that brings it.
    pub(crate) fn place(&self) -> Path {
        match self.cause {
            Cause::Written(index) => self.container.path().key("dependsOn").index(index),
            Cause::LogRouter => self.container.path().key("logConfiguration").key("logDriver"),
        }
    }
}

impl<'a> TaskDefinition<'a> {
    /// Who waits for whom.
    pub(crate) fn waits(&self) -> &Waits<'a> {
        self.waits.get_or_init(|| self.read_waits())
    }

    /// The FireLens router: as for ECS, the last container with a FireLens configuration.
    pub(crate) fn log_router(&self) -> Option<&Container<'a>> {
        self.containers
            .iter()
            .rfind(|container| matches!(container.get("firelensConfiguration"), Node::Object(_)))
    }

    fn read_waits(&self) -> Waits<'a> {
        let mut waits = Waits { known: Vec::new(), complete: self.knows_all_names() };
        let router = self.log_router();
        for container in &self.containers {
            let own = waits.known.len();
            waits.add_written(self, container);
            waits.complete &= !container.get("firelensConfiguration").is_unknown();
            let Some(router) = router.filter(|router| router.index != container.index) else { continue };
            let driver = container.get("logConfiguration").get("logDriver");
            waits.complete &= !driver.is_unknown();
            let is_written = waits.known[own..].iter().any(|wait| wait.awaited.index == router.index);
            if driver.as_str() == Some(Container::FIRELENS) && !is_written {
                waits.known.push(Wait { container: *container, awaited: *router, cause: Cause::LogRouter });
            }
        }
        waits
    }
}

impl<'a> Waits<'a> {
    fn add_written(&mut self, task: &TaskDefinition<'a>, container: &Container<'a>) {
        let list = container.get("dependsOn");
        self.complete &= !list.is_unknown();
        for (index, dependency) in list.items().iter().enumerate() {
            let name = dependency.get("containerName");
            self.complete &= !name.is_unknown();
            if let Some(awaited) = name.as_str().and_then(|name| task.named(name)) {
                let cause = Cause::Written(index);
                self.known.push(Wait { container: *container, awaited: *awaited, cause });
            }
        }
    }

    /// The circles in which containers wait for each other, each as its waits in order. Taking out the last wait of each
    /// leaves no circle, unless there are more than [`MOST_CIRCLES`].
    pub(crate) fn circles(&self) -> Vec<Vec<Wait<'a>>> {
        let mut circles = Vec::new();
        let mut finished = BTreeSet::new();
        for wait in &self.known {
            // The containers from the first to the one that is being looked at, each with its waits still to follow.
            let mut walked = vec![(wait.container.index, self.of(wait.container.index))];
            while let Some((container, open)) = walked.last_mut() {
                if finished.contains(container) {
                    walked.pop();
                    continue;
                }
                let Some(next) = open.next() else {
                    finished.insert(*container);
                    continue;
                };
                let awaited = self.known[next].awaited.index;
                match walked.iter().position(|(container, _)| *container == awaited) {
                    Some(start) => {
                        let followed = walked[start..].iter().map(|(_, open)| self.known[open.start - 1]);
                        circles.push(followed.collect());
                        if circles.len() == MOST_CIRCLES {
                            return circles;
                        }
                    }
                    None => walked.push((awaited, self.of(awaited))),
                }
            }
        }
        circles
    }

    /// The waits of that container.
    fn of(&self, container: usize) -> Range<usize> {
        let start = self.known.partition_point(|wait| wait.container.index < container);
        let end = self.known.partition_point(|wait| wait.container.index <= container);
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Subject;

    /// The circles of a task definition, as the names of the containers that wait.
    fn circles(containers: &str) -> Vec<String> {
        let document =
            crate::document::parse(&format!(r#"{{"containerDefinitions": {containers}}}"#)).unwrap();
        let task = TaskDefinition::read(&Subject { document: &document, agent: None });
        let circles = task.waits().circles();
        assert!(task.waits().complete);
        let names = |circle: &Vec<Wait<'_>>| {
            circle.iter().map(|wait| wait.container.name.unwrap_or("?")).collect::<Vec<_>>().join(" ")
        };
        circles.iter().map(names).collect()
    }

    /// Containers `a`, `b` and so on, each with the names that it waits for.
    fn chain(waits: &[&str]) -> String {
        let containers = ('a'..).zip(waits).map(|(name, waits)| {
            let waits: Vec<_> =
                waits.chars().map(|awaited| format!(r#"{{"containerName": "{awaited}"}}"#)).collect();
            format!(r#"{{"name": "{name}", "dependsOn": [{}]}}"#, waits.join(","))
        });
        format!("[{}]", containers.collect::<Vec<_>>().join(","))
    }

    #[test]
    fn every_circle_is_found_once() {
        assert_eq!(circles(&chain(&["bc", "d", "d", ""])), [""; 0]);
        assert_eq!(circles(&chain(&["b", "c", "b"])), ["b c"]);
        assert_eq!(circles(&chain(&["b", "ac", "d", "c"])), ["a b", "c d"]);
        assert_eq!(circles(&chain(&["a", "x"])), ["a"]);
        assert_eq!(circles(&chain(&["b", "c", "ab"])), ["a b c", "b c"]);
    }

    #[test]
    fn circles_without_end_are_not_all_collected() {
        let everybody = "abcdefghij";
        assert_eq!(circles(&chain(&[everybody; 10])).len(), MOST_CIRCLES);
    }

    #[test]
    fn a_container_that_logs_through_firelens_waits_for_the_router() {
        let router = r#"{"name": "router", "firelensConfiguration": {"type": "fluentbit"},
            "dependsOn": [{"containerName": "init"}], "logConfiguration": {"logDriver": "awsfirelens"}}"#;
        let init = r#"{"name": "init", "logConfiguration": {"logDriver": "awsfirelens"}}"#;
        let other = r#"{"name": "init", "logConfiguration": {"logDriver": "awslogs"}}"#;
        assert_eq!(circles(&format!("[{router}, {init}]")), ["router init"]);
        assert_eq!(circles(&format!("[{router}, {other}]")), [""; 0]);
        let written = init.replace("\"logC", "\"dependsOn\": [{\"containerName\": \"router\"}], \"logC");
        assert_eq!(circles(&format!("[{router}, {written}]")), ["router init"]);
    }
}
