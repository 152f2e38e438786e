//! Numbers of arbitrary precision, as Terraform has them.

use std::fmt;

/// A decimal number. Whole numbers in `i64` are held as such, everything else as normalized decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr {
    Integer(i64),
    Decimal(String),
}

impl Number {
    /// The number as `i64`, where it is whole and in range.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(number) => Some(*number),
            Repr::Decimal(_) => None,
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Number(Repr::Integer(number))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(number) => write!(out, "{number}"),
            Repr::Decimal(text) => out.write_str(text),
        }
    }
}
