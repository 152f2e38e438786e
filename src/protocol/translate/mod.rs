//! Between native types and generated ones, without deciding anything else.

pub(super) mod diagnostics;
pub(super) mod path;
pub(super) mod schema;
pub(super) mod value;
