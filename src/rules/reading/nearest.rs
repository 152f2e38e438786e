//! What somebody probably meant to write.

/// The candidate that differs from a text by a slip or two, or only by case; none where all are far.
pub(in crate::rules) fn nearest<'a>(text: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let tolerated = (text.len() / 3).clamp(1, 3);
    (candidates.iter())
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_ascii_lowercase()), *candidate))
        .filter(|(distance, _)| *distance <= tolerated)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_a_stranger_is_not() {
        assert_eq!(nearest("migration", &["app", "migrate"]), Some("migrate"));
        assert_eq!(nearest("APP", &["app", "apps"]), Some("app"));
        assert_eq!(nearest("uploads", &["config", "run"]), None);
        assert_eq!(nearest("", &["a-long-name"]), None);
    }
}
