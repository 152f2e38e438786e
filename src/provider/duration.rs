//! Durations as Go spells them, which is how Terraform's users know them: `20m`, `1h30m`, `1.5h`, `900s`.

use std::time::Duration;

/// Nanoseconds of each unit; those that begin alike stand with the longer one first (package time of Go, read 2026-11).
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)];

/// Reads a duration that is not negative; none for any other text.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut nanoseconds = 0.0;
    loop {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, behind) = rest.split_at(end);
        let (unit, of_unit) = UNITS.iter().find(|(unit, _)| {
            behind.strip_prefix(unit).is_some_and(|after| !after.starts_with(char::is_alphabetic))
        })?;
        nanoseconds += number.parse::<f64>().ok()? * of_unit;
        rest = &behind[unit.len()..];
        if rest.is_empty() {
            break;
        }
    }
    Duration::try_from_secs_f64(nanoseconds / 1e9).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, seconds) in [
            ("20m", 1200.0),
            ("1h30m", 5400.0),
            ("1.5h", 5400.0),
            ("900s", 900.0),
            ("+2m0.5s", 120.5),
            ("300ms", 0.3),
            (".5s", 0.5),
            ("0", 0.0),
            ("0s", 0.0),
        ] {
            assert_eq!(duration(text).map(|it| it.as_secs_f64()), Some(seconds), "{text}");
        }
        for wrong in
            ["", "15", "1d", "h", "10 m", "1m30", "-5m", "1.2.3s", ".s", "m10", "10M", "1e3s", "0x", "1e999h"]
        {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
