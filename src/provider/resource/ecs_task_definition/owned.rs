//! Which revisions a resource registered itself: those that its destruction deregisters.
//!
//! Those that were deregistered and are still to be deleted stand beside them. They are kept in the private state, as ranges,
//! because a family's ARNs differ in the number alone. A state without any owns the revision that it names: one from an import,
//! a `moved` block or an older version, and one that has registered no other, because Terraform writes all of it so often.

use std::collections::BTreeSet;

use crate::document::{self, Node};
use crate::ordered::ordered;

/// The key of the private state.
const KEY: &str = "registered";

/// The key beside it for those that are deregistered and to be deleted.
const TO_DELETE: &str = "to_delete";

/// Numbers of revisions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Owned {
    /// Registered, and as far as is known not deregistered.
    active: BTreeSet<i64>,
    /// Deregistered by this resource, and to be deleted.
    to_delete: BTreeSet<i64>,
}

impl Owned {
    /// What a private state says of a resource whose state names this revision.
    pub(super) fn of(private: &[u8], named: Option<i64>) -> Self {
        let active = ranges(private, KEY).unwrap_or_else(|| named.into_iter().collect());
        Self { active, to_delete: ranges(private, TO_DELETE).unwrap_or_default() }
    }

    /// Notes that a revision was deregistered, and whether it is to be deleted too.
    pub(super) fn retire(&mut self, number: i64, deletes: bool) {
        self.active.remove(&number);
        if deletes {
            self.to_delete.insert(number);
        }
    }

    /// Notes that a deregistered revision was deleted.
    pub(super) fn deleted(&mut self, number: i64) {
        self.to_delete.remove(&number);
    }

    /// What is deregistered and to be deleted, the oldest first.
    pub(super) fn to_delete(&self) -> Vec<i64> {
        self.to_delete.iter().copied().collect()
    }

    /// What was registered and is to be deleted once it is deregistered, the oldest first: nothing unless `deletes`.
    pub(super) fn to_delete_after(&self, deletes: bool) -> Vec<i64> {
        let all: BTreeSet<i64> = ordered(self.active.union(&self.to_delete).copied().filter(|_| deletes));
        all.into_iter().collect()
    }

    pub(super) fn insert(&mut self, number: i64) {
        self.active.insert(number);
    }

    pub(super) fn remove(&mut self, number: i64) {
        self.active.remove(&number);
    }

    pub(super) fn contains(&self, number: i64) -> bool {
        self.active.contains(&number)
    }

    /// The oldest first.
    pub(super) fn oldest_first(&self) -> Vec<i64> {
        self.active.iter().copied().collect()
    }

    /// As the private state keeps it beside a state that names this revision: nothing where no record says the same.
    pub(super) fn to_private(&self, named: Option<i64>) -> Vec<u8> {
        if *self == Self::of(&[], named) {
            return Vec::new();
        }
        let mut members = vec![(KEY, node(&self.active))];
        if !self.to_delete.is_empty() {
            members.push((TO_DELETE, node(&self.to_delete)));
        }
        let members: Node = members.into_iter().map(|(key, ranges)| (key.to_owned(), ranges)).collect();
        document::to_json(&members).unwrap_or_default().into_bytes()
    }
}

/// The private state of a resource whose state named one revision and names another now, which it did not register.
pub(super) fn carried_over(private: Vec<u8>, from: Option<i64>, to: Option<i64>) -> Vec<u8> {
    match from == to || from.is_none() {
        true => private,
        false => Owned::of(&private, from).to_private(to),
    }
}

/// Numbers as ranges.
fn node(numbers: &BTreeSet<i64>) -> Node {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let range = |(first, last)| Node::from(vec![Node::from(first), Node::from(last)]);
    Node::Array(ranges.into_iter().map(range).collect())
}

/// The most revisions that a range may hold: more is no private state of ours.
const MOST: i64 = 1_000_000;

fn ranges(private: &[u8], key: &str) -> Option<BTreeSet<i64>> {
    let private = document::parse(std::str::from_utf8(private).ok()?).ok()?;
    let Node::Array(ranges) = private.get(key) else { return None };
    let mut numbers = BTreeSet::new();
    for range in ranges {
        let [first, last] = range.items() else { return None };
        let (first, last) = (first.as_i64()?, last.as_i64()?);
        if first < 1 || last.checked_sub(first).is_none_or(|length| !(0..MOST).contains(&length)) {
            return None;
        }
        numbers.extend(first..=last);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_ranges_and_read_back() {
        let mut owned = Owned::default();
        [3, 4, 5, 9, 7].into_iter().for_each(|number| owned.insert(number));
        let private = owned.to_private(Some(12));
        assert_eq!(std::str::from_utf8(&private).unwrap(), r#"{"registered":[[3,5],[7,7],[9,9]]}"#);
        let read = Owned::of(&private, Some(12));
        assert_eq!(read, owned);
        assert_eq!(read.oldest_first(), [3, 4, 5, 7, 9]);
        assert!(read.contains(4) && !read.contains(12));
    }

    #[test]
    fn a_state_without_a_record_owns_the_revision_that_it_names_and_an_empty_record_owns_none() {
        for private in ["", "{}", r#"{"schema_version":"1"}"#, r#"{"registered":"3-5"}"#, "\u{1}"] {
            assert_eq!(Owned::of(private.as_bytes(), Some(12)).oldest_first(), [12], "{private}");
        }
        for ranges in ["[[1]]", "[[5,3]]", "[[0,1]]", "[[1,99999999999]]", "[[-9223372036854775808,1]]"] {
            let private = format!(r#"{{"registered":{ranges}}}"#);
            assert_eq!(Owned::of(private.as_bytes(), None).oldest_first(), [0; 0], "{ranges}");
        }
        assert_eq!(Owned::of(&Owned::default().to_private(Some(12)), Some(12)).oldest_first(), [0; 0]);
    }

    #[test]
    fn what_no_record_says_is_not_written_until_the_state_names_another_revision() {
        let mut owned = Owned::default();
        owned.insert(4);
        assert_eq!(owned.to_private(Some(4)), b"");
        assert_eq!(Owned::default().to_private(None), b"");
        for (named, private) in [(Some(5), r#"{"registered":[[4,4]]}"#), (None, r#"{"registered":[[4,4]]}"#)]
        {
            assert_eq!(std::str::from_utf8(&owned.to_private(named)).unwrap(), private);
        }
        let followed = carried_over(Vec::new(), Some(4), Some(7));
        assert_eq!(Owned::of(&followed, Some(7)), owned);
        assert_eq!(carried_over(followed.clone(), Some(7), Some(7)), followed);
        assert_eq!(carried_over(followed, Some(7), Some(4)), b"");
        assert_eq!(carried_over(Vec::new(), None, Some(7)), b"", "an import owns what it names");
        owned.retire(3, true);
        assert_eq!(
            std::str::from_utf8(&owned.to_private(Some(4))).unwrap(),
            r#"{"registered":[[4,4]],"to_delete":[[3,3]]}"#
        );
    }

    #[test]
    fn what_is_deregistered_and_not_deleted_yet_is_kept_beside_them() {
        let mut owned = Owned::of(br#"{"registered":[[1,4]]}"#, None);
        owned.retire(1, true);
        owned.retire(2, true);
        owned.retire(3, false);
        let private = owned.to_private(Some(4));
        assert_eq!(std::str::from_utf8(&private).unwrap(), r#"{"registered":[[4,4]],"to_delete":[[1,2]]}"#);
        let mut read = Owned::of(&private, None);
        assert_eq!((read.oldest_first(), read.to_delete()), (vec![4], vec![1, 2]));
        read.deleted(1);
        assert_eq!(read.to_delete(), [2]);
    }
}
