//! Tests that need nothing but cargo.

mod document;
