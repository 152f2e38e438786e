//! What follows without each part of what is rendered, a table for each platform.

pub(super) mod compose;
pub(super) mod ecs;

/// What follows without a part.
#[derive(Debug, Clone, Copy)]
pub(super) enum Consequence {
    /// Facts that come (`+`) and go (`-`).
    Shows(&'static [&'static str]),
    /// Nothing that a start shows, for a reason.
    None(&'static str),
}

/// Variants, all of them where there is none; the beginning of the part; what follows.
type Row = (&'static [&'static str], &'static str, Consequence);

/// The first row that fits decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table(&'static [Row]);

impl Table {
    /// What follows in a variant without a part.
    pub(super) fn consequence(self, variant: &str, part: &str) -> Option<Consequence> {
        self.first(variant, part).map(|row| self.0[row].2)
    }

    /// The row that decides.
    pub(super) fn first(self, variant: &str, part: &str) -> Option<usize> {
        self.0.iter().position(|(variants, beginning, _)| {
            (variants.is_empty() || variants.contains(&variant)) && part.starts_with(beginning)
        })
    }

    pub(super) fn count(self) -> usize {
        self.0.len()
    }

    pub(super) fn told(self, row: usize) -> String {
        format!("{:?} {}", self.0[row].0, self.0[row].1)
    }
}

const GUARD: Consequence =
    Consequence::None("speaks only where something is wrong with the image or the volume");
const SIZE: Consequence = Consequence::None("a sandbox has no limits of memory and time");
const DEFAULT: Consequence =
    Consequence::None("is the Agent's own default, said aloud: images before 7.57 have another");
