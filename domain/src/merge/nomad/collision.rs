//! What stands in the way of putting the Agent into a job of Nomad.

use std::fmt;

use crate::document::Path;
use crate::ecs::shapes::nearest;

/// Something of the user's in the pattern's place, or something asked for that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The task it is about.
    pub task: Option<String>,
    /// Where in the user's job; empty for what was asked for beside it.
    pub path: Path,
    /// What it is.
    pub kind: CollisionKind,
}

/// Kinds of collisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollisionKind {
    /// There is no job in it.
    NotAJob,
    /// There are several jobs in it.
    SeveralJobs,
    /// A job without a group.
    NoGroup,
    /// Several groups, of which none is named.
    SeveralGroups {
        /// Their names.
        names: Vec<String>,
    },
    /// No group of that name.
    NoSuchGroup {
        /// The name.
        name: String,
        /// Those that there are.
        names: Vec<String>,
    },
    /// Two groups of that name.
    GroupTwice {
        /// The name.
        name: String,
    },
    /// An expression makes tasks.
    TasksNotKnown,
    /// A task has the name of one of the Agent's and is another one.
    TaskName {
        /// The setting that names the Agent's.
        setting: &'static str,
    },
    /// A task that has the Agent's image.
    SecondAgent,
    /// Something else is mounted where the Agent's sockets have to be.
    SocketsCovered {
        /// The path.
        at: String,
    },
    /// The tasks share no network.
    NoSharedNetwork {
        /// The group.
        group: String,
    },
    /// The group runs on Windows alone.
    ForWindows {
        /// The group.
        group: String,
    },
    /// The tasks of the group have no network.
    NoNetwork {
        /// The group.
        group: String,
    },
    /// The group's disk is too small for the logs of one more task.
    DiskForLogs {
        /// The group.
        group: String,
        /// How many MiB it has.
        size: i64,
        /// How many it has to have.
        least: i64,
    },
    /// The Agent may take longer to end than a deployment of the group may take.
    Deadline {
        /// The group.
        group: String,
        /// How long the Agent may take.
        seconds: i64,
        /// How long the deployment may take, in seconds.
        deadline: i64,
    },
    /// A list that an expression makes, or no list.
    NotAList,
    /// A mapping that an expression makes, or no mapping.
    NotAMapping,
    /// No task of that name.
    NoSuchTask {
        /// Those that there are.
        known: Vec<String>,
    },
    /// A path that cannot be made writable.
    NotAWritablePath {
        /// The path.
        path: String,
        /// Why.
        why: &'static str,
    },
    /// A size of tmpfs that is none.
    TmpfsSize,
}

impl Collision {
    /// What is wrong, in a few words.
    pub fn summary(&self) -> &'static str {
        match self.kind {
            CollisionKind::NotAJob => "Not a job of Nomad",
            CollisionKind::SeveralJobs => "Several jobs",
            CollisionKind::NoGroup
            | CollisionKind::SeveralGroups { .. }
            | CollisionKind::NoSuchGroup { .. }
            | CollisionKind::GroupTwice { .. } => "Group is not clear",
            CollisionKind::TasksNotKnown | CollisionKind::NotAList | CollisionKind::NotAMapping => {
                "Expression in the way"
            }
            CollisionKind::TaskName { .. } => "Name of a task is taken",
            CollisionKind::SecondAgent => "Two Agents",
            CollisionKind::SocketsCovered { .. } => "Sockets cannot be mounted",
            CollisionKind::NoSharedNetwork { .. } => "No network that the tasks share",
            CollisionKind::ForWindows { .. } => "The Agent's pattern is for Linux",
            CollisionKind::NoNetwork { .. } => "No network for the Agent",
            CollisionKind::DiskForLogs { .. } => "Disk of the group is too small",
            CollisionKind::Deadline { .. } => "Agent may take too long to end",
            CollisionKind::NoSuchTask { .. } => "No such task",
            CollisionKind::NotAWritablePath { .. } => "Path cannot be made writable",
            CollisionKind::TmpfsSize => "Not a size of tmpfs",
        }
    }

    /// Whether it is about what was asked for beside the job.
    pub fn is_in_what_was_asked_for(&self) -> bool {
        matches!(
            self.kind,
            CollisionKind::NoSuchTask { .. }
                | CollisionKind::NotAWritablePath { .. }
                | CollisionKind::TmpfsSize
        )
    }
}

impl fmt::Display for Collision {
    /// What is where, and how to resolve it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = self.task.as_deref().unwrap_or_default();
        match &self.kind {
            CollisionKind::NotAJob => write!(
                out,
                "`job` has to be a job of Nomad: the text of a file with a block `job \"name\" {{ ... }}`, or the JSON of the HTTP \
                 API with `Job`, as text or as an HCL value:\n\n  job = file(\"${{path.module}}/shop.nomad.hcl\")"
            ),
            CollisionKind::SeveralJobs => {
                write!(out, "A file of Nomad has one job. Give each job to a data source of its own.")
            }
            CollisionKind::NoGroup => write!(
                out,
                "The job has no `group` that is written as a block of its own. A task that stands in the job itself has \
                 no neighbours: put it into a group, and the Agent is added to that."
            ),
            CollisionKind::SeveralGroups { names } => write!(
                out,
                "The job has several groups ({}), and each runs by itself. Name the one that the Agent is added to; the result can be \
                 given in again for the next one:\n\n  group = \"{}\"",
                names.join(", "),
                names.first().map_or("", String::as_str)
            ),
            CollisionKind::NoSuchGroup { name, names } => {
                write!(out, "`group` names {}, and the job has no group of that name.", name.escape_debug())?;
                match nearest(name, names.iter().map(String::as_str)) {
                    Some(meant) => write!(out, " Did you mean {meant}?"),
                    None if names.is_empty() => write!(
                        out,
                        " It has none that is written as a block of its own, and the names of those that an expression makes are \
                         not known here."
                    ),
                    None => write!(out, " It has {}.", names.join(", ")),
                }
            }
            CollisionKind::GroupTwice { name } => {
                write!(out, "The job has more than one group {}. Rename one of them.", name.escape_debug())
            }
            CollisionKind::TasksNotKnown => write!(
                out,
                "An expression makes tasks of the group, so that nobody here knows their names. Write each task as a block of its own."
            ),
            CollisionKind::TaskName { setting } => write!(
                out,
                "Task {task} has the name of one that is added for the Agent, and is another one. Rename it, or name the added one \
                 differently:\n\n  {setting} = \"{task}-2\""
            ),
            CollisionKind::SecondAgent => write!(
                out,
                "Task {task} has an image of the Datadog Agent, and one is added: both would open the same sockets. Remove the task, \
                 its init task too where it has one. If it is no Agent that listens, write:\n\n  existing_container = \"\""
            ),
            CollisionKind::SocketsCovered { at } => write!(
                out,
                "Task {task} mounts something of its own at {at}, where the Agent's sockets have to be. Mount it elsewhere, or write \
                 application {{ wire = false }}."
            ),
            CollisionKind::NoSharedNetwork { group } => write!(
                out,
                "Without sockets the tasks of group {group} reach the Agent over a network that they share, and the group has none. \
                 Leave apm.socket and dogstatsd.socket on, or write network {{ mode = \"bridge\" }} in the group."
            ),
            CollisionKind::ForWindows { group } => write!(
                out,
                "A constraint lets group {group} run on Windows alone, where there is no read-only root filesystem, and the Agent that \
                 is added is one for Linux. Name another group, or remove the constraint."
            ),
            CollisionKind::NoNetwork { group } => write!(
                out,
                "Group {group} has network {{ mode = \"none\" }}, so that the Agent in it could send nothing to Datadog. Write \
                 mode = \"bridge\"."
            ),
            CollisionKind::DiskForLogs { group, size, least } => write!(
                out,
                "ephemeral_disk of group {group} has {size} MB. The logs of each task that is added may have {}, and Nomad refuses a \
                 job in which that is not less than the disk:\n\n  ephemeral_disk {{\n    size = {least}\n  }}",
                least - 1
            ),
            CollisionKind::Deadline { group, seconds, deadline } => write!(
                out,
                "The Agent has {seconds} seconds to end, and progress_deadline of group {group} is {deadline} seconds. Nomad refuses a \
                 job in which a task may take longer than that. Write stop_timeout = {deadline}, or a longer progress_deadline in \
                 update."
            ),
            CollisionKind::NotAList => write!(
                out,
                "{} of task {task} is an expression, so that nothing can be added to it. Write it as a list.",
                self.path
            ),
            CollisionKind::NotAMapping => write!(
                out,
                "{} of task {task} is an expression, so that nothing can be added to it. Write it as a block.",
                self.path
            ),
            CollisionKind::NoSuchTask { known } => {
                write!(out, "writable_paths names task {task}, and the group has none of that name.")?;
                match nearest(task, known.iter().map(String::as_str)) {
                    Some(meant) => write!(out, " Did you mean {meant}?"),
                    None => write!(out, " Write the name of one of its tasks."),
                }
            }
            CollisionKind::NotAWritablePath { path, why } => {
                write!(out, "`{}` of task {task} {why}.", path.escape_debug())
            }
            CollisionKind::TmpfsSize => write!(out, "tmpfs_size has to be 1 or more MiB."),
        }
    }
}
