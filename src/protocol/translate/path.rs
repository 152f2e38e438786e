//! Attribute paths to the wire.

use crate::protocol::wire;
use crate::value::PathStep;

/// The path with every step.
pub(in crate::protocol) fn to_wire(steps: &[PathStep]) -> wire::AttributePath {
    use wire::attribute_path::step::Selector;
    let step = |step: &PathStep| wire::attribute_path::Step {
        selector: Some(match step {
            PathStep::Attribute(name) => Selector::AttributeName(name.clone()),
            PathStep::Key(key) => Selector::ElementKeyString(key.clone()),
            PathStep::Index(index) => Selector::ElementKeyInt(*index),
        }),
    };
    wire::AttributePath { steps: steps.iter().map(step).collect() }
}
