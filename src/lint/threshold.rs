//! Which findings end a run with status 1.

use crate::rules::Severity;

/// The least severity that does; none where none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Threshold(pub(super) Option<Severity>);

impl Default for Threshold {
    fn default() -> Self {
        Self(Some(Severity::Error))
    }
}

/// A word that is no threshold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fail_on is \"{0}\". Write error, warning, note or never.")]
pub(super) struct NoThreshold(String);

impl Threshold {
    /// The words for it.
    pub(super) const WORDS: [&'static str; 4] = ["error", "warning", "note", "never"];

    /// The threshold of that word.
    pub(super) fn parse(word: &str) -> Result<Self, NoThreshold> {
        Ok(Self(match word {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "note" => Some(Severity::Note),
            "never" => None,
            other => return Err(NoThreshold(other.to_owned())),
        }))
    }

    /// Whether a finding of that severity counts.
    pub(super) fn counts(self, severity: Severity) -> bool {
        self.0.is_some_and(|least| severity <= least)
    }
}
