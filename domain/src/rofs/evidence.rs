//! How a fact is vouched for.

/// Where a fact was seen, when, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The source: a service's answer, a document, a release.
    pub source: &'static str,
    /// When it was seen, as `YYYY-MM` or `YYYY-MM-DD`.
    pub seen: &'static str,
    /// How sure it is.
    pub status: Status,
}

/// How sure a fact is. What is only believed is a warning at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The source was read or the behaviour was run.
    Verified,
    /// Inferred.
    Believed,
}
