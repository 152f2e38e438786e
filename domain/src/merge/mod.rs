//! THE APPLICATION: the user's own task definition, hardened without losing anything of it.
//!
//! [`harden`] makes root filesystems read-only, gives containers the paths they write to, puts the Agent beside them or
//! brings the one that is there up to the pattern, and wires the application to it. What the user wrote stays as it is and
//! where it is: a variable, label, mount or dependency that is already there is kept, what is missing is added behind it,
//! and what cannot be joined is a [`Collision`]. Each thing that was added, changed or kept is a [`Change`]. Hardening
//! twice is hardening once.
//!
//! With marks, hardening can be undone: each container says in a label what was added to it, and [`strip`] takes that out
//! again. There is no other memory than the document.
//!
//! Where a part is not known yet, so that nobody can say whether something is missing, the part's place is unknown in the
//! result. Does not judge the task; that is the rules' business.

mod added_dependencies;
mod agent;
mod agent_reuse;
mod agent_settings;
mod change;
mod collision;
pub mod compose;
mod draft;
mod harden;
mod joiner;
mod joining;
pub mod kubernetes;
mod launch;
mod log;
mod mark;
pub mod nomad;
mod own_sidecar;
mod read_only_root;
mod seen;
mod strip;
mod volumes;
mod wiring;
mod writable_paths;

pub use change::{Change, ChangeKind};
pub use collision::{Collision, CollisionKind};
pub use harden::{Hardened, Hardening, ReadOnlyRoot, harden};
pub use joining::Joining;
pub use mark::LABEL as MARK_LABEL;
pub use strip::{Stripped, strip};

#[cfg(test)]
mod tests;
