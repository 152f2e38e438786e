//! Who waits for whom: what `dependsOn`, `volumesFrom` and `links` say, and what ECS adds by itself for FireLens.
//!
//! Source of what ECS adds: `initializeContainerOrdering` and `addFirelensContainerDependency` of the ECS agent and its pull
//! requests 2145 and 2147 (2026-11).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Container, Network, TaskDefinition};
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
    /// That entry of its `volumesFrom` names it, whose container has to be there first.
    VolumesFrom(usize),
    /// That entry of its `links` names it, whose container has to run first.
    Link(usize),
    /// It logs through FireLens, whose router has to start first. ECS adds this wait where it is not written, but none at
    /// all in a task whose router waits for a container itself: what is in a circle then is what was meant, not what is.
    LogRouter,
}

/// How a container waits for the end of another, the strongest way last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// It does not.
    NotAwaited,
    /// Until it has ended, with whatever exit code.
    Complete,
    /// Until it has succeeded.
    Success,
}

impl Wait<'_> {
    /// Where it is written, or the log driver that brings it.
    pub(crate) fn place(&self) -> Path {
        match self.cause {
            Cause::Written(index) => self.container.path().key("dependsOn").index(index),
            Cause::VolumesFrom(index) => self.container.path().key("volumesFrom").index(index),
            Cause::Link(index) => self.container.path().key("links").index(index),
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

    /// How a container waits for the end of the one of that name, directly or through those that it waits for. `None` if
    /// not yet known, unless success is awaited for certain.
    pub(crate) fn awaits_end(&self, container: &Container<'_>, target: &str) -> Option<Ending> {
        let (ends, all_known) = self.awaited_ends(container);
        let strongest = ends.get(target).copied().unwrap_or(Ending::NotAwaited);
        (all_known || strongest == Ending::Success).then_some(strongest)
    }

    /// Names of the containers for whose end a container waits, directly or through those that it waits for, and how; and
    /// whether there are no others.
    pub(super) fn awaited_ends(&self, container: &Container<'_>) -> (BTreeMap<&'a str, Ending>, bool) {
        let mut ends = BTreeMap::new();
        let mut all_known = true;
        let mut seen = BTreeSet::from([container.index]);
        let mut waiting = Vec::from_iter(self.at(container.index));
        while let Some(container) = waiting.pop() {
            let dependencies = container.dependencies();
            all_known &= dependencies.are_wholly_known();
            for dependency in dependencies.known() {
                let Some(name) = dependency.awaited.as_str() else { continue };
                let ending = ending(dependency.condition);
                if ending > Ending::NotAwaited {
                    let strongest = ends.entry(name).or_insert(ending);
                    *strongest = ending.max(*strongest);
                }
                waiting.extend(self.named(name).filter(|next| seen.insert(next.index)));
            }
        }
        (ends, all_known)
    }

    /// Whether another container starts only when this one has ended, so that it does not run beside the others. `None` if
    /// not yet known.
    pub(crate) fn ends_before_another_starts(&self, container: &Container<'_>) -> Option<bool> {
        let (awaited, all_known) = self.awaited_to_end.get_or_init(|| self.read_awaited_to_end());
        match container.get("name") {
            Node::String(name) if awaited.contains(name.as_str()) => Some(true),
            Node::Unknown if !awaited.is_empty() => None,
            _ => all_known.then_some(false),
        }
    }

    fn read_awaited_to_end(&self) -> (BTreeSet<&'a str>, bool) {
        let mut awaited = BTreeSet::new();
        let mut all_known = self.containers_are_known;
        for container in &self.containers {
            all_known &= container.dependencies().are_wholly_known();
            for dependency in container.dependencies().known() {
                if ending(dependency.condition) > Ending::NotAwaited {
                    awaited.extend(dependency.awaited.as_str());
                }
            }
        }
        (awaited, all_known)
    }

    fn read_waits(&self) -> Waits<'a> {
        let mut waits = Waits { known: Vec::new(), complete: self.knows_all_names() };
        let router = self.log_router();
        for container in &self.containers {
            let own = waits.known.len();
            waits.add_written(self, container);
            waits.add_volumes_from(self, container);
            waits.add_links(self, container);
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

impl Container<'_> {
    /// Whether nothing is written that lets it wait for another container. `None` if not yet known.
    pub(crate) fn waits_for_nobody(&self) -> Option<bool> {
        let links = self.get("links");
        let no_links = (!links.is_unknown()).then(|| links.items().is_empty());
        Some(self.dependencies().are_none()? && self.volumes_from().are_none()? && no_links?)
    }
}

/// The name of the container in a link such as `db` or `db:database`.
pub(crate) fn linked(link: &str) -> &str {
    link.split(':').next().unwrap_or_default()
}

fn ending(condition: &Node) -> Ending {
    match condition.as_str() {
        Some("SUCCESS") => Ending::Success,
        Some("COMPLETE") => Ending::Complete,
        _ => Ending::NotAwaited,
    }
}

impl<'a> Waits<'a> {
    fn add_written(&mut self, task: &TaskDefinition<'a>, container: &Container<'a>) {
        let list = container.dependencies();
        self.complete &= list.are_complete();
        for dependency in list.known() {
            let name = dependency.awaited;
            self.complete &= !name.is_unknown();
            if let Some(awaited) = name.as_str().and_then(|name| task.named(name)) {
                let cause = Cause::Written(dependency.index);
                self.known.push(Wait { container: *container, awaited: *awaited, cause });
            }
        }
    }

    fn add_volumes_from(&mut self, task: &TaskDefinition<'a>, container: &Container<'a>) {
        let list = container.volumes_from();
        self.complete &= list.are_complete();
        for source in list.known() {
            self.complete &= !source.container.is_unknown();
            if let Some(awaited) = source.container.as_str().and_then(|name| task.named(name)) {
                let cause = Cause::VolumesFrom(source.index);
                self.known.push(Wait { container: *container, awaited: *awaited, cause });
            }
        }
    }

    /// In the network mode awsvpc there are no links.
    fn add_links(&mut self, task: &TaskDefinition<'a>, container: &Container<'a>) {
        let links = container.get("links");
        match task.network() {
            Some(Network::Awsvpc) => return,
            None => {
                self.complete &=
                    matches!(links, Node::Null) || matches!(links, Node::Array(items) if items.is_empty());
                return;
            }
            Some(_) => {}
        }
        self.complete &= links.is_wholly_known();
        for (index, link) in links.items().iter().enumerate() {
            if let Some(awaited) = link.as_str().and_then(|link| task.named(linked(link))) {
                let cause = Cause::Link(index);
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

    /// Every way along waits that are written, from a container to those that it has to wait for. A wait for the router
    /// is on no circle: ECS adds it only where the router itself waits for nobody.
    pub(crate) fn ways_from(&self, start: &Container<'a>) -> Ways<'a> {
        let mut came_from = BTreeMap::from([(start.index, *start)]);
        let mut open = vec![*start];
        while let Some(here) = open.pop() {
            for wait in &self.known[self.of(here.index)] {
                let next = wait.awaited;
                if matches!(wait.cause, Cause::Written(_)) && !came_from.contains_key(&next.index) {
                    came_from.insert(next.index, here);
                    open.push(next);
                }
            }
        }
        Ways { start: *start, came_from }
    }

    /// The waits of that container.
    fn of(&self, container: usize) -> Range<usize> {
        let start = self.known.partition_point(|wait| wait.container.index < container);
        let end = self.known.partition_point(|wait| wait.container.index <= container);
        start..end
    }
}

/// The ways from one container to those that it waits for.
pub(crate) struct Ways<'a> {
    start: Container<'a>,
    /// From which container each is reached.
    came_from: BTreeMap<usize, Container<'a>>,
}

impl<'a> Ways<'a> {
    /// The containers on the way to another one, both ends included.
    pub(crate) fn to(&self, end: &Container<'a>) -> Option<Vec<Container<'a>>> {
        let mut way = vec![*end];
        let mut here = end.index;
        self.came_from.get(&here)?;
        while here != self.start.index {
            let before = self.came_from.get(&here)?;
            way.push(*before);
            here = before.index;
        }
        way.reverse();
        Some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::super::tests::node;
    use super::*;

    /// The circles of a task definition, as the names of the containers that wait.
    fn circles(containers: &str) -> Vec<String> {
        let document =
            crate::document::parse(&format!(r#"{{"containerDefinitions": {containers}}}"#)).unwrap();
        let task = TaskDefinition::read(&Subject::of(&document));
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

    #[test]
    fn a_way_goes_along_what_is_written_and_not_over_the_router() {
        let document = node(&format!(
            r#"{{"containerDefinitions": [
                {{"name": "router", "firelensConfiguration": {{"type": "fluentbit"}}, "dependsOn": [{}]}},
                {{"name": "dd", "dependsOn": [{}], "logConfiguration": {{"logDriver": "awsfirelens"}}}},
                {{"name": "init"}}, {{"name": "app"}}]}}"#,
            r#"{"containerName": "app"}"#, r#"{"containerName": "init"}"#
        ));
        let task = TaskDefinition::read(&Subject::of(&document));
        let way = |from: &str, to: &str| {
            let ways = task.waits().ways_from(task.named(from).unwrap());
            let names =
                |way: Vec<Container<'_>>| way.iter().filter_map(|one| one.name).collect::<Vec<_>>().join(" ");
            ways.to(task.named(to).unwrap()).map(names)
        };
        assert_eq!(way("dd", "init").as_deref(), Some("dd init"));
        assert_eq!(way("router", "app").as_deref(), Some("router app"));
        assert_eq!(way("app", "app").as_deref(), Some("app"));
        assert_eq!(way("dd", "router"), None, "ECS adds no wait for a router that waits itself");
        assert_eq!(way("dd", "app"), None);
    }

    #[test]
    fn the_strongest_wait_for_an_end_counts_however_far_away_it_is() {
        let on = |name: &str, condition: &str| {
            format!(r#"{{"containerName": "{name}", "condition": "{condition}"}}"#)
        };
        let end = |waits: &str, of_gate: &str| {
            let document = node(&format!(
                r#"{{"containerDefinitions": [{{"name": "init"}}, {{"name": "gate", "dependsOn": [{of_gate}]}},
                    {{"name": "dd", "dependsOn": {waits}}}]}}"#
            ));
            let task = TaskDefinition::read(&Subject::of(&document));
            let init = task.named("init").unwrap();
            (task.awaits_end(task.named("dd").unwrap(), "init"), task.ends_before_another_starts(init))
        };
        let gate = format!("[{}]", on("gate", "START"));
        for (waits, of_gate, awaited, ends) in [
            ("[]".to_owned(), String::new(), Some(Ending::NotAwaited), Some(false)),
            (format!("[{}]", on("init", "START")), String::new(), Some(Ending::NotAwaited), Some(false)),
            (format!("[{}]", on("init", "SUCCESS")), String::new(), Some(Ending::Success), Some(true)),
            (gate.clone(), on("init", "COMPLETE"), Some(Ending::Complete), Some(true)),
            (gate, on("init", "SUCCESS"), Some(Ending::Success), Some(true)),
            ("\"<unknown>\"".to_owned(), String::new(), None, None),
            (format!("[\"<unknown>\", {}]", on("init", "COMPLETE")), String::new(), None, Some(true)),
            (
                format!("[\"<unknown>\", {}]", on("init", "SUCCESS")),
                String::new(),
                Some(Ending::Success),
                Some(true),
            ),
        ] {
            assert_eq!(end(&waits, &of_gate), (awaited, ends), "{waits} {of_gate}");
        }
    }
}
