//! Why a value could not be encoded or decoded, and where in it. Never repeats the value itself: it may be a secret.

use super::{AttributePath, PathStep};
use std::fmt;

/// A value that does not fit its type or its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodecError {
    /// Innermost step first, because the path becomes known on the way out.
    steps: Vec<PathStep>,
    problem: String,
}

impl CodecError {
    /// A problem at the place that is being worked on.
    pub fn new(problem: impl Into<String>) -> Self {
        Self { steps: Vec::new(), problem: problem.into() }
    }

    /// The same problem seen from one level further out.
    pub fn within(mut self, step: PathStep) -> Self {
        self.steps.push(step);
        self
    }

    /// What is wrong, without the place.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Where it is, from the root of the value.
    pub fn path(&self) -> AttributePath {
        AttributePath(self.steps.iter().rev().cloned().collect())
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return out.write_str(&self.problem);
        }
        write!(out, "{}: {}", self.path(), self.problem)
    }
}

impl std::error::Error for CodecError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_told_from_the_root() {
        let error = CodecError::new("a string is required")
            .within(PathStep::Attribute("image".into()))
            .within(PathStep::Index(1))
            .within(PathStep::Attribute("container".into()));
        assert_eq!(error.to_string(), "container[1].image: a string is required");
    }
}
