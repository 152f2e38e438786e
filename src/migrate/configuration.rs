//! The blocks for resources of a configuration: each as its author wrote it, under its new type, and a `moved` block.
//!
//! The text is cut out and changed in place, so that comments and layout stay what they are.

use std::ops::Range;

use hcl_edit::expr::{Expression, Traversal};
use hcl_edit::structure::{Block, Structure};
use hcl_edit::visit::{Visit, visit_block, visit_traversal};
use hcl_edit::{Decorate, Span};

use super::{HERE, Migrated, THERE};

/// What a configuration that is HCL has.
pub(super) fn migrated(text: &str) -> Migrated {
    let body = match hcl_edit::parser::parse_body(text) {
        Ok(body) => body,
        Err(error) => {
            let at = error.location();
            let problem =
                format!("line {}, column {}: not valid HCL: {}", at.line(), at.column(), error.message());
            return Migrated { problems: vec![problem], ..Migrated::default() };
        }
    };
    let mut all = Migrated::default();
    let mut inside = Vec::new();
    for structure in &body {
        let Structure::Block(block) = structure else { continue };
        let Some(name) = resource_name(block) else { continue };
        let Some(span) = block.span() else { continue };
        // Comments above it are its own, as far as an empty line.
        let above = block.decor().prefix().map_or("", |prefix| prefix.as_ref());
        let above = above.rsplit_once("\n\n").map_or(above, |(_, own)| own);
        let mut found = Found::default();
        found.visit_block(block);
        let changed = replaced(text, span.clone(), &found, block);
        all.blocks.push(format!("{}{changed}\n", above.trim_start_matches('\n')));
        all.blocks.push(format!("moved {{\n  from = {THERE}.{name}\n  to   = {HERE}.{name}\n}}\n"));
        all.remarks.extend(remarks(name, block));
        inside.push(span);
    }
    let mut found = Found::default();
    found.visit_body(&body);
    let lines: Vec<String> = found
        .references
        .iter()
        .filter(|reference| !inside.iter().any(|span| span.contains(&reference.start)))
        .map(|reference| (text[..reference.start].matches('\n').count() + 1).to_string())
        .collect();
    if !lines.is_empty() {
        all.remarks.push(format!("write {HERE} in place of {THERE} here: line {}", lines.join(", ")));
    }
    all
}

/// The name of a resource whose place is taken.
fn resource_name(block: &Block) -> Option<&str> {
    match block.labels.as_slice() {
        [kind, name] if block.has_ident("resource") && kind.as_str() == THERE => Some(name.as_str()),
        _ => None,
    }
}

/// Where the old type is named.
#[derive(Default)]
struct Found {
    references: Vec<Range<usize>>,
}

impl Visit for Found {
    fn visit_block(&mut self, block: &Block) {
        // What happened before stays as it was: Terraform follows a chain of moves.
        if !block.has_ident("moved") {
            visit_block(self, block);
        }
    }

    fn visit_traversal(&mut self, traversal: &Traversal) {
        if let Expression::Variable(name) = &traversal.expr
            && name.as_str() == THERE
        {
            self.references.extend(traversal.expr.span());
        }
        visit_traversal(self, traversal);
    }
}

/// The text of a block under its new type.
fn replaced(text: &str, span: Range<usize>, found: &Found, block: &Block) -> String {
    let mut changes: Vec<(Range<usize>, String)> =
        found.references.iter().map(|place| (place.clone(), HERE.to_owned())).collect();
    changes.extend(block.labels.first().and_then(Span::span).map(|label| {
        let quote = if text[label.clone()].starts_with('"') { "\"" } else { "" };
        (label, format!("{quote}{HERE}{quote}"))
    }));
    if let Some((place, _)) = provider(block) {
        changes.push((place, "ddrofs".to_owned()));
    }
    changes.sort_by_key(|(place, _)| place.start);
    let (mut out, mut at) = (String::new(), span.start);
    for (place, new) in changes {
        out.push_str(&text[at..place.start]);
        out.push_str(&new);
        at = place.end;
    }
    out + &text[at..span.end]
}

/// Where the meta-argument `provider` names the provider, and its alias.
fn provider(block: &Block) -> Option<(Range<usize>, String)> {
    let value = &block.body.get_attribute("provider")?.value;
    match value {
        Expression::Traversal(traversal) => {
            Some((traversal.expr.span()?, traversal.operators.first()?.to_string()))
        }
        value => Some((value.span()?, String::new())),
    }
}

/// What somebody has to look at.
fn remarks(name: &str, block: &Block) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some((_, alias)) = provider(block) {
        remarks.push(format!(
            "{HERE}.{name} is made by the provider `ddrofs{alias}`: write it with the settings that `aws{alias}` has"
        ));
    }
    if block.body.has_blocks("inference_accelerator") {
        remarks.push(format!(
            "{HERE}.{name} has no inference_accelerator, because AWS retired Elastic Inference: remove the block"
        ));
    }
    remarks
}
