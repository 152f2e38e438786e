//! Which settings somebody wrote, and how near to the task. Every other is a default of the pattern, which yields to what
//! is there.

use std::collections::BTreeSet;

/// Names of the settings that somebody wrote, dotted inside a block: `cpu`, `health_check`, `health_check.interval`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    here: BTreeSet<String>,
    shared: BTreeSet<String>,
}

impl Written {
    /// Notes that a setting is written for this task.
    pub fn add_here(&mut self, setting: impl Into<String>) {
        self.here.insert(setting.into());
    }

    /// Notes that a setting is written for all tasks.
    pub fn add_shared(&mut self, setting: impl Into<String>) {
        self.shared.insert(setting.into());
    }

    /// Whether a setting is written for this task.
    pub fn is_here(&self, setting: &str) -> bool {
        self.here.contains(setting)
    }

    /// Whether a setting is written, for this task or for all.
    pub fn is_anywhere(&self, setting: &str) -> bool {
        self.is_here(setting) || self.shared.contains(setting)
    }

    /// Whether a setting is written for all tasks and this one has another that is to win over it: it is no mistake that
    /// the two do not go together.
    pub fn is_overridden_by(&self, shared: &str, here: &str) -> bool {
        !self.is_here(shared) && self.shared.contains(shared) && self.is_here(here)
    }
}
