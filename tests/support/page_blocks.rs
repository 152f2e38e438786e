//! The pages that people read, `docs/` and README.md, by their fenced blocks of code. Shared by the suite, which reads every block,
//! and the acceptance tests, which run it.

use std::fs;
use std::path::Path;

/// A fenced block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Path of the page below the repository.
    pub(crate) page: String,
    /// Line of the fence, counted from 1.
    pub(crate) line: usize,
    /// The last heading before it, without its signs; empty before the first one.
    pub(crate) heading: String,
    /// The last line of text before it.
    pub(crate) before: String,
    pub(crate) language: String,
    /// The text without the indentation of its fence.
    pub(crate) code: String,
}

impl Block {
    /// Where it stands, for a message.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

/// The blocks of all pages, page by page in the order of their paths, README.md first.
pub(crate) fn all() -> Vec<Block> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec!["README.md".to_owned()];
    collect(root, "docs", &mut pages);
    pages.sort();
    let read =
        |page: &String| fs::read_to_string(root.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
    pages.iter().flat_map(|page| of(page, &read(page))).collect()
}

fn collect(root: &Path, folder: &str, pages: &mut Vec<String>) {
    let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    for entry in entries.map(|entry| entry.expect("the folder is readable")) {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(root, &path, pages);
        } else if path.ends_with(".md") {
            pages.push(path);
        }
    }
}

/// The blocks of one page. One that nobody closed has the language `a fence that nobody closed`.
pub(crate) fn of(page: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut open, mut heading, mut before): (Option<(Block, usize)>, _, _) = (None, "", "");
    for (index, line) in text.lines().enumerate() {
        let fence = line.trim().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(language)) => {
                let block = Block {
                    page: page.to_owned(),
                    line: index + 1,
                    heading: heading.to_owned(),
                    before: before.to_owned(),
                    language: language.to_owned(),
                    code: String::new(),
                };
                open = Some((block, line.len() - line.trim_start().len()));
            }
            (Some(_), Some("")) => blocks.extend(open.take().map(|(block, _)| block)),
            (Some((block, indent)), _) => {
                block.code.push_str(line.get(*indent..).unwrap_or_default());
                block.code.push('\n');
            }
            (None, None) if line.starts_with('#') => heading = line.trim_start_matches('#').trim(),
            (None, None) if line.trim().is_empty() => {}
            (None, None) => before = line.trim(),
        }
    }
    blocks.extend(open.map(|(block, _)| Block {
        language: "a fence that nobody closed".to_owned(),
        code: String::new(),
        ..block
    }));
    blocks
}

#[test]
fn blocks_are_found_in_lists_too_and_an_open_one_is_told() {
    let page = "# A\na\n\n```json\n{}\n```\n## b\n- b\n\n  ```shell\n  # x\n  make x\n  ```\n```text\n";
    let found = of("p", page);
    let found: Vec<_> = found
        .iter()
        .map(|block| (block.line, &*block.heading, &*block.before, &*block.language, &*block.code))
        .collect();
    let expected = [
        (4, "A", "a", "json", "{}\n"),
        (10, "b", "- b", "shell", "# x\nmake x\n"),
        (14, "b", "- b", "a fence that nobody closed", ""),
    ];
    assert_eq!(found, expected);
}
