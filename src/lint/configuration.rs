//! `ddrofs.toml`: what a repository has decided once for every run of `lint`.
//!
//! The settings about findings have the names of the provider's `policy` block and mean the same. Everything that is wrong with
//! a file is told at once, with line and column.

use std::path::{Component, Path as FilePath, PathBuf};

use fast_glob::glob_match;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::{Node, Place, Places};
use crate::ecs::shapes::nearest;
use crate::ordered::ordered;
use crate::rules::policy::{
    Level, Policy, PolicyProblem, Waiver, accepted_control, allowed_key, control_named, rule_named,
};
use crate::task::Around;

use super::threshold::Threshold;

/// The name of the file.
pub(super) const NAME: &str = "ddrofs.toml";

/// What a file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Configuration {
    /// What is made of findings; without the waivers that hold for some files only.
    pub(super) policy: Policy,
    /// Waivers for the files that a pattern fits, relative to the folder of the configuration.
    local_waivers: Vec<(String, Waiver)>,
    pub(super) fail_on: Option<Threshold>,
    pub(super) around: Around,
    /// What is checked where the command line names nothing.
    pub(super) paths: Vec<String>,
    pub(super) templates: Vec<String>,
    /// The folder that patterns and paths start from.
    pub(super) folder: PathBuf,
}

/// Something wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) text: String,
}

/// The settings, in their order.
const SETTINGS: [&str; 9] = [
    "accept_sidecars",
    "allow_keys",
    "context",
    "enforce",
    "fail_on",
    "paths",
    "severity",
    "templates",
    "waiver",
];

/// The settings of a waiver.
const OF_A_WAIVER: [&str; 6] = ["rule", "container", "files", "reason", "owner", "expires"];

impl Configuration {
    /// Reads a configuration whose file is in this folder.
    pub(super) fn read(text: &str, folder: &FilePath) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader { places: Places::of(text), problems: Vec::new() };
        let configuration = match DeTable::parse(text) {
            Ok(table) => reader.configuration(table.get_ref(), folder),
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start);
                reader.problem(start, format!("This is not TOML: {}.", error.message()));
                Self::default()
            }
        };
        let mut problems = reader.problems;
        problems.sort_unstable_by_key(|problem| problem.place);
        if problems.is_empty() { Ok(configuration) } else { Err(problems) }
    }

    /// The policy for a file.
    pub(super) fn policy_for(&self, file: &FilePath) -> Policy {
        let mut policy = self.policy.clone();
        let name = self.relative(file);
        let fitting =
            self.local_waivers.iter().filter(|(pattern, _)| glob_match(pattern.as_bytes(), name.as_bytes()));
        policy.waivers.extend(fitting.map(|(_, waiver)| waiver.clone()));
        policy
    }

    /// The path of a file from the folder of the configuration, with slashes.
    pub(super) fn relative(&self, file: &FilePath) -> String {
        let whole = plain(&std::path::absolute(file).unwrap_or_else(|_| file.to_owned()));
        let inside = whole.strip_prefix(&self.folder).unwrap_or(&whole);
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }
}

/// The path without `.` and `..` in it.
fn plain(path: &FilePath) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

struct Reader<'t> {
    places: Places<'t>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, text: String) {
        self.problems.push(Problem { place: self.places.at(at), text });
    }

    fn configuration(&mut self, table: &DeTable<'_>, folder: &FilePath) -> Configuration {
        let mut configuration = Configuration { folder: plain(folder), ..Configuration::default() };
        for (key, value) in table {
            let policy = &mut configuration.policy;
            match key.get_ref().as_ref() {
                "enforce" => policy.enforce = self.each(value, control_named),
                "accept_sidecars" => policy.accept_sidecars = self.each(value, accepted_control),
                "allow_keys" => policy.allow_keys = self.each(value, allowed_key),
                "severity" => self.severities(value, policy),
                "waiver" => self.waivers(value, &mut configuration),
                "fail_on" => {
                    let at = value.span().start;
                    if let Some(text) = self.text(value) {
                        match Threshold::parse(text) {
                            Ok(threshold) => configuration.fail_on = Some(threshold),
                            Err(problem) => self.problem(at, problem.to_string()),
                        }
                    }
                }
                "context" => self.context(value, &mut configuration.around),
                "paths" => configuration.paths = self.texts(value),
                "templates" => configuration.templates = self.texts(value),
                other => self.unknown(key.span().start, "setting", other, &SETTINGS),
            }
        }
        configuration
    }

    fn unknown(&mut self, at: usize, what: &str, name: &str, known: &[&str]) {
        let meant = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => format!("there are {}.", known.join(", ")),
        };
        self.problem(at, format!("There is no {what} \"{name}\"; {meant}"));
    }

    fn text<'v>(&mut self, value: &'v Spanned<DeValue<'_>>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.problem(value.span().start, "A text in quotes is needed here.".to_owned());
        }
        text
    }

    fn texts(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        self.items(value).into_iter().map(|(_, text)| text).collect()
    }

    /// The texts of a list, each with its place.
    fn items(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<(usize, String)> {
        let Some(items) = value.get_ref().as_array() else {
            self.problem(value.span().start, "A list of texts is needed here: [\"...\"].".to_owned());
            return Vec::new();
        };
        let text = |item: &Spanned<DeValue<'_>>| Some((item.span().start, self.text(item)?.to_owned()));
        items.iter().filter_map(text).collect()
    }

    /// What each text of a list means.
    fn each<T, C: Default + Extend<T>>(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        meaning: fn(&str) -> Result<T, PolicyProblem>,
    ) -> C {
        let items = self.items(value);
        let meant = |(at, text): (usize, String)| self.meant(at, meaning(&text));
        ordered(items.into_iter().filter_map(meant))
    }

    fn meant<T>(&mut self, at: usize, meaning: Result<T, PolicyProblem>) -> Option<T> {
        meaning.map_err(|problem| self.problem(at, problem.to_string())).ok()
    }

    fn severities(&mut self, value: &Spanned<DeValue<'_>>, policy: &mut Policy) {
        let Some(table) = value.get_ref().as_table() else {
            let text = "A table is needed here: severity = { floating-image-tag = \"error\" }.";
            return self.problem(value.span().start, text.to_owned());
        };
        for (rule, level) in table {
            let name = self.meant(rule.span().start, rule_named(rule.get_ref()));
            let level = match self.text(level) {
                Some(word) => self.meant(level.span().start, Level::parse(rule.get_ref(), word)),
                None => None,
            };
            if let (Some(name), Some(level)) = (name, level) {
                policy.severity.insert(name, level);
            }
        }
    }

    fn context(&mut self, value: &Spanned<DeValue<'_>>, around: &mut Around) {
        let Some(table) = value.get_ref().as_table() else {
            let text = "A table is needed here: [context] and its settings on lines of their own.";
            return self.problem(value.span().start, text.to_owned());
        };
        for (key, value) in table {
            let Some(name) = Around::NAMES.into_iter().find(|name| *name == key.get_ref().as_ref()) else {
                self.unknown(key.span().start, "setting of a context", key.get_ref(), &Around::NAMES);
                continue;
            };
            if let Some(text) = self.text(value)
                && let Err(problem) = around.tell(name, Node::from(text))
            {
                self.problem(value.span().start, format!("{name}: {problem}."));
            }
        }
    }

    fn waivers(&mut self, value: &Spanned<DeValue<'_>>, configuration: &mut Configuration) {
        let Some(waivers) = value.get_ref().as_array() else {
            let text =
                "A waiver begins with a line [[waiver]], in two brackets, because there may be several.";
            return self.problem(value.span().start, text.to_owned());
        };
        for waiver in waivers.iter() {
            let Some(table) = waiver.get_ref().as_table() else {
                self.problem(waiver.span().start, "A waiver begins with a line [[waiver]].".to_owned());
                continue;
            };
            if let Some((files, waiver)) = self.waiver(waiver.span().start, table) {
                match files {
                    Some(files) => configuration.local_waivers.push((files, waiver)),
                    None => configuration.policy.waivers.push(waiver),
                }
            }
        }
    }

    /// A waiver, and the pattern of the files that it is for.
    fn waiver(&mut self, at: usize, table: &DeTable<'_>) -> Option<(Option<String>, Waiver)> {
        let problems = self.problems.len();
        let (mut texts, mut expires) = (std::collections::BTreeMap::new(), None);
        for (key, value) in table {
            let at = value.span().start;
            match OF_A_WAIVER.into_iter().find(|name| *name == key.get_ref().as_ref()) {
                // A date without quotes is a date of TOML's.
                Some("expires") => {
                    let written = value.get_ref().as_datetime().map(ToString::to_string);
                    let written = match written {
                        Some(written) => Some(written),
                        None => self.text(value).map(str::to_owned),
                    };
                    expires = written.and_then(|written| self.meant(at, Waiver::parse_expires(&written)));
                }
                Some(name) => {
                    if let Some(text) = self.text(value) {
                        texts.insert(name, text.to_owned());
                        if name == "rule" {
                            self.meant(at, rule_named(text));
                        }
                    }
                }
                None => self.unknown(key.span().start, "setting of a waiver", key.get_ref(), &OF_A_WAIVER),
            }
        }
        let is_blank = |part: &str| texts.get(part).is_none_or(|text: &String| text.trim().is_empty());
        for part in ["rule", "reason", "owner"] {
            if is_blank(part) {
                self.problem(at, PolicyProblem::Blank { part }.to_string());
            }
        }
        if !table.keys().any(|key| key.get_ref().as_ref() == "expires") {
            self.problem(at, PolicyProblem::Blank { part: "expires" }.to_string());
        }
        if self.problems.len() > problems {
            return None;
        }
        let mut take = |part: &str| texts.remove(part);
        let waiver =
            Waiver::known(&take("rule")?, take("container"), &take("reason")?, &take("owner")?, expires?);
        Some((take("files"), waiver))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Configuration {
        Configuration::read(text, FilePath::new("/repository"))
            .unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn told(text: &str) -> Vec<String> {
        let problems = Configuration::read(text, FilePath::new("/repository")).unwrap_err();
        problems
            .iter()
            .map(|Problem { place, text }| format!("{}:{} {text}", place.line, place.column))
            .collect()
    }

    #[test]
    fn every_setting_is_read() {
        let configuration = read(
            r#"
enforce = ["ECS.5", "ECS.9"]
severity = { floating-image-tag = "error", root-user = "off" }
accept_sidecars = ["ECS.20"]
allow_keys = ["containerDefinitions.newKey"]
fail_on = "warning"
paths = ["tasks"]
templates = ["**/*.tftpl"]

[context]
operating_system_family = "LINUX"
launch_type = "FARGATE"
execution_role_arn = "r"
task_role_arn = ""

[[waiver]]
rule = "root-filesystem-writable"
container = "legacy"
reason = "vendor image"
owner = "checkout"
expires = 2027-03-31

[[waiver]]
rule = "root-user"
files = "tasks/old/*.json"
reason = "it goes away"
owner = "shop"
expires = "2027-03-31"
"#,
        );
        assert_eq!(configuration.policy.enforce.len(), 2);
        assert_eq!(configuration.policy.severity["root-user"], Level::Off);
        assert_eq!(configuration.fail_on, Some(Threshold::parse("warning").unwrap()));
        assert_eq!((configuration.paths.len(), configuration.templates.len()), (1, 1));
        let mut around = Around::default();
        for (name, value) in [
            ("operating_system_family", "LINUX"),
            ("launch_type", "FARGATE"),
            ("execution_role_arn", "r"),
            ("task_role_arn", ""),
        ] {
            around.tell(name, Node::from(value)).unwrap();
        }
        assert_eq!(configuration.around, around);
        let waivers = |file: &str| configuration.policy_for(FilePath::new(file)).waivers.len();
        assert_eq!((waivers("/repository/tasks/old/a.json"), waivers("/repository/tasks/a.json")), (2, 1));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_with_its_place() {
        let problems = told(
            "enfroce = [\"ECS.5\"]\nenforce = [\"ECS.500\"]\nseverity = { root-usr = \"off\", root-user = \"loud\" }\nfail_on = 1\n\
             [context]\nlaunch_type = \"fargate\"\nlaunch_typ = 1\n[[waiver]]\nrule = \"root-user\"\nexpires = \"tomorrow\"\nwhy = \"x\"\n",
        );
        let expected = [
            ("1:1", "did you mean \"enforce\"?"),
            ("2:12", "ECS.500"),
            ("3:14", "Did you mean \"root-user\"?"),
            ("3:44", "\"loud\""),
            ("4:11", "A text in quotes"),
            ("6:15", "write FARGATE"),
            ("7:1", "did you mean \"launch_type\"?"),
            ("10:11", "is not a date"),
            ("11:1", "There is no setting of a waiver \"why\""),
            ("8:1", "the reason is missing"),
            ("8:1", "the owner is missing"),
        ];
        for (place, words) in expected {
            let is_told =
                |problem: &String| problem.starts_with(&format!("{place} ")) && problem.contains(words);
            assert!(problems.iter().any(is_told), "{place} {words} is missing in {problems:#?}");
        }
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        assert!(told("a = [")[0].contains("This is not TOML"), "{:?}", told("a = ["));
    }
}
