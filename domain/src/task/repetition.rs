//! What stands more than once where everything has to have a name or a place of its own.

/// Something that stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repetition<P, T> {
    /// Where it stood first.
    pub(crate) first: P,
    /// Where it stands again.
    pub(crate) again: P,
    /// What it is.
    pub(crate) what: T,
}

/// Everything that stood before, with its place. Sorts, because a hostile list compared with itself takes its square in
/// time.
pub(crate) fn repetitions<P: Ord + Copy, T: Ord>(all: impl Iterator<Item = (P, T)>) -> Vec<Repetition<P, T>> {
    let mut sorted: Vec<(T, P)> = all.map(|(place, what)| (what, place)).collect();
    sorted.sort_unstable();
    let mut repeated = Vec::new();
    let mut sorted = sorted.into_iter().peekable();
    while let Some((what, first)) = sorted.next() {
        while let Some((what, again)) = sorted.next_if(|(next, _)| *next == what) {
            repeated.push(Repetition { first, again, what });
        }
    }
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_repetition_is_told_with_the_first() {
        let repeated = repetitions([(1, "b"), (2, "a"), (3, "b"), (4, "c"), (5, "b")].into_iter());
        let places: Vec<_> = repeated.iter().map(|found| (found.first, found.again, found.what)).collect();
        assert_eq!(places, [(1, 3, "b"), (1, 5, "b")]);
    }
}
