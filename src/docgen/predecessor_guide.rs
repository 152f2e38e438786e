//! The guide for users of another provider's resource: how to change over, and every argument side by side.

use crate::framework::{Predecessor, SharedArgument};
use crate::schema::{Block, Schema};

use super::markdown::{Page, one_line};

/// Where the guide stands below the repository.
pub(super) fn path(predecessor: &Predecessor) -> String {
    format!("docs/guides/{}", file_name(predecessor))
}

/// The sentence of a resource's page that leads to the guide.
pub(super) fn pointer(predecessor: &Predecessor) -> String {
    let Predecessor { provider, type_name, .. } = predecessor;
    let file = file_name(predecessor);
    format!("How to change over from `{type_name}` of {provider}: [the guide](../guides/{file}).")
}

fn file_name(predecessor: &Predecessor) -> String {
    format!("coming-from-{}.md", predecessor.type_name.replace('_', "-"))
}

/// The whole page. `name` and `schema` are those of the resource that takes the place of the predecessor.
pub(super) fn predecessor_guide(name: &str, schema: &Schema, predecessor: &Predecessor) -> String {
    let Predecessor { provider, type_name, guide, shared, own } = predecessor;
    let title = format!("Coming from {type_name}");
    let about = format!(
        "How to change over from {type_name} of {provider} to {name}: what to write, what is different, and every \
         argument side by side."
    );
    let mut page = Page::new(&title, &about);
    page.heading(1, &title);
    page.text(guide);
    page.heading(2, "Argument by argument");
    page.text(
        "What an argument, a block or an attribute is when nobody writes it, and what an empty value means. Arguments \
         of nested blocks stand after the names of the blocks.",
    );
    page.text(&table(provider, shared));
    page.heading(2, &format!("Only in {name}"));
    page.text(&list(&schema.block, own));
    page.finish()
}

fn table(provider: &str, shared: &[SharedArgument]) -> String {
    let mut table =
        format!("| Argument | Not written in {provider} | Not written here | Empty |\n|---|---|---|---|\n");
    for SharedArgument { path, there, here, difference, empty } in shared {
        let here = difference.map_or_else(|| here.clone(), |why| format!("{here}: {why}"));
        let cells = [format!("`{path}`"), there.clone(), here, empty.clone()];
        let row: String =
            cells.iter().map(|cell| format!(" {} |", one_line(cell).replace('|', "\\|"))).collect();
        // An empty cell is written as one space; the Registry accepts both, tidy tools only this.
        table.push_str(&format!("|{row}\n").replace("|  |", "| |"));
    }
    table
}

fn list(block: &Block, own: &[&str]) -> String {
    own.iter().map(|name| format!("- `{name}`: {}\n", first_sentence(description(block, name)))).collect()
}

fn description<'a>(block: &'a Block, name: &str) -> &'a str {
    let attributes = block.attributes.iter().map(|attribute| (&attribute.name, &attribute.description));
    let blocks = block.blocks.iter().map(|nested| (&nested.name, &nested.block.description));
    attributes.chain(blocks).find(|(other, _)| *other == name).map_or("", |(_, description)| description)
}

fn first_sentence(text: &str) -> String {
    let line = one_line(text);
    line.split_once(". ").map_or_else(|| line.clone(), |(first, _)| format!("{first}."))
}
