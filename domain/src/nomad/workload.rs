//! The groups of a job in the shape of task definitions, and the way back to the job for every place.
//!
//! Sources: client/allocrunner/tasklifecycle/coordinator.go and client/allocrunner of hashicorp/nomad (aa026cc, 2026-08), read 2026-11.

use std::collections::BTreeSet;

use super::filled::{Known, flag};
use super::job::{Form, Part, job};
use super::mount::{Declared, Mounts, declared};
use crate::document::{Node, Origins};
use crate::ordered::ordered;

/// Tasks for whose end others wait one by one; more of them nobody has, and nobody can say.
const MOST_WAITS: usize = 64;

/// What each group of a job says, in the shape of a task definition, and where each part of it is written. What runs when all else
/// has ended is for itself.
///
/// Of a driver that is not Docker's nothing is known, nor of what only Nomad or its client can evaluate. Groups for Windows are left
/// out: nothing that is asked of a workload is true of them. Beside the members that a task definition has, the tree has `job` and
/// `group`, a container has `nomadVariables`, the paths that its templates read, and a mount has `ofTheTask` where it is a directory of
/// the task alone, and `implied` where every task has it.
pub fn workloads(document: &Node) -> Vec<(Node, Origins)> {
    let unknown = || (Node::Unknown, Origins::new(|_| None));
    let Ok(job) = job(document) else {
        // What may be a job, once it is known.
        return if document.is_wholly_known() { Vec::new() } else { vec![unknown()] };
    };
    if is_for_windows(&[&job]) {
        return Vec::new();
    }
    let (groups, are_all) = job.parts("group");
    // A task that stands in the job itself is a group of its own.
    let (alone, are_all_alone) = if job.form() == Form::Hcl { job.parts("task") } else { (Vec::new(), true) };
    let mut workloads = Vec::new();
    for group in &groups {
        let (tasks, are_all) = group.parts("task");
        of_a_group(&job, group, &tasks, are_all, &mut workloads);
    }
    for task in alone {
        of_a_group(&job, &task.around(), std::slice::from_ref(&task), true, &mut workloads);
    }
    if !are_all || !are_all_alone {
        workloads.push(unknown());
    }
    workloads
}

fn of_a_group(
    job: &Part<'_>,
    group: &Part<'_>,
    tasks: &[Part<'_>],
    are_all: bool,
    workloads: &mut Vec<(Node, Origins)>,
) {
    if is_for_windows(&[group]) {
        return;
    }
    let (after, before): (Vec<&Part<'_>>, Vec<&Part<'_>>) =
        tasks.iter().partition(|task| stage(task) == Stage::AfterAll);
    workloads.push(Group::of(job, group, &before).workload(are_all));
    for task in after {
        workloads.push(Group::of(job, group, &[task]).workload(true));
    }
}

/// Whether what has these constraints is for Windows, as far as it says.
pub fn is_for_windows(parts: &[&Part<'_>]) -> bool {
    let constraints = parts.iter().flat_map(|part| part.each("constraint").0);
    let says = |key: &str, constraint: &Part<'_>, text: &str| constraint.get(key).as_str() == Some(text);
    let operator = |constraint: &Part<'_>| {
        let key = if constraint.form() == Form::Hcl { "operator" } else { "Operand" };
        let operator = constraint.node.get(key);
        operator.is_null() || ["", "=", "==", "is"].iter().any(|equal| operator.as_str() == Some(equal))
    };
    constraints
        .filter(|one| says("attribute", one, "${attr.kernel.name}") && operator(one))
        .any(|one| says("value", &one, "windows"))
}

/// When a task is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the others, which wait for its success.
    Before,
    /// Before the others, beside which it runs.
    Beside,
    Main,
    /// When the others have started.
    After,
    /// When the others have ended.
    AfterAll,
    /// Nobody can say.
    Unknown,
}

/// The stage of a task.
pub(super) fn stage(task: &Part<'_>) -> Stage {
    let lifecycle = task.one("lifecycle");
    if lifecycle.node.is_unknown() || task.get("lifecycle").is_unknown() {
        return Stage::Unknown;
    }
    match (lifecycle.get("hook"), flag(lifecycle.get("sidecar"))) {
        (Node::Null, _) => Stage::Main,
        (Node::String(hook), sidecar) => match hook.as_str() {
            "" => Stage::Main,
            "prestart" if sidecar.is_unknown() => Stage::Unknown,
            "prestart" if sidecar.as_bool() == Some(true) => Stage::Beside,
            "prestart" => Stage::Before,
            "poststart" => Stage::After,
            "poststop" => Stage::AfterAll,
            _ => Stage::Unknown,
        },
        _ => Stage::Unknown,
    }
}

/// A group that is being read.
pub(super) struct Group<'g, 'n> {
    job: &'g Part<'n>,
    pub(super) group: &'g Part<'n>,
    pub(super) tasks: &'g [&'g Part<'n>],
    /// Of each task.
    pub(super) stages: Vec<Stage>,
    pub(super) declared: Declared,
    /// Of each task, where its driver has containers.
    pub(super) mounts: Vec<Option<Mounts>>,
    /// All directories of the allocation that somebody mounts.
    pub(super) directories: BTreeSet<String>,
    pub(super) origins: Origins,
}

impl<'g, 'n> Group<'g, 'n> {
    fn of(job: &'g Part<'n>, group: &'g Part<'n>, tasks: &'g [&'g Part<'n>]) -> Self {
        let declared = declared(group);
        let stages = tasks.iter().map(|task| stage(task)).collect();
        let mounts: Vec<Option<Mounts>> = tasks
            .iter()
            .map(|task| {
                let (config, at) = task.block("config");
                let known = Known { group: &group.name, task: &task.name };
                has_containers(task).then(|| Mounts::of(task, (config, &at), &known, &declared))
            })
            .collect();
        let directories = ordered(mounts.iter().flatten().flat_map(|mounts| mounts.directories.clone()));
        let origins = Origins::new(|_| None);
        Self { job, group, tasks, stages, declared, mounts, directories, origins }
    }

    fn workload(mut self, are_all: bool) -> (Node, Origins) {
        let mut containers = Vec::new();
        for position in 0..self.tasks.len() {
            containers.push(self.container(position));
        }
        if !are_all {
            containers.push(Node::Unknown);
        }
        let name = self.job.get("id");
        let job = match (self.job.form(), name) {
            (Form::Hcl, Node::Null) | (Form::Api, _) => self.job.name.as_str().into(),
            (Form::Hcl, Node::String(id)) if !id.contains("${") => id.as_str().into(),
            (Form::Hcl, _) => Node::Unknown,
        };
        let volumes = self.volumes();
        let tree = Node::from([
            ("containerDefinitions", containers.into()),
            ("group", self.group.name.as_str().into()),
            ("job", job),
            ("networkMode", self.network()),
            ("volumes", volumes.into()),
        ]);
        (tree, self.origins)
    }

    /// Tasks of a group share its network where it has one of its own; else Docker gives each container one.
    fn network(&self) -> Node {
        if self.tasks.iter().any(|task| !task.block("config").0.get("network_mode").is_null()) {
            return Node::Unknown;
        }
        let (networks, are_all) = self.group.each("network");
        let Some(network) = networks.first() else {
            return if are_all { "bridge".into() } else { Node::Unknown };
        };
        match network.get("mode") {
            Node::String(mode) if mode == "bridge" || mode.starts_with("cni/") => "awsvpc".into(),
            Node::String(mode) if mode == "host" => "bridge".into(),
            Node::Null => "bridge".into(),
            _ => Node::Unknown,
        }
    }

    /// Who has got how far when the task starts: tasks of a stage wait for those of the stages before it.
    pub(super) fn waits(&self, position: usize) -> Node {
        let stage = self.stages[position];
        if matches!(stage, Stage::Before | Stage::Beside) {
            return Node::Null;
        }
        let mut waits = Vec::new();
        for (other, its) in self.stages.iter().enumerate().filter(|(other, _)| *other != position) {
            let condition: Node = match (its, stage) {
                (Stage::Unknown, _) | (_, Stage::Unknown) => return Node::Unknown,
                (Stage::Before, _) => "SUCCESS".into(),
                (Stage::Beside, _) | (Stage::Main, Stage::After) => "START".into(),
                _ => continue,
            };
            let name = self.tasks[other].name.as_str().into();
            waits.push(Node::from([("condition", condition), ("containerName", name)]));
        }
        if waits.len() > MOST_WAITS { Node::Unknown } else { list_of(waits) }
    }
}

/// Whether a task is one of the driver for Docker.
fn has_containers(task: &Part<'_>) -> bool {
    task.get("driver").as_str() == Some("docker")
}

/// A list, or nothing where it is empty.
pub(super) fn list_of(items: Vec<Node>) -> Node {
    if items.is_empty() { Node::Null } else { items.into() }
}
