//! What the Registry, and HashiCorp's validator of its pages (`tfplugindocs validate` of hashicorp/terraform-plugin-docs, read
//! at 0.25.0 in 2026-11), refuse of `docs/`: folders, names, endings, sizes and the front matter of every page.
//!
//! In one thing stricter: keys that the validator passes over are refused, because nobody would read them either.

use std::collections::{BTreeMap, BTreeSet};

use ddrofs::document::{Node, yaml};
use ddrofs::framework::Provider;
use ddrofs::provider::ddrofs;

use super::{assert_none, files_below, root};

/// The first size that a page must not have, in bytes.
const TOO_LARGE: usize = 500_000;

/// How many pages a provider may have.
const MOST_PAGES: usize = 2_000;

/// The folders of `docs/` that the Registry reads. Each holds pages and no folder.
const FOLDERS: [&str; 8] = [
    "actions",
    "data-sources",
    "ephemeral-resources",
    "functions",
    "guides",
    "list-resources",
    "resources",
    "state-stores",
];

/// What the front matter of a page may say.
const KEYS: [&str; 3] = ["page_title", "subcategory", "description"];

/// What the provider has, by the folder of its pages.
type Schema = BTreeMap<&'static str, BTreeSet<String>>;

#[test]
fn the_registry_takes_every_page() {
    let files = files_below("docs");
    let bytes = |path: &String| std::fs::read(root().join(path)).unwrap();
    let pages: Vec<_> = files.iter().map(|path| (path.as_str(), bytes(path))).collect();
    assert!(pages.len() > 20, "{}", pages.len());
    assert_none(refused(&pages, &schema()));
}

#[test]
fn there_is_no_second_place_with_pages() {
    assert!(!root().join("website").exists(), "the Registry refuses pages in two layouts");
}

fn schema() -> Schema {
    let provider = ddrofs();
    let names = |names: Vec<&'static str>| names.into_iter().map(str::to_owned).collect();
    [
        ("resources", names(provider.resources().iter().map(|resource| resource.type_name()).collect())),
        ("data-sources", names(provider.data_sources().iter().map(|source| source.type_name()).collect())),
        ("functions", names(provider.functions().iter().map(|function| function.name()).collect())),
    ]
    .into()
}

/// Everything that is wrong with these pages, by their paths below the repository.
fn refused(pages: &[(&str, Vec<u8>)], schema: &Schema) -> Vec<String> {
    let mut problems = Vec::new();
    if pages.len() > MOST_PAGES {
        problems.push(format!("docs: {} pages, and the Registry takes {MOST_PAGES}", pages.len()));
    }
    for (path, bytes) in pages {
        let page = place_problem(path).map_or_else(|| page_problems(path, bytes), |problem| vec![problem]);
        problems.extend(page.into_iter().map(|problem| format!("{path}: {problem}")));
    }
    for (folder, names) in schema {
        let paged: BTreeSet<_> = pages.iter().filter_map(|(path, _)| name_of_page(path, folder)).collect();
        let prefix = if *folder == "functions" { "" } else { "ddrofs_" };
        let wanted: BTreeSet<_> =
            names.iter().map(|name| name.strip_prefix(prefix).unwrap_or(name).to_owned()).collect();
        let stray = paged.difference(&wanted).map(|page| format!("{folder}/{page}: nothing has that name"));
        let missing =
            wanted.difference(&paged).map(|name| format!("docs/{folder}/{name}.md: the page is missing"));
        problems.extend(stray.chain(missing));
    }
    problems
}

/// What a page is the page of: its file's name as far as the first point.
fn name_of_page(path: &str, folder: &str) -> Option<String> {
    let file = path.strip_prefix("docs/")?.strip_prefix(folder)?.strip_prefix('/')?;
    Some(file.split('.').next().unwrap_or(file).to_owned())
}

fn place_problem(path: &str) -> Option<String> {
    let parts: Vec<_> = path.split('/').collect();
    match parts.as_slice() {
        ["docs", "index.md"] => None,
        ["docs", folder, file] if FOLDERS.contains(folder) => {
            (!file.ends_with(".md")).then(|| "a page ends in .md".to_owned())
        }
        _ => Some("the Registry does not look there".to_owned()),
    }
}

fn page_problems(path: &str, bytes: &[u8]) -> Vec<String> {
    if bytes.len() >= TOO_LARGE {
        return vec![format!("{} bytes, and the Registry takes less than {TOO_LARGE}", bytes.len())];
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return vec!["is no text".to_owned()] };
    let Some(front) = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) else {
        return vec!["begins with no front matter between two lines of three dashes".to_owned()];
    };
    match yaml::read(front.0) {
        Ok(read) => front_matter_problems(path, &read.node),
        Err(problems) => vec![format!("the front matter is no YAML: {problems:?}")],
    }
}

fn front_matter_problems(path: &str, front: &Node) -> Vec<String> {
    let Node::Object(members) = front else { return vec!["the front matter has no keys".to_owned()] };
    let is_index = path.rsplit('/').next().is_some_and(|file| file.split('.').next() == Some("index"));
    let mut problems = Vec::new();
    for (key, value) in members.iter() {
        if !KEYS.contains(&key.as_str()) {
            problems.push(format!("the front matter has the key {key}"));
        } else if value.as_str().is_none() {
            problems.push(format!("{key} of the front matter is no text"));
        } else if is_index && key == "subcategory" {
            problems.push("the first page has a subcategory".to_owned());
        }
    }
    for key in ["page_title", "description"] {
        if front.get(key).as_str().is_none_or(|text| text.trim().is_empty()) {
            problems.push(format!("the front matter has no {key}"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str = "---\npage_title: \"a\"\nsubcategory: \"\"\ndescription: |-\n  b\n---\n";

    fn judged(path: &str, text: &str) -> Vec<String> {
        let of_one = refused(&[(path, text.as_bytes().to_vec())], &Schema::new());
        of_one.into_iter().map(|problem| problem.replace(&format!("{path}: "), "")).collect()
    }

    #[test]
    fn a_page_in_its_place_with_its_front_matter_is_taken() {
        assert_eq!(judged("docs/guides/a.md", FRONT), [""; 0]);
        assert_eq!(judged("docs/index.md", &FRONT.replace("subcategory: \"\"\n", "")), [""; 0]);
    }

    #[test]
    fn a_page_somewhere_else_is_refused() {
        for (path, problem) in [
            ("docs/data_sources/a.md", "the Registry does not look there"),
            ("docs/guides/more/a.md", "the Registry does not look there"),
            ("docs/about.md", "the Registry does not look there"),
            ("docs/guides/a.markdown", "a page ends in .md"),
        ] {
            assert_eq!(judged(path, FRONT), [problem], "{path}");
        }
    }

    #[test]
    fn a_page_that_is_too_large_is_refused() {
        let page = |bytes: usize| format!("{FRONT}{}", "a".repeat(bytes - FRONT.len()));
        assert_eq!(judged("docs/guides/a.md", &page(TOO_LARGE - 1)), [""; 0]);
        assert_eq!(
            judged("docs/guides/a.md", &page(TOO_LARGE)),
            ["500000 bytes, and the Registry takes less than 500000"]
        );
    }

    #[test]
    fn too_many_pages_are_refused() {
        let pages = vec![("docs/guides/a.md", FRONT.as_bytes().to_vec()); MOST_PAGES + 1];
        assert_eq!(refused(&pages, &Schema::new()), ["docs: 2001 pages, and the Registry takes 2000"]);
    }

    #[test]
    fn front_matter_that_the_validator_refuses_is_refused() {
        let with = |line: &str| FRONT.replace("subcategory: \"\"\n", &format!("subcategory: \"\"\n{line}\n"));
        for (path, text, problem) in [
            ("docs/index.md", FRONT.to_owned(), "the first page has a subcategory"),
            ("docs/guides/a.md", with("layout: \"b\""), "the front matter has the key layout"),
            (
                "docs/guides/a.md",
                with("sidebar_current: \"b\""),
                "the front matter has the key sidebar_current",
            ),
            ("docs/guides/a.md", FRONT.replace("\"a\"", "1"), "page_title of the front matter is no text"),
            (
                "docs/guides/a.md",
                FRONT.replace("page_title: \"a\"\n", ""),
                "the front matter has no page_title",
            ),
            ("docs/guides/a.md", FRONT.replace("  b\n", ""), "the front matter has no description"),
            ("docs/guides/a.md", "---\n- a\n---\n".to_owned(), "the front matter has no keys"),
            (
                "docs/guides/a.md",
                "# A\n".to_owned(),
                "begins with no front matter between two lines of three dashes",
            ),
        ] {
            let problems = judged(path, &text);
            assert!(problems.iter().any(|told| told == problem), "{problem}: {problems:?}");
        }
        let broken = judged("docs/guides/a.md", "---\npage_title: \"a\n---\n");
        assert!(broken[0].starts_with("the front matter is no YAML: "), "{broken:?}");
    }

    #[test]
    fn pages_and_schema_have_the_same_names() {
        let schema = [
            ("resources", ["ddrofs_tree".to_owned()].into()),
            ("functions", ["graft".to_owned(), "ddrofs_cut".to_owned()].into()),
        ]
        .into();
        let pages = ["docs/resources/tree.md", "docs/resources/tree_house.md", "docs/functions/graft.md"]
            .map(|path| (path, FRONT.as_bytes().to_vec()));
        assert_eq!(
            refused(&pages, &schema),
            [
                "docs/functions/ddrofs_cut.md: the page is missing",
                "resources/tree_house: nothing has that name",
            ]
        );
    }
}
