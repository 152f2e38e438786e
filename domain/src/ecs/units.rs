//! The spellings of CPU and memory: plain numbers, `1 vCPU`, `3 GB`.
//!
//! ECS takes them in task definitions and gives plain numbers back (CPU units and MiB), so that they have to be read
//! before anything is compared. Source: the task definition parameters of the Amazon ECS developer guide (2026-11).

use crate::document::Node;

/// Why a text is no amount of CPU or memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitProblem {
    /// Nothing of the kind.
    #[error("not an amount of CPU: write CPU units such as \"256\" or \"0.25 vCPU\"")]
    NotCpu,
    /// Nothing of the kind.
    #[error("not an amount of memory: write MiB such as \"512\" or \"0.5 GB\"")]
    NotMemory,
    /// A unit that ECS does not know.
    #[error("ECS knows no unit but GB for memory: write the number of MiB alone, or GB")]
    MemoryUnit,
    /// Less than one CPU unit is left over.
    #[error("not a whole number of CPU units; one vCPU has 1024")]
    FractionOfCpuUnit,
    /// Less than one MiB is left over.
    #[error("not a whole number of MiB; one GB has 1024")]
    FractionOfMebibyte,
    /// Beyond any machine.
    #[error("too large an amount")]
    TooLarge,
}

/// The CPU units of a text such as `256`, `1 vCPU` or `.25 vcpu`.
pub fn cpu_units(text: &str) -> Result<i64, UnitProblem> {
    match number_and_unit(text) {
        Some((number, "")) if is_whole(number) => scaled(number, 1).ok_or(UnitProblem::TooLarge),
        Some((number, unit)) if unit.eq_ignore_ascii_case("vcpu") => match scaled_exactly(number, 1024) {
            Scaled::Whole(units) => Ok(units),
            Scaled::Fraction => Err(UnitProblem::FractionOfCpuUnit),
            Scaled::TooLarge => Err(UnitProblem::TooLarge),
        },
        _ => Err(UnitProblem::NotCpu),
    }
}

/// The MiB of a text such as `512`, `3GB` or `0.5 gb`.
pub fn memory_mib(text: &str) -> Result<i64, UnitProblem> {
    match number_and_unit(text) {
        Some((number, "")) if is_whole(number) => scaled(number, 1).ok_or(UnitProblem::TooLarge),
        Some((number, unit)) if unit.eq_ignore_ascii_case("gb") => match scaled_exactly(number, 1024) {
            Scaled::Whole(mebibytes) => Ok(mebibytes),
            Scaled::Fraction => Err(UnitProblem::FractionOfMebibyte),
            Scaled::TooLarge => Err(UnitProblem::TooLarge),
        },
        Some((_, unit))
            if ["mb", "mib", "gib", "m", "g", "k", "kb"].iter().any(|u| unit.eq_ignore_ascii_case(u)) =>
        {
            Err(UnitProblem::MemoryUnit)
        }
        _ => Err(UnitProblem::NotMemory),
    }
}

/// The CPU units that a value stands for; none where it is absent or not known yet.
pub fn cpu(node: &Node) -> Result<Option<i64>, UnitProblem> {
    amount(node, cpu_units, UnitProblem::NotCpu)
}

/// The MiB that a value stands for; none where it is absent or not known yet.
pub fn memory(node: &Node) -> Result<Option<i64>, UnitProblem> {
    amount(node, memory_mib, UnitProblem::NotMemory)
}

fn amount(
    node: &Node,
    read: fn(&str) -> Result<i64, UnitProblem>,
    nonsense: UnitProblem,
) -> Result<Option<i64>, UnitProblem> {
    match node {
        Node::Null | Node::Unknown => Ok(None),
        Node::String(text) => read(text).map(Some),
        Node::Number(number) => number.as_i64().filter(|n| *n >= 0).map(Some).ok_or(nonsense),
        Node::Bool(_) | Node::Array(_) | Node::Object(_) => Err(nonsense),
    }
}

/// Splits `1.5 GB` into `1.5` and `GB`. The number has at least one digit and at most one point.
fn number_and_unit(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let points = number.bytes().filter(|byte| *byte == b'.').count();
    if points > 1 || number.len() == points {
        return None;
    }
    let unit = rest.strip_prefix(' ').unwrap_or(rest);
    // A blank with nothing behind it is no unit.
    (rest.is_empty() || !unit.is_empty()).then_some((number, unit))
}

fn is_whole(number: &str) -> bool {
    !number.contains('.')
}

fn scaled(number: &str, factor: i64) -> Option<i64> {
    number.parse::<i64>().ok()?.checked_mul(factor)
}

enum Scaled {
    Whole(i64),
    Fraction,
    TooLarge,
}

/// A decimal number times a whole one, without floating point: `.1 vCPU` must not become 102.
fn scaled_exactly(number: &str, factor: i64) -> Scaled {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');
    // 1024 has ten factors of two, so that a product with more decimals than ten cannot be whole.
    if fraction.len() > 10 {
        return Scaled::Fraction;
    }
    let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i64>().ok() };
    let scale = 10_i64.pow(u32::try_from(fraction.len()).expect("at most ten"));
    let (Some(whole), Some(fraction)) = (digits(whole), digits(fraction)) else {
        return Scaled::TooLarge;
    };
    if (fraction * factor) % scale != 0 {
        return Scaled::Fraction;
    }
    match whole.checked_mul(factor).and_then(|product| product.checked_add(fraction * factor / scale)) {
        Some(product) => Scaled::Whole(product),
        None => Scaled::TooLarge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_cpu_is_read() {
        for (text, units) in [
            ("256", 256),
            ("0256", 256),
            ("1 vCPU", 1024),
            ("1vcpu", 1024),
            (".25 vcpu", 256),
            ("0.5 VCPU", 512),
            ("1. vCPU", 1024),
            ("32.0 vCPU", 32768),
        ] {
            assert_eq!(cpu_units(text), Ok(units), "{text}");
        }
    }

    #[test]
    fn every_spelling_of_memory_is_read() {
        for (text, mebibytes) in
            [("512", 512), ("3GB", 3072), ("3 GB", 3072), ("0.5gb", 512), ("244 gB", 249_856)]
        {
            assert_eq!(memory_mib(text), Ok(mebibytes), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_its_reason() {
        for text in
            ["", " ", "x", "-1", "1.5", "1 ", " 1", "1  vCPU", "1.2.3 vCPU", ". vCPU", "1 GB", "١", "1e3"]
        {
            assert_eq!(cpu_units(text), Err(UnitProblem::NotCpu), "{text}");
        }
        assert_eq!(cpu_units(".3 vCPU"), Err(UnitProblem::FractionOfCpuUnit));
        assert_eq!(cpu_units(".12345678901 vCPU"), Err(UnitProblem::FractionOfCpuUnit));
        assert_eq!(cpu_units("9223372036854775807 vCPU"), Err(UnitProblem::TooLarge));
        assert_eq!(cpu_units("99999999999999999999"), Err(UnitProblem::TooLarge));
        assert_eq!(memory_mib("512 MiB"), Err(UnitProblem::MemoryUnit));
        assert_eq!(memory_mib("512MB"), Err(UnitProblem::MemoryUnit));
        assert_eq!(memory_mib("1 vCPU"), Err(UnitProblem::NotMemory));
        assert_eq!(memory_mib("0.3 GB"), Err(UnitProblem::FractionOfMebibyte));
    }

    #[test]
    fn values_of_a_document_are_read_where_they_are_known() {
        assert_eq!(cpu(&Node::from("1 vCPU")), Ok(Some(1024)));
        assert_eq!(cpu(&Node::from(512)), Ok(Some(512)));
        assert_eq!(memory(&Node::Unknown), Ok(None));
        assert_eq!(memory(&Node::Null), Ok(None));
        assert_eq!(memory(&Node::from(-1)), Err(UnitProblem::NotMemory));
        assert_eq!(cpu(&Node::from(true)), Err(UnitProblem::NotCpu));
    }
}
