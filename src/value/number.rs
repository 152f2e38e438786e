//! Numbers of arbitrary precision, as Terraform has them.

use std::fmt;
use std::str::FromStr;

/// Decimal exponents beyond this are refused: nobody writes them, and Terraform itself could not hold them.
const LARGEST_EXPONENT: i64 = 100_000;

/// Numbers with at most this many zeros before or behind their digits are written out; others get an exponent.
const LONGEST_RUN_OF_ZEROS: i64 = 400;

/// A decimal number. Whole numbers in `i64` are held as such, everything else as normalized decimal text, so that
/// equal numbers are equal values however they were written: `1`, `1.0` and `10e-1` are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr {
    Integer(i64),
    Decimal(String),
}

/// The text is not a decimal number, or it is out of range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number, or out of range")]
pub struct NotANumber;

impl Number {
    /// The number as `i64`, where it is whole and in range.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(number) => Some(*number),
            Repr::Decimal(_) => None,
        }
    }

    /// The number as `f64`, where nothing is lost by it.
    pub fn as_f64(&self) -> Option<f64> {
        let nearest: f64 = self.to_string().parse().ok()?;
        (Number::from_f64(nearest).as_ref() == Some(self)).then_some(nearest)
    }

    /// Exactly the number that the `f64` holds: all 55 digits for the one nearest to 0.1. `None` for infinities and
    /// for what is no number.
    pub fn from_f64(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        if number.fract() == 0.0 && number.abs() < 9e15 {
            return Some(Number(Repr::Integer(number as i64)));
        }
        format!("{number:.*}", fraction_digits(number)).parse().ok()
    }
}

/// How many digits behind the point the exact decimal text of the number has: as many as its lowest set bit stands
/// behind the binary point.
fn fraction_digits(number: f64) -> usize {
    const MANTISSA_BITS: i32 = 52;
    const BIAS: i32 = 1075;
    let bits = number.to_bits();
    let mantissa = bits & ((1 << MANTISSA_BITS) - 1);
    let biased_exponent = i32::try_from((bits >> MANTISSA_BITS) & 0x7ff).expect("eleven bits fit");
    let (mantissa, exponent) = match biased_exponent {
        0 => (mantissa, 1 - BIAS),
        normal => (mantissa | (1 << MANTISSA_BITS), normal - BIAS),
    };
    let lowest_bit = exponent + i32::try_from(mantissa.trailing_zeros()).expect("at most 64");
    usize::try_from(-lowest_bit).unwrap_or(0)
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        if let Ok(number) = text.parse::<i64>()
            && !text.starts_with('+')
        {
            return Ok(Number(Repr::Integer(number)));
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().map_err(|_| NotANumber)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(NotANumber);
        }
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0');
        let stripped = i64::try_from(digits.len() - significant.len()).map_err(|_| NotANumber)?;
        let fraction_length = i64::try_from(fraction.len()).map_err(|_| NotANumber)?;
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Number(Repr::Integer(0)));
        }
        if exponent.abs() > LARGEST_EXPONENT {
            return Err(NotANumber);
        }
        // The number is `significant` times ten to the power of `exponent`.
        let exponent = exponent - fraction_length + stripped;
        let text = spell(negative, significant, exponent);
        Ok(Number(text.parse().map_or(Repr::Decimal(text), Repr::Integer)))
    }
}

fn spell(negative: bool, significant: &str, exponent: i64) -> String {
    let sign = if negative { "-" } else { "" };
    let length = i64::try_from(significant.len()).expect("a text's length fits");
    let point = length + exponent;
    if (0..=LONGEST_RUN_OF_ZEROS).contains(&exponent) {
        let zeros = "0".repeat(usize::try_from(exponent).expect("just checked"));
        return format!("{sign}{significant}{zeros}");
    }
    if exponent < 0 && point > 0 {
        let (whole, fraction) = significant.split_at(usize::try_from(point).expect("just checked"));
        return format!("{sign}{whole}.{fraction}");
    }
    if exponent < 0 && -point <= LONGEST_RUN_OF_ZEROS {
        let zeros = "0".repeat(usize::try_from(-point).expect("just checked"));
        return format!("{sign}0.{zeros}{significant}");
    }
    format!("{sign}{significant}e{exponent}")
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Number(Repr::Integer(number))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Number(i64::try_from(number).map_or_else(|_| Repr::Decimal(number.to_string()), Repr::Integer))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap_or_else(|_| panic!("{text} is a number"))
    }

    #[test]
    fn numbers_written_differently_are_equal() {
        for text in ["1", "1.0", "1.000", "+1", "01", "10e-1", "0.1e1", "100E-2", "1e0", "1e+0"] {
            assert_eq!(number(text), Number::from(1_i64), "{text}");
        }
        for text in ["0", "-0", "0.0", "-0.000", "0e99", "0e-99", "0e999999999"] {
            assert_eq!(number(text), Number::from(0_i64), "{text}");
        }
        assert_eq!(number("0.1"), number("1e-1"));
        assert_eq!(number("18446744073709551615"), Number::from(u64::MAX));
        assert_eq!(number("1e20"), number("100000000000000000000"));
    }

    #[test]
    fn a_number_is_written_as_a_person_would() {
        for (text, written) in [
            ("0.10", "0.1"),
            ("-0.5", "-0.5"),
            ("123.4500", "123.45"),
            ("1e20", "100000000000000000000"),
            ("-12e-4", "-0.0012"),
            ("18446744073709551616", "18446744073709551616"),
            ("1e1000", "1e1000"),
            ("25e-1000", "25e-1000"),
            (".5", "0.5"),
            ("5.", "5"),
        ] {
            assert_eq!(number(text).to_string(), written, "{text}");
        }
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for text in [
            "",
            "-",
            "+",
            ".",
            "e5",
            "1e",
            "1.2.3",
            "0x10",
            "NaN",
            "inf",
            " 1",
            "1 ",
            "--1",
            "1e1e1",
            "1e999999999999",
            "١",
        ] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text:?}");
        }
    }

    #[test]
    fn the_edges_of_i64_are_whole_numbers() {
        assert_eq!(number("9223372036854775807").as_i64(), Some(i64::MAX));
        assert_eq!(number("-9223372036854775808").as_i64(), Some(i64::MIN));
        assert_eq!(number("9223372036854775808").as_i64(), None);
        assert_eq!(number("0.5").as_i64(), None);
    }

    #[test]
    fn a_float_is_taken_exactly() {
        assert_eq!(Number::from_f64(0.5), Some(number("0.5")));
        assert_eq!(Number::from_f64(-0.0), Some(Number::from(0_i64)));
        assert_eq!(Number::from_f64(3.0), Some(Number::from(3_i64)));
        assert_eq!(Number::from_f64(1e300).and_then(|number| number.as_f64()), Some(1e300));
        assert_eq!(Number::from_f64(5e-324).and_then(|number| number.as_f64()), Some(5e-324));
        assert_eq!(
            Number::from_f64(0.1).map(|number| number.to_string()).as_deref(),
            Some("0.1000000000000000055511151231257827021181583404541015625"),
        );
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(Number::from_f64(f64::INFINITY), None);
    }

    #[test]
    fn a_decimal_that_no_float_holds_exactly_is_not_a_float() {
        assert_eq!(number("0.1").as_f64(), None);
        assert_eq!(number("0.25").as_f64(), Some(0.25));
        assert_eq!(number("18446744073709551615").as_f64(), None);
        assert_eq!(number("1e400").as_f64(), None);
    }
}
