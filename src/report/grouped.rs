//! Putting together what is told once.

use std::collections::BTreeMap;

/// The things in their order, those together that have the same key. No group is empty.
pub fn grouped<T, K: Ord>(things: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut known = BTreeMap::new();
    for thing in things {
        let group = *known.entry(key(&thing)).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(thing),
            None => groups.push(vec![thing]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn each_group_stands_where_its_first_member_stood() {
        assert_eq!(grouped([3, 1, 13, 2, 11], |number| number % 10), [vec![3, 13], vec![1, 11], vec![2]]);
    }
}
