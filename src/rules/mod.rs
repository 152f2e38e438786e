//! THE CATALOGUE: what can be wrong in a task definition. One rule a file; file name = rule name = page anchor.
//!
//! Pure: a rule sees documents and the pattern, never Terraform or AWS.

mod finding;
mod rule;

pub use finding::{Finding, Severity};
pub use rule::{Answer, Evidence, Example, Platform, Rule, Status, Subject};
