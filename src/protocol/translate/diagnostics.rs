//! Diagnostics to the wire. A core before Terraform 1.15 finds the line only of blocks, of attributes and of the elements of a
//! list that is written as one: for a path that goes deeper it falls back to the header of the whole block (seen with
//! 1.11.4, November 2026). So a path is cut behind an element, or where the schema ends, and the rest is told in the text.

use super::path;
use crate::diagnostics::{Diagnostic, Severity};
use crate::log_keys;
use crate::printable::printable;
use crate::protocol::wire;
use crate::schema::{Block, Nesting, Schema};
use crate::value::{AttributePath, PathStep};

/// One diagnostic, with the longest path that the schema can resolve.
pub(in crate::protocol) fn to_wire(diagnostic: Diagnostic, schema: Option<&Schema>) -> wire::Diagnostic {
    log(&diagnostic);
    let steps = &diagnostic.path.0;
    let resolved = schema.map_or(0, |schema| resolvable(&schema.block, steps));
    let mut detail = diagnostic.detail;
    if resolved < steps.len() {
        let place = AttributePath(steps.clone()).to_string();
        if !detail.contains(&place) {
            detail = format!("{detail}\n\nPlace: {place}");
        }
    }
    wire::Diagnostic {
        severity: match diagnostic.severity {
            Severity::Error => wire::diagnostic::Severity::Error,
            Severity::Warning => wire::diagnostic::Severity::Warning,
        }
        .into(),
        summary: printable(&diagnostic.summary),
        detail: printable(&detail),
        attribute: (resolved > 0).then(|| path::to_wire(&steps[..resolved])),
    }
}

/// Summaries hold no values by rule, details may.
fn log(diagnostic: &Diagnostic) {
    let severity = match diagnostic.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    tracing::debug!(
        { log_keys::DIAGNOSTIC_SEVERITY } = severity,
        { log_keys::DIAGNOSTIC_SUMMARY } = diagnostic.summary,
        { log_keys::ATTRIBUTE_PATH } = %diagnostic.path,
        "answers with a diagnostic",
    );
}

/// All of them.
pub(in crate::protocol) fn all_to_wire(
    diagnostics: impl IntoIterator<Item = Diagnostic>,
    schema: &Schema,
) -> Vec<wire::Diagnostic> {
    diagnostics.into_iter().map(|diagnostic| to_wire(diagnostic, Some(schema))).collect()
}

/// How many of the steps lead to a block, an attribute or an element of one.
fn resolvable(block: &Block, steps: &[PathStep]) -> usize {
    let [PathStep::Attribute(name), rest @ ..] = steps else { return 0 };
    if block.attributes.iter().any(|attribute| attribute.name == *name) {
        return 1 + usize::from(matches!(rest, [PathStep::Index(_), ..]));
    }
    let Some(nested) = block.blocks.iter().find(|nested| nested.name == *name) else { return 0 };
    match (nested.nesting, rest) {
        (Nesting::Single, rest) => 1 + resolvable(&nested.block, rest),
        (Nesting::List, [PathStep::Index(_), rest @ ..]) => 2 + resolvable(&nested.block, rest),
        // There is no step for an element of a set.
        (Nesting::List | Nesting::Set, _) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Mode, NestedBlock};
    use crate::value::Type;

    fn schema() -> Schema {
        let body = || Block {
            attributes: vec![Attribute::new("image", Type::String, Mode::Required, "")],
            ..Block::default()
        };
        Schema {
            version: 0,
            block: Block {
                attributes: vec![Attribute::new(
                    "items",
                    Type::list(Type::object([("port", Type::Number)])),
                    Mode::Optional,
                    "",
                )],
                blocks: vec![
                    NestedBlock::list("container", body()),
                    NestedBlock::set("volume", body()),
                    NestedBlock { nesting: Nesting::Single, ..NestedBlock::list("timeouts", body()) },
                ],
                ..Block::default()
            },
        }
    }

    fn sent(path: AttributePath) -> (usize, String) {
        let diagnostic = to_wire(Diagnostic::error("Wrong", "It is wrong.").at(path), Some(&schema()));
        (diagnostic.attribute.map_or(0, |path| path.steps.len()), diagnostic.detail)
    }

    #[test]
    fn a_path_into_blocks_is_sent_whole() {
        let whole = "It is wrong.".to_owned();
        assert_eq!(sent(AttributePath::root("items")), (1, whole.clone()));
        assert_eq!(sent(AttributePath::root("container").index(1).attribute("image")), (3, whole.clone()));
        assert_eq!(sent(AttributePath::root("timeouts").attribute("image")), (2, whole.clone()));
        assert_eq!(sent(AttributePath::default()), (0, whole));
    }

    #[test]
    fn a_path_into_an_attribute_is_cut_and_told_in_the_text() {
        let (steps, detail) = sent(AttributePath::root("items").index(1).attribute("port"));
        assert_eq!(steps, 2, "the element");
        assert_eq!(detail, "It is wrong.\n\nPlace: items[1].port");
        assert_eq!(sent(AttributePath::root("items").index(1)), (2, "It is wrong.".to_owned()));
        let (steps, detail) = sent(AttributePath::root("volume").index(0).attribute("image"));
        assert_eq!(steps, 1);
        assert!(detail.ends_with("Place: volume[0].image"), "{detail}");
    }

    #[test]
    fn a_path_that_the_schema_does_not_know_is_only_told_in_the_text() {
        let (steps, detail) = sent(AttributePath::root("nowhere").index(1));
        assert_eq!(steps, 0);
        assert!(detail.ends_with("Place: nowhere[1]"), "{detail}");
    }

    #[test]
    fn a_place_that_the_text_has_already_is_not_repeated() {
        let path = AttributePath::root("items").index(1).attribute("port");
        let diagnostic = Diagnostic::error("Wrong", "items[1].port is wrong.").at(path);
        assert_eq!(to_wire(diagnostic, Some(&schema())).detail, "items[1].port is wrong.");
    }

    #[test]
    fn what_could_steer_a_terminal_is_shown_as_a_replacement() {
        let sent = to_wire(Diagnostic::error("a\u{1b}[2Jb", "c\u{202e}d\n\n  e"), None);
        assert_eq!((sent.summary.as_str(), sent.detail.as_str()), ("a\u{fffd}[2Jb", "c\u{fffd}d\n\n  e"));
    }

    #[test]
    fn severity_is_never_invalid() {
        use wire::diagnostic::Severity as Sent;
        assert_eq!(to_wire(Diagnostic::error("", ""), None).severity(), Sent::Error);
        assert_eq!(to_wire(Diagnostic::warning("", ""), None).severity(), Sent::Warning);
    }
}
