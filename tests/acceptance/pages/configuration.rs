//! A configuration that grows block by block, as a reader of a page writes it.

use std::fs;
use std::path::{Path, PathBuf};

/// Comments that stand for what a page has shown before, in place of the lines.
const AS_BEFORE: [&str; 2] = ["# The arguments as they were.", "# ..."];

/// The parts of a configuration at its outermost level, in the order in which they were written first.
#[derive(Debug, Clone, Default)]
pub(super) struct Configuration(Vec<Part>);

#[derive(Debug, Clone)]
struct Part {
    /// What a second part of this name takes the place of.
    name: String,
    lines: Vec<String>,
}

impl Part {
    /// The lines between its first and its last one.
    fn inside(&self) -> &[String] {
        let first = self.lines.iter().position(|line| is_outermost(line)).unwrap_or_default();
        &self.lines[first + 1..self.lines.len() - 1]
    }
}

fn is_outermost(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_lowercase())
}

impl Configuration {
    /// Adds the parts of a block. One that is there already is replaced, and says `# ...` where its lines stay as they were.
    pub(super) fn add(&mut self, code: &str) {
        for mut part in parts(code) {
            let before = self.0.iter().position(|other| other.name == part.name);
            if let Some(at) = part.lines.iter().position(|line| AS_BEFORE.contains(&line.trim())) {
                let before = before.unwrap_or_else(|| panic!("nothing is shown before {}", part.name));
                part.lines.splice(at..=at, self.0[before].inside().to_vec());
            }
            match before {
                Some(at) => self.0[at] = part,
                None => self.0.push(part),
            }
        }
    }

    /// The text of all parts.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|part| part.lines.join("\n") + "\n").collect()
    }
}

/// The same without hashicorp/aws, which is not at hand: our resource has the arguments of its task definition.
pub(crate) fn with_ours(text: &str) -> String {
    let kept = text.split_inclusive('\n').filter(|line| !line.ends_with("{ source = \"hashicorp/aws\" }\n"));
    kept.collect::<String>()
        .replace("resource \"aws_ecs_task_definition\"", "resource \"ddrofs_ecs_task_definition\"")
}

/// The parts of a text whose lines at the outermost level begin without a space. Comments before a part belong to it.
fn parts(code: &str) -> Vec<Part> {
    let (mut parts, mut lines, mut name) = (Vec::new(), Vec::new(), None);
    for line in code.lines() {
        lines.push(line.to_owned());
        let is_outermost = is_outermost(line);
        if is_outermost {
            name = Some(line.split(" {").next().unwrap_or(line).to_owned());
        }
        if line == "}" || (is_outermost && !line.ends_with('{')) {
            let name = named(name.take().unwrap_or_else(|| panic!("what ends here?\n{code}")), &lines);
            parts.push(Part { name, lines: std::mem::take(&mut lines) });
        }
    }
    parts
}

/// A block without labels is told from others by the first line in it.
fn named(name: String, lines: &[String]) -> String {
    match name.as_str() {
        "moved" | "import" | "removed" => format!("{name} {}", lines[1..].join(" ")),
        _ => name,
    }
}

/// The example of the repository that has this text in it and more than it, as the folder that it is in.
pub(super) fn example_around(code: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    around(&root, code)
}

fn around(folder: &Path, code: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it is readable").path()).collect();
    paths.sort();
    paths.into_iter().find_map(|path| match path.is_dir() {
        true => around(&path, code),
        false => {
            let text =
                fs::read_to_string(&path).ok().filter(|_| path.extension().is_some_and(|it| it == "tf"))?;
            (text.contains(code) && text.trim() != code.trim()).then(|| folder.to_owned())
        }
    })
}

#[test]
fn a_later_block_takes_the_place_of_an_earlier_one_and_may_leave_its_lines_out() {
    let mut configuration = Configuration::default();
    configuration
        .add("# a\nvariable \"a\" { type = string }\n\nresource \"x\" \"y\" {\n  b = 1\n\n  c {\n  }\n}\n");
    configuration.add("resource \"x\" \"y\" {\n  # ...\n  d = 2\n}\n\nmoved {\n  from = a.b\n}\n");
    assert_eq!(
        configuration.text(),
        "# a\nvariable \"a\" { type = string }\nresource \"x\" \"y\" {\n  b = 1\n\n  c {\n  }\n  d = 2\n}\n\nmoved {\n  from = a.b\n}\n"
    );
}
