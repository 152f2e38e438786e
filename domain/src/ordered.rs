//! Ordered maps and sets, made item by item.

/// The items in an ordered map or set; of equal keys the last counts. To collect them would sort them first, and a sort is compiled
/// anew for every kind of iterator, with 6 KB of code each (rustc 1.95).
pub fn ordered<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    all.extend(items);
    all
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn what_is_made_item_by_item_is_what_would_be_collected() {
        let pairs = [("b", 1), ("a", 2), ("b", 3)];
        let map: BTreeMap<&str, i32> = ordered(pairs);
        assert_eq!(map, pairs.into_iter().collect());
        let set: BTreeSet<i32> = ordered([3, 1, 3]);
        assert_eq!(set, [1, 3].into());
    }
}
