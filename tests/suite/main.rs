//! Everything that can be checked with cargo alone.

mod plugin;
mod protocol;
