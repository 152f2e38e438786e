//! Writes what the fuzzer starts from: every example of the catalogue, our own task definitions and the published ones
//! where they are at hand, each as text, as YAML and as a value on the wire, Compose files, jobs of Nomad, containers of Docker, manifests
//! of Kubernetes, what people write in YAML, and the words that a task definition and a YAML text are made of.
//!
//! `fuzz-seeds FOLDER` writes `documents/`, `yaml/`, `messages/`, `files/`, `jobs/`, `containers/`, `manifests/`, `found/`, `words` and `signs`
//! there. `make fuzz` runs it.

#![expect(clippy::print_stderr, reason = "the complaint is for whoever typed the command")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ddrofs::document::{parse, to_json_pretty, yaml};
use ddrofs::ecs::shapes;
use ddrofs::rules::{CATALOGUE, DocumentKind, Overlay};
use ddrofs::value::{Type, json, msgpack};

#[path = "../tests/support/compose_files.rs"]
mod compose_files;
#[path = "../tests/support/documents.rs"]
mod documents;
#[path = "../tests/support/yaml/mod.rs"]
mod yaml_texts;

/// What a YAML text is made of beside letters, and what others take for something else.
const SIGNS: &[&str] = &[
    "- ",
    ": ",
    "? ",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "!reset ",
    "!<x>",
    "|\n",
    ">-\n",
    "|2+\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "# ",
    "{}",
    "[]",
    "{a: ",
    "[a, ",
    "\r\n",
    "\t",
    "\u{feff}",
    "''",
    "\"\\u00e4\"",
];

/// Jobs of Nomad that were written here.
const JOBS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/nomad");

/// Manifests of Kubernetes that were written here.
const MANIFESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/kubernetes");

/// The first decision of the target that decodes messages: a value that brings its own type.
const OF_ANY_TYPE: u8 = 0;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: fuzz-seeds FOLDER");
        return ExitCode::FAILURE;
    };
    match write_seeds(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn write_seeds(folder: &Path) -> Result<(), Box<dyn Error>> {
    let [documents, messages, files, jobs, containers, manifests, as_yaml, found] =
        ["documents", "messages", "files", "jobs", "containers", "manifests", "yaml", "found"]
            .map(|name| folder.join(name));
    for folder in [&documents, &messages, &files, &jobs, &containers, &manifests, &as_yaml, &found] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
    }
    for (name, text) in examples()?.into_iter().chain(written()?) {
        std::fs::write(documents.join(&name), &text)?;
        let document = parse(&text).map_err(|problems| format!("{name}: {problems:?}"))?;
        std::fs::write(as_yaml.join(&name), yaml::write(&document, &["name"])?)?;
        std::fs::write(found.join(&name), &text)?;
        std::fs::write(found.join(format!("{name}.yaml")), yaml::write(&document, &["name"])?)?;
        let value = json::decode_untyped(text.as_bytes())?;
        let mut message = vec![OF_ANY_TYPE];
        message.extend(msgpack::encode(&value, &Type::Dynamic)?);
        std::fs::write(messages.join(&name), message)?;
    }
    for (name, text) in compose_files()? {
        std::fs::write(files.join(&name), text)?;
    }
    for (name, text) in docker_documents()? {
        std::fs::write(containers.join(name), text)?;
    }
    copy(JOBS, "hcl", &jobs)?;
    copy(MANIFESTS, "yaml", &manifests)?;
    copy(MANIFESTS, "yaml", &found)?;
    for (number, text) in yaml_texts::WRITTEN.iter().enumerate() {
        std::fs::write(as_yaml.join(format!("written-{number}")), text)?;
    }
    std::fs::write(folder.join("words"), words())?;
    std::fs::write(folder.join("signs"), signs())?;
    Ok(())
}

/// Copies the files of a folder whose names end like that.
fn copy(from: &str, ending: &str, to: &Path) -> Result<(), Box<dyn Error>> {
    for entry in Path::new(from).read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            std::fs::copy(&path, to.join(path.file_name().expect("a file has a name")))?;
        }
    }
    Ok(())
}

/// Every example of that kind of document with its name.
fn of_kind(kind: DocumentKind) -> impl Iterator<Item = (String, Overlay)> {
    let named = CATALOGUE.iter().flat_map(|rule| {
        [("failing", rule.failing), ("passing", rule.passing)]
            .map(|(which, example)| (format!("{}-{which}", rule.name), example))
    });
    named.filter(move |(_, example)| example.kind() == kind)
}

fn examples() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for (name, example) in of_kind(DocumentKind::TaskDefinition) {
        texts.push((name, to_json_pretty(&example.document())?));
    }
    Ok(texts)
}

fn compose_files() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for (name, example) in of_kind(DocumentKind::Compose) {
        texts.push((name, yaml::write(&example.document(), &[])?));
    }
    for path in compose_files::own() {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        texts.push((name, std::fs::read_to_string(path)?));
    }
    Ok(texts)
}

/// What the provider makes for Docker, as it is on record.
fn docker_documents() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for entry in Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/docker").read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(&path)?;
            let record = parse(&text).map_err(|problems| format!("{}: {problems:?}", path.display()))?;
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            texts.push((name, to_json_pretty(record.get("document"))?));
        }
    }
    Ok(texts)
}

fn written() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for path in [documents::own(), documents::published()].concat() {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        texts.push((name, std::fs::read_to_string(path)?));
    }
    Ok(texts)
}

/// Keys and values of the table of shapes, one quoted word a line.
fn words() -> String {
    let members = || shapes::structures().iter().flat_map(|structure| structure.members);
    let keys = members().map(|member| member.key);
    let values = members().flat_map(|member| member.values).copied();
    let words: BTreeSet<&str> = keys.chain(values).chain(shapes::RESPONSE_ONLY.iter().copied()).collect();
    words.into_iter().fold(String::new(), |mut lines, word| {
        writeln!(lines, "\"\\\"{word}\\\"\"").expect("writing to a string works");
        lines
    })
}

/// What a YAML text is made of, one quoted word a line.
fn signs() -> String {
    let quoted = |byte: &u8| format!("\\x{byte:02X}");
    let words = SIGNS.iter().chain(yaml_texts::TRICKY).filter(|text| !text.is_empty() && text.len() < 64);
    words.fold(String::new(), |mut lines, word| {
        let word: String = word.bytes().map(|byte| quoted(&byte)).collect();
        writeln!(lines, "\"{word}\"").expect("writing to a string works");
        lines
    })
}
