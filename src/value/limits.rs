//! How much of a value is read before it is refused. Real values stay far below; what is beyond is an accident or an
//! attack and must not cost the process its stack or its memory.

/// Collections inside collections, dynamic values included.
pub(super) const DEEPEST_NESTING: usize = 200;

/// Values in one message, the collections themselves included.
pub(super) const MOST_VALUES: usize = 10_000_000;
