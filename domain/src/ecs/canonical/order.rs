//! The order of lists whose order means nothing.

use std::cmp::Ordering;

use crate::document::Node;

/// Sorts items by those members, or by themselves where there are none. Items that are equal in them keep their order,
/// which does matter for two variables of one name; what is not known yet goes last.
pub(super) fn sort(items: &mut Vec<Node>, by: &[&str]) {
    // The first member nearly always decides; looking it up in every comparison would take longer than the sorting.
    let first = |item| by.first().map_or(item, |key| Node::get(item, key));
    let firsts: Vec<&Node> = items.iter().map(first).collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&one, &other| {
        let others = by.iter().skip(1).map(|key| compare(items[one].get(key), items[other].get(key)));
        std::iter::once(compare(firsts[one], firsts[other]))
            .chain(others)
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    if !order.is_sorted() {
        *items = order.into_iter().map(|position| std::mem::take(&mut items[position])).collect();
    }
}

fn compare(one: &Node, other: &Node) -> Ordering {
    match (one, other) {
        (Node::Bool(one), Node::Bool(other)) => one.cmp(other),
        (Node::String(one), Node::String(other)) => one.cmp(other),
        (Node::Number(one), Node::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one.cmp(&other),
            // Fractions and numbers beyond i64: no list of ECS is ordered by one, only the order must be total.
            (one_whole, other_whole) => one_whole.is_none().cmp(&other_whole.is_none()).then_with(|| {
                let double = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
                double(one).total_cmp(&double(other))
            }),
        },
        _ => rank(one).cmp(&rank(other)),
    }
}

fn rank(node: &Node) -> u8 {
    match node {
        Node::Null => 0,
        Node::Bool(_) => 1,
        Node::Number(_) => 2,
        Node::String(_) => 3,
        Node::Array(_) => 4,
        Node::Object(_) => 5,
        Node::Unknown => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_one_name_keep_their_order_and_unknown_ones_go_last() {
        let item = |name: Node, value: i64| Node::from([("name", name), ("value", value.into())]);
        let mut items = vec![
            item(Node::Unknown, 0),
            item("b".into(), 2),
            item("a".into(), 3),
            item("b".into(), 1),
            Node::Unknown,
        ];
        sort(&mut items, &["name"]);
        let values: Vec<_> = items.iter().map(|item| item.get("value").as_i64()).collect();
        assert_eq!(values, [Some(3), Some(2), Some(1), Some(0), None]);
    }

    #[test]
    fn numbers_are_ordered_by_size() {
        let mut items = vec![Node::from(10), Node::from(9), Node::Number(u64::MAX.into()), Node::from(-1)];
        sort(&mut items, &[]);
        assert_eq!(items[..3], [Node::from(-1), Node::from(9), Node::from(10)]);
    }
}
