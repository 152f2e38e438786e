//! docgen.
