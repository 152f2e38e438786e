//! Which of a family's old revisions are retired: a decision about numbers, made without asking anybody.

use std::collections::{BTreeMap, BTreeSet};

use crate::ordered::ordered;

/// The fewest revisions that are kept: the one in use, and the one to go back to.
pub const FEWEST: i64 = 2;

/// Of the revisions that a resource registered those beyond the `keep` newest, the oldest first.
///
/// `current` is the revision that it has now, and one of the newest whether or not the resource registered it. What is
/// newer than `current` is neither counted nor among them: somebody has gone back, and may go forward again.
pub fn beyond(owned: impl IntoIterator<Item = i64>, current: i64, keep: i64) -> Vec<i64> {
    let keep = usize::try_from(keep.max(FEWEST)).unwrap_or(usize::MAX);
    let older: BTreeSet<i64> = ordered(owned.into_iter().filter(|number| *number < current));
    let gone = older.len().saturating_sub(keep - 1);
    older.into_iter().take(gone).collect()
}

/// What becomes of revisions that are no longer wanted for their age.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// Those that nothing uses, the oldest first: whatever breaks off, newer ones stay newer.
    pub retired: Vec<i64>,
    /// Those that stay, and what uses each.
    pub kept: BTreeMap<i64, String>,
}

/// Decides by what is in use.
pub fn decide(beyond: &[i64], uses: &BTreeMap<i64, String>) -> Decision {
    let mut decision = Decision::default();
    for number in beyond {
        match uses.get(number) {
            Some(user) => drop(decision.kept.insert(*number, user.clone())),
            None => decision.retired.push(*number),
        }
    }
    decision.retired.sort_unstable();
    decision
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_newest_stay_and_the_current_one_is_one_of_them() {
        assert_eq!(beyond([1, 2, 3, 4], 4, 2), [1, 2]);
        assert_eq!(beyond([1, 2, 3, 4], 4, 4), [0; 0]);
        assert_eq!(beyond([1, 2, 3, 4], 4, i64::MAX), [0; 0]);
        // Adopted, or somebody else's that is followed: it counts although it is not the resource's own.
        assert_eq!(beyond([1, 2, 3], 9, 2), [1, 2]);
        // Number 5 was deregistered by hand and 4 is what is wanted again.
        assert_eq!(beyond([2, 3, 4, 5], 4, 2), [2]);
        assert_eq!(beyond([], 1, 2), [0; 0]);
    }

    #[test]
    fn what_is_in_use_stays() {
        let uses = BTreeMap::from([(2, "service prod/web".to_owned()), (9, "task prod/1".to_owned())]);
        let Decision { retired, kept } = decide(&[1, 2, 3], &uses);
        assert_eq!(retired, [1, 3]);
        assert_eq!(kept, BTreeMap::from([(2, "service prod/web".to_owned())]));
    }

    proptest! {
        /// Nothing that is current, newer, in use, of somebody else or among the newest is ever retired; all the rest is, and
        /// to decide again about what is left changes nothing.
        #[test]
        fn only_what_is_old_own_and_unused_is_retired(
            owned in prop::collection::btree_set(1i64..40, 0..20),
            current in 1i64..40,
            keep in 0i64..8,
            used in prop::collection::btree_set(1i64..40, 0..20),
        ) {
            let uses: BTreeMap<i64, String> = used.iter().map(|number| (*number, String::new())).collect();
            let Decision { retired, kept } = decide(&beyond(owned.clone(), current, keep), &uses);
            let stays = usize::try_from(keep.max(2)).unwrap() - 1;
            let newest: BTreeSet<i64> = owned.iter().copied().filter(|number| *number < current).rev().take(stays).collect();
            for number in 1..40 {
                let is_old = owned.contains(&number) && number < current && !newest.contains(&number);
                prop_assert_eq!(retired.contains(&number), is_old && !used.contains(&number));
                prop_assert_eq!(kept.contains_key(&number), is_old && used.contains(&number));
            }
            prop_assert!(retired.is_sorted());
            let left = owned.into_iter().filter(|number| !retired.contains(number));
            prop_assert!(decide(&beyond(left, current, keep), &uses).retired.is_empty());
        }
    }
}
