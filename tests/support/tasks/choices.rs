//! Decisions read from bytes, one byte each.

#![allow(dead_code, reason = "every user of this module uses another part of it")]

/// What is left of the bytes.
pub(crate) struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    /// Decisions for as long as there are bytes; the first possibility ever after.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first)
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.byte() % end
    }

    /// Yes, once in so many times; no when nothing is left.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.byte() % times == times - 1
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// The bytes that no decision has taken yet.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.bytes
    }
}
