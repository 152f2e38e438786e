//! Names that `src/provider/` reads by text: each is a name of the schema that it reads from, or a key of ECS. A misspelt one
//! would read null without a word.

use std::collections::BTreeSet;

use ddrofs::ecs::shapes;
use ddrofs::framework::Provider;
use ddrofs::schema::{Attribute, Block};
use ddrofs::value::Type;

use super::arrows::shipped;
use super::{TextFile, assert_none, rust_files};

/// The calls that read a value by a name, or name a place in a configuration.
const CALLS: [&str; 17] = [
    ".get(",
    ".get_mut(",
    ".remove(",
    ".string(",
    ".bool(",
    ".integer(",
    ".block(",
    ".text(",
    ".texts(",
    ".shape_text(",
    ".number(",
    ".flag(",
    ".one_of(",
    ".attribute(",
    ".place(",
    "AttributePath::root(",
    "block_at(",
];

#[test]
fn every_name_that_is_read_is_one_of_the_schema() {
    let files = rust_files();
    let files: Vec<_> = shipped(&files).filter(|file| file.path.starts_with("src/provider/")).collect();
    let read = files.iter().map(|file| names_read(&file.text).len()).sum::<usize>();
    assert!(read > 100, "only {read} names were found: the calls are called otherwise by now");
    assert_none(files.into_iter().flat_map(|file| unknown_names(file, &names_for(&file.path))).collect());
}

/// The names that a file may read: of what its part of the configuration is declared as, and everything for those that serve
/// several.
fn names_for(path: &str) -> BTreeSet<String> {
    let provider = ddrofs::provider::ddrofs();
    let block = provider.schema().block;
    let source = |name: &str| {
        let sources = provider.data_sources().iter();
        let named = sources.filter(|source| source.type_name() == name).map(|source| source.schema().block);
        named.collect::<Vec<_>>()
    };
    let resources = || provider.resources().iter().map(|resource| resource.schema().block);
    let nested = |name: &str| {
        let resource = resources().next().expect("there is a resource");
        let nested = resource.blocks.into_iter().filter(|nested| nested.name == name);
        nested.map(|nested| Block { blocks: vec![nested], ..Block::default() }).collect::<Vec<_>>()
    };
    let inside = path.trim_start_matches("src/provider/");
    let blocks: Vec<Block> = match inside.split('/').next().unwrap_or_default() {
        "provider_block.rs" | "aws_settings.rs" => vec![block],
        "policy_block.rs" => nested("policy"),
        // The data source of a platform may have settings that the platform alone has.
        "agent_block" => {
            let own = source("ddrofs_agent_kubernetes").into_iter();
            let own = own.map(|block| Block { blocks: Vec::new(), ..block }).collect();
            [nested("agent"), nested("application"), own].concat()
        }
        "resource" => {
            let lists = provider.resources().iter().filter_map(|resource| resource.list_schema());
            resources().chain(lists.map(|schema| schema.block)).collect()
        }
        "data_source" => {
            let file = inside.rsplit('/').next().unwrap_or_default();
            source(&format!("ddrofs_{}", file.trim_end_matches(".rs")))
        }
        _ => {
            let sources = provider.data_sources().iter().map(|source| source.schema().block);
            resources().chain(sources).chain([block]).collect()
        }
    };
    let mut names = BTreeSet::new();
    blocks.iter().for_each(|block| add_names(block, &mut names));
    let keys = shapes::structures().iter().flat_map(|structure| structure.members.iter());
    names.extend(keys.map(|member| member.key.to_owned()).filter(|key| is_of_ecs_alone(key)));
    // What functions take is no schema's.
    names.insert("options".to_owned());
    names
}

/// Whether a key cannot be taken for a name in a configuration. The others have to be in the schema themselves.
fn is_of_ecs_alone(key: &str) -> bool {
    key.contains(char::is_uppercase)
        || ["key", "name", "value", "host", "volumes", "tags", "image"].contains(&key)
}

fn add_names(block: &Block, names: &mut BTreeSet<String>) {
    for Attribute { name, ty, .. } in &block.attributes {
        names.insert(name.clone());
        add_names_of(ty, names);
    }
    for nested in &block.blocks {
        names.insert(nested.name.clone());
        // What stands in a block may be named with the block: `apm.port`.
        let inside = nested.block.attributes.iter();
        names.extend(inside.map(|attribute| format!("{}.{}", nested.name, attribute.name)));
        add_names(&nested.block, names);
    }
}

fn add_names_of(ty: &Type, names: &mut BTreeSet<String>) {
    match ty {
        Type::Object(object) => {
            for (name, ty) in &object.attributes {
                names.insert(name.clone());
                add_names_of(ty, names);
            }
        }
        Type::List(element) | Type::Set(element) | Type::Map(element) => add_names_of(element, names),
        _ => {}
    }
}

fn unknown_names(file: &TextFile, known: &BTreeSet<String>) -> Vec<String> {
    let names = names_read(&file.text).into_iter().filter(|(_, name)| !known.contains(*name));
    names.map(|(line, name)| format!("{}:{line}: no schema has \"{name}\"", file.path)).collect()
}

/// Every name that stands in such a call as text, with its line. Tests read what they made themselves.
fn names_read(text: &str) -> Vec<(usize, &str)> {
    let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut names = Vec::new();
    for call in CALLS {
        for (at, _) in shipped.match_indices(call) {
            let begin = at + call.len();
            if let Some(name) = first_text(&shipped[begin..]) {
                names.push((shipped[..begin].matches('\n').count() + 1, name));
            }
        }
    }
    names.sort_unstable();
    names
}

/// The first argument that is a text.
fn first_text(arguments: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, char) in arguments.char_indices() {
        match char {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            '"' if depth == 0 => return arguments[at + 1..].split('"').next(),
            '"' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_reported_with_its_line() {
        let known = BTreeSet::from(["image".to_owned(), "launch_type".to_owned()]);
        let text = "fn f(value: &Value) {\n    value.get(\"imge\");\n    self.one_of(\n        layers,\n        \
                    \"lunch_type\",\n    );\n    value.get(\"image\");\n    value.get(name);\n}\n\
                    #[cfg(test)]\nmod tests {\n    fn g() { value.get(\"nothing\") }\n}\n";
        let file = TextFile { path: "src/provider/x.rs".to_owned(), text: text.to_owned() };
        assert_eq!(
            unknown_names(&file, &known),
            [
                "src/provider/x.rs:2: no schema has \"imge\"",
                "src/provider/x.rs:3: no schema has \"lunch_type\"",
            ]
        );
    }

    #[test]
    fn each_part_reads_its_own_schema() {
        let [agent, policy] =
            ["src/provider/agent_block/decode.rs", "src/provider/policy_block.rs"].map(names_for);
        assert!(agent.contains("dogstatsd") && !agent.contains("waiver") && !agent.contains("region"));
        assert!(policy.contains("waiver") && !policy.contains("dogstatsd"));
        let all = names_for("src/provider/task/mod.rs");
        assert!(agent.is_subset(&all) && policy.is_subset(&all));
    }
}
