//! `docs/` holds exactly the pages that the provider and the catalogue of rules give, in the places where the Registry
//! looks. `make docs` rewrites them.

mod code_blocks;
mod modules;
#[path = "../../support/page_blocks.rs"]
mod page_blocks;
mod registry;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ddrofs::docgen;
use ddrofs::framework::Provider;
use ddrofs::provider::ddrofs;
use ddrofs::rules::CATALOGUE;
use ddrofs::schema::Block;
use expect_test::expect_file;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> BTreeMap<String, String> {
    docgen::pages(&ddrofs(), CATALOGUE, &ddrofs::provider::configuration, &|path| {
        std::fs::read_to_string(root().join(path)).ok()
    })
}

fn assert_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn committed_pages_are_the_generated_ones() {
    for (path, page) in pages() {
        let file = root().join(path);
        if is_updating() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        }
        expect_file![file].assert_eq(&page);
    }
}

#[expect(clippy::disallowed_methods, reason = "the variable that rewrites every expected text")]
fn is_updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

#[test]
fn every_page_is_generated_or_a_guide_and_the_registry_knows_its_place() {
    let generated: BTreeSet<_> = pages().into_keys().collect();
    assert_none(misplaced(&files_below("docs"), &generated));
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let pages = files_below("docs").into_iter().filter(|path| path.ends_with(".md"));
    let pages: BTreeMap<String, String> =
        pages.map(|path| (path.clone(), std::fs::read_to_string(root().join(path)).unwrap())).collect();
    let links: usize = pages.values().map(|text| links(text).count()).sum();
    assert!(links > 200, "{links}");
    assert_none(dead_links(&pages));
}

/// The Registry serves pages and nothing beside them, so a picture is named where the repository shows it to everybody.
#[test]
fn every_picture_is_named_by_the_address_at_which_the_repository_shows_it() {
    let mut shown = 0;
    for path in files_below("docs").into_iter().filter(|path| path.ends_with(".md")) {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        shown += pictures(&text).count();
        assert_none(hidden_pictures(&path, &text, &|file| root().join(file).is_file()));
    }
    assert!(shown >= 2, "{shown}");
}

const SHOWN_BY_THE_REPOSITORY: &str =
    "https://raw.githubusercontent.com/ddrofs/terraform-provider-ddrofs/main/";

/// Pictures of a page that a reader would not see.
fn hidden_pictures(path: &str, text: &str, is_a_file: &dyn Fn(&str) -> bool) -> Vec<String> {
    let is_seen = |target: &&str| target.strip_prefix(SHOWN_BY_THE_REPOSITORY).is_some_and(is_a_file);
    let hidden = pictures(text).filter(|target| !is_seen(target));
    hidden.map(|target| format!("{path}: {target} shows no picture of this repository")).collect()
}

/// What a page shows as pictures.
fn pictures(page: &str) -> impl Iterator<Item = &str> {
    let pictures = page.split("![").skip(1).filter_map(|rest| rest.split_once("](")?.1.split_once(')'));
    pictures.map(|(target, _)| target)
}

/// Links to nothing, and to places in a page that it does not have. What is no page is nothing to the Registry.
fn dead_links(pages: &BTreeMap<String, String>) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in pages {
        for link in links(text) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { beside(path, file) };
            match pages.get(&target) {
                None => problems.push(format!("{path}: {link} leads to no page")),
                Some(page) if anchor.is_empty() || has_anchor(page, anchor) => {}
                Some(_) => problems.push(format!("{path}: {target} has no #{anchor}")),
            }
        }
    }
    problems
}

/// The targets of a page's links that lead to no other host.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets
        .map(|(target, _)| target)
        .filter(|target| !target.contains([' ', '\n', '(']) && !target.contains("://"))
}

/// The path of what a page names from where it stands.
fn beside(page: &str, link: &str) -> String {
    let mut parts: Vec<_> = page.split('/').collect();
    parts.pop();
    for step in link.split('/') {
        match step {
            "." => {}
            ".." => drop(parts.pop()),
            step => parts.push(step),
        }
    }
    parts.join("/")
}

/// Whether a page has that place: one that it names, or a heading, whose words are joined by dashes.
fn has_anchor(page: &str, anchor: &str) -> bool {
    let of_heading = |line: &str| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        heading.chars().filter(|char| char.is_alphanumeric() || "-_ ".contains(*char)).collect::<String>()
    };
    let mut headings = page.lines().filter(|line| line.starts_with('#'));
    page.contains(&format!("<a id=\"{anchor}\"></a>"))
        || headings.any(|line| of_heading(line).replace(' ', "-") == anchor)
}

#[test]
fn every_attribute_block_member_and_parameter_has_a_description_and_no_other_has() {
    assert_none(docgen::undescribed(&ddrofs()));
    assert_eq!(docgen::described_in_vain(&ddrofs()), [""; 0]);
}

#[test]
fn every_page_has_its_example_and_every_example_its_page() {
    let wanted: BTreeSet<_> = docgen::example_paths(&ddrofs()).into_iter().collect();
    let found = ["examples/provider", "examples/resources", "examples/data-sources", "examples/functions"]
        .into_iter()
        .flat_map(files_below)
        .collect();
    assert_none(example_problems(&wanted, &found));
}

#[test]
fn the_guide_for_a_predecessor_has_every_argument_of_the_schema_once() {
    for resource in ddrofs().resources() {
        let Some(predecessor) = resource.predecessor() else { continue };
        let block = resource.schema().block;
        let mut schema = Vec::new();
        collect_paths("", &block, &|name| predecessor.own.contains(&name), &mut schema);
        let mut guide: Vec<_> = predecessor.shared.into_iter().map(|row| row.path).collect();
        guide.extend(predecessor.own.iter().map(|name| (*name).to_owned()));
        schema.sort();
        guide.sort();
        assert_eq!(guide, schema, "{}", resource.type_name());
    }
}

/// The names of everything in a block. What stands in a block that `is_whole` is not listed one by one.
fn collect_paths(prefix: &str, block: &Block, is_whole: &dyn Fn(&str) -> bool, paths: &mut Vec<String>) {
    paths.extend(block.attributes.iter().map(|attribute| format!("{prefix}{}", attribute.name)));
    for nested in &block.blocks {
        let path = format!("{prefix}{}", nested.name);
        if !is_whole(&path) {
            collect_paths(&format!("{path}."), &nested.block, is_whole, paths);
        }
        paths.push(path);
    }
}

/// What it runs is tried by `tests/acceptance/rollout/guide.rs`.
#[test]
fn the_guide_about_a_fleet_shows_its_example_as_it_is() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (guide, example) = (read("docs/guides/fleet-rollout.md"), read("examples/fleet/main.tf"));
    let shown: Vec<&str> = blocks(&guide, "terraform").collect();
    assert!(shown.len() >= 3, "{shown:?}");
    assert_none(shown.into_iter().filter(|shown| !example.contains(shown)).map(str::to_owned).collect());
}

#[test]
fn the_picture_of_the_pattern_is_the_one_that_the_data_source_draws() {
    let page = std::fs::read_to_string(root().join("docs/guides/platforms.md")).unwrap();
    let drawn = ddrofs::rofs::diagram(&ddrofs::rofs::assemble(&Default::default()));
    assert_eq!(blocks(&page, "mermaid").collect::<Vec<_>>(), [drawn]);
}

/// The blocks of a page that are in this language.
fn blocks<'a>(page: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let begins = format!("```{language}\n");
    let starts: Vec<usize> = page.match_indices(&begins).map(|(at, _)| at + begins.len()).collect();
    starts.into_iter().filter_map(|start| page[start..].split("```").next())
}

#[test]
fn the_text_of_every_rule_is_in_full_sentences() {
    let texts = CATALOGUE.iter().flat_map(|rule| [(rule.name, rule.checks), (rule.name, rule.matters)]);
    assert_none(texts.filter_map(|(name, text)| unfinished(name, text)).collect());
}

/// Every file below a folder that may not exist, as paths below the root.
fn files_below(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        // Terraform leaves its own files, hidden ones among them, beside an example that was run by hand.
        let is_terraforms = path.contains("/.terraform") || path.contains("terraform.tfstate");
        match entry.file_type().unwrap().is_dir() {
            _ if is_terraforms => {}
            true => files.extend(files_below(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

fn misplaced(files: &[String], generated: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        let is_guide = Path::new(file).parent() == Some(Path::new("docs/guides")) && file.ends_with(".md");
        if !generated.contains(file) && !is_guide {
            problems.push(format!("{file}: nothing of the provider belongs to this page; remove it"));
        }
    }
    problems
}

fn example_problems(wanted: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let missing = wanted.difference(found).map(|path| format!("{path}: the page embeds it; write it"));
    let stray = found.difference(wanted).map(|path| format!("{path}: no page embeds it; remove it"));
    missing.chain(stray).collect()
}

fn unfinished(name: &str, text: &str) -> Option<String> {
    let text = text.trim();
    let begins = text.chars().next().is_some_and(|first| !first.is_lowercase());
    (!begins || !text.ends_with('.')).then(|| format!("{name}: write full sentences: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_nothing_and_unknown_places_are_reported() {
        let generated = ["docs/index.md".to_owned()].into();
        let files =
            ["docs/index.md", "docs/guides/rules.md", "docs/resources/gone.md", "docs/data_sources/x.md"];
        let problems = misplaced(&files.map(str::to_owned), &generated);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn links_to_nothing_are_reported() {
        let page = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let pages = [
            page(
                "docs/a.md",
                "[x](guides/b.md#what-it-is) [y](guides/b.md#z) [z](https://example.com) `f[0](1 2)`",
            ),
            page(
                "docs/guides/b.md",
                "## What it `is`\n<a id=\"z\"></a>\n[a](../a.md) [b](c.md) [c](#y) [d](b.md#z) [e](../../f.png)",
            ),
        ];
        assert_eq!(
            dead_links(&pages.into()),
            [
                "docs/guides/b.md: c.md leads to no page",
                "docs/guides/b.md: docs/guides/b.md has no #y",
                "docs/guides/b.md: ../../f.png leads to no page"
            ]
        );
    }

    #[test]
    fn pictures_that_nobody_would_see_are_reported() {
        let page = format!(
            "![a](../x.png) ![b [c]]({0}x.png) ![d]({0}y.png) [e]({0}y.png)",
            SHOWN_BY_THE_REPOSITORY
        );
        let hidden = hidden_pictures("p.md", &page, &|file| file == "x.png");
        assert_eq!(hidden.len(), 2, "{hidden:?}");
        assert!(hidden[0].contains("../x.png") && hidden[1].contains("main/y.png"), "{hidden:?}");
    }

    #[test]
    fn missing_and_stray_examples_are_reported() {
        let set =
            |paths: &[&str]| -> BTreeSet<String> { paths.iter().map(|path| (*path).to_owned()).collect() };
        let problems = example_problems(&set(&["a", "b"]), &set(&["b", "c"]));
        assert_eq!(problems, ["a: the page embeds it; write it", "c: no page embeds it; remove it"]);
    }

    #[test]
    fn half_sentences_are_reported() {
        assert!(unfinished("x", "looks.").is_some());
        assert!(unfinished("x", "Looks").is_some());
        assert!(unfinished("x", "Looks at `a`.").is_none());
    }
}
