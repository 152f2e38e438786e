//! ECS in documents: the shapes of task definitions as data, every form in which they are written, the canonical form in
//! which equal meaning is equal text, units, and the difference.
//!
//! Knows neither Terraform nor AWS nor the rules.

mod arn;
pub mod canonical;
mod coerce;
pub mod difference;
pub mod input;
mod intrinsic;
mod keeping;
mod places;
#[cfg(test)]
pub(crate) mod sample;
pub mod shapes;
pub mod units;

pub use arn::Arn;
pub use canonical::{canonical, canonicalize, digest, sha256, sha256_of};
pub use difference::{Difference, DifferenceKind, differences};
pub use input::{
    Form, InputProblem, LeftOut, Note, NoteKind, Reading, TextProblem, leave_out_unset, read, read_text,
    read_to_write, read_value,
};
pub use intrinsic::{intrinsic, is_no_value};
pub use keeping::ContainerKeys;
pub use places::{Places, Wrapping};
