//! The guide for users of modules and constructs of others: how to change over, and every input with what takes its place.

use crate::framework::{Replaced, ReplacedInput};

use super::markdown::{Page, one_line};

/// The whole page with its path below the repository.
pub(super) fn replaced_guide(replaced: &Replaced) -> (String, String) {
    let Replaced { file, title, about, guide, modules } = replaced;
    let mut page = Page::new(title, about);
    page.heading(1, title);
    page.text(guide);
    page.heading(2, "Input by input");
    for (module, inputs) in *modules {
        page.heading(3, module);
        page.text(&table(inputs));
    }
    (format!("docs/guides/{file}.md"), page.finish())
}

fn table(inputs: &[ReplacedInput]) -> String {
    let mut table = "| Input | Here | Difference |\n|---|---|---|\n".to_owned();
    for ReplacedInput { input, here, remark } in inputs {
        let here = here.map_or_else(|| "none".to_owned(), |argument| format!("`{argument}`"));
        let remark = one_line(remark).replace('|', "\\|");
        // An empty cell is written as one space; the Registry accepts both, tidy tools only this.
        table.push_str(&format!("| `{input}` | {here} | {remark} |\n").replace("|  |", "| |"));
    }
    table
}
