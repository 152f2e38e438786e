//! The user's own job of Nomad, with the Agent in one of its groups.
//!
//! [`join`] says what to change in a job so that a group has the tasks of the Agent, its other tasks are wired to it and, where that
//! is asked for, have read-only roots. All else stays as it is written, expressions and comments included. What is there already is
//! kept, and told where the pattern says otherwise. To join what came out of it changes nothing.
//!
//! Does not judge the job; that is the rules' business.

mod collision;
mod task;
mod unfit;

#[cfg(test)]
mod tests;

use super::Joining;
use crate::document::{Change, Node, Object, Path};
use crate::nomad::{Form, NoJob, Part, job, named};
use crate::render::Unwritable;
use crate::render::nomad as words;
use crate::rofs::image_reference::Image;

pub use collision::{Collision, CollisionKind};
use task::Draft;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Joined {
    /// What to change, in this order.
    pub changes: Vec<Change>,
    /// What stands in the way. The changes are not what was meant then.
    pub collisions: Vec<Collision>,
    /// What the user's tasks say otherwise, and keep: sentences without values.
    pub kept: Vec<String>,
    /// The tasks that nothing can be asked of, with the reason.
    pub left: Vec<String>,
}

/// Puts the Agent into a group of the user's job: the only one where none is named.
pub fn join(document: &Node, joining: &Joining<'_>, group: Option<&str>) -> Result<Joined, Unwritable> {
    let sidecars = words::tasks(joining.workload)?;
    let mut join = Join { joining, joined: Joined::default() };
    match job(document) {
        Ok(job) => {
            if let Some(group) = join.group(&job, group) {
                let unfit = unfit::unfit(&job, &group, joining.settings.stop_timeout);
                unfit.into_iter().for_each(|(place, kind)| join.collide(None, place, kind));
                join.tasks(&job, &group, &sidecars);
            }
        }
        Err(NoJob::Something) => join.collide(None, Path::default(), CollisionKind::NotAJob),
        Err(NoJob::Several) => join.collide(None, Path::default(), CollisionKind::SeveralJobs),
    }
    Ok(join.joined)
}

struct Join<'a> {
    joining: &'a Joining<'a>,
    joined: Joined,
}

impl Join<'_> {
    fn collide(&mut self, task: Option<&str>, path: Path, kind: CollisionKind) {
        self.joined.collisions.push(Collision { task: task.map(str::to_owned), path, kind });
    }

    /// The group that the Agent is added to.
    fn group<'n>(&mut self, job: &Part<'n>, named: Option<&str>) -> Option<Part<'n>> {
        let (groups, are_all) = job.parts("group");
        let names: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
        let mut found = groups.into_iter().filter(|group| named.is_none_or(|name| name == group.name));
        let kind = match (found.next(), found.next(), named) {
            (Some(group), None, _) if named.is_some() || are_all => return Some(group),
            (Some(_), _, Some(name)) => CollisionKind::GroupTwice { name: name.to_owned() },
            (Some(_), _, None) => CollisionKind::SeveralGroups { names },
            (None, _, Some(name)) => CollisionKind::NoSuchGroup { name: name.to_owned(), names },
            (None, _, None) => CollisionKind::NoGroup,
        };
        let place = if named.is_some() { Path::default() } else { job.place_of("group") };
        self.collide(None, place, kind);
        None
    }

    fn tasks(&mut self, job: &Part<'_>, group: &Part<'_>, sidecars: &[Node]) {
        let (tasks, are_all) = group.parts("task");
        if !are_all {
            // One of them may be the Agent, or have its name.
            return self.collide(None, group.place_of("task"), CollisionKind::TasksNotKnown);
        }
        let ours: Vec<(String, Node)> =
            sidecars.iter().filter_map(|sidecar| self.sidecar(job, group, sidecar)).collect();
        let is_ours = |name: &str| ours.iter().any(|(own, _)| own == name);
        for task in tasks.iter().filter(|task| !is_ours(&task.name)) {
            self.application(task);
        }
        self.names_that_nobody_has(&tasks, &ours);
        self.network(group, tasks.iter().any(|task| !is_ours(&task.name)));
        let mut added = 0;
        for (name, sidecar) in &ours {
            match tasks.iter().find(|task| task.name == *name) {
                None => {
                    self.joined
                        .changes
                        .push(Change::Set(group.place_of_next("task", added), sidecar.clone()));
                    added += 1;
                }
                Some(there) if is_same(there, sidecar) => {}
                Some(there) => {
                    let is_the_agent = *name == self.joining.settings.container_name;
                    let setting = if is_the_agent { "container_name" } else { "init_container_name" };
                    self.collide(Some(name), there.place.clone(), CollisionKind::TaskName { setting });
                }
            }
        }
    }

    /// A task of the Agent as it is in this group and in this form, with its name.
    fn sidecar(&self, job: &Part<'_>, group: &Part<'_>, sidecar: &Node) -> Option<(String, Node)> {
        let Node::Object(labelled) = sidecar else { return None };
        let (name, inside) = labelled.iter().next()?;
        let Node::Object(mut inside) = inside.clone() else { return None };
        if group.has("vault") || job.has("vault") {
            // A task without a block of its own has that one.
            inside.remove("vault");
        }
        let ends = ["batch", "sysbatch"].iter().any(|one| job.get("type").as_str() == Some(one));
        if ends && inside.get("lifecycle").is_none() {
            // As one of the main tasks it would keep the allocation from ever being complete.
            let lifecycle = Node::from([("hook", "poststart".into()), ("sidecar", true.into())]);
            inside.insert("lifecycle".to_owned(), vec![lifecycle].into());
        }
        let sidecar = Node::Object(Object::from_iter([(name.clone(), Node::Object(inside))]));
        match group.form() {
            Form::Hcl => Some((name.clone(), sidecar)),
            Form::Api => Some((name.clone(), named("task", &sidecar)?)),
        }
    }

    /// A task of the user's.
    fn application(&mut self, task: &Part<'_>) {
        let (config, _) = task.block("config");
        let is_agent = |image: &Node| {
            image.as_str().and_then(Image::parse).is_some_and(|image| image.is_datadog_agent())
        };
        if is_agent(config.get("image")) && !self.joining.settings.says_that_none_is_there() {
            return self.collide(Some(&task.name), task.place.clone(), CollisionKind::SecondAgent);
        }
        let mut draft = Draft::new(task, &mut self.joined);
        let is_wired = self.joining.wire && draft.is_beside_the_agent();
        let paths = self.joining.writable_paths.get(&task.name).map_or(&[][..], Vec::as_slice);
        let is_asked = is_wired || self.joining.read_only || !paths.is_empty();
        if !is_asked || !draft.has_containers() {
            return;
        }
        if is_wired {
            draft.wire(&self.joining.workload.wiring);
        }
        if self.joining.read_only {
            draft.make_read_only();
        }
        draft.make_writable(paths, self.joining.tmpfs_size);
    }

    fn names_that_nobody_has(&mut self, tasks: &[Part<'_>], ours: &[(String, Node)]) {
        let known: Vec<String> = tasks
            .iter()
            .map(|task| task.name.clone())
            .filter(|name| ours.iter().all(|(own, _)| own != name))
            .collect();
        for name in self.joining.writable_paths.keys().filter(|name| !known.contains(name)) {
            self.collide(Some(name), Path::default(), CollisionKind::NoSuchTask { known: known.clone() });
        }
    }

    /// Without sockets the tasks need a network that they share.
    fn network(&mut self, group: &Part<'_>, has_others: bool) {
        if !self.joining.wire || !has_others || !words::calls_over_the_network(&self.joining.workload.wiring)
        {
            return;
        }
        let (network, place) = group.block("network");
        let key = if group.form() == Form::Hcl { "mode" } else { "Mode" };
        let is_shared = |mode: &str| mode == "bridge" || mode.starts_with("cni/");
        let mode = network.get(key);
        if !mode.is_unknown() && !mode.as_str().is_some_and(is_shared) {
            self.collide(None, place, CollisionKind::NoSharedNetwork { group: group.name.clone() });
        }
    }
}

/// Whether a task of the document is the one that would be added.
fn is_same(there: &Part<'_>, sidecar: &Node) -> bool {
    match there.form() {
        Form::Hcl => sidecar.get(&there.name) == there.node,
        Form::Api => sidecar == there.node,
    }
}
