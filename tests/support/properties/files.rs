//! Files of the Agent's configuration: whatever is given, each is written or told, and what is written is nobody's program.

use std::collections::BTreeMap;

use ddrofs::document::Node;
use ddrofs::render::{self, ecs};
use ddrofs::rofs::settings::{Settings, Text};
use ddrofs::rofs::{SettingProblem, assemble, config_files, problems};
use ddrofs::rules::{Subject, judge};

/// Rules that would speak if the init container were not read for what it is.
const OF_THE_INIT_CONTAINER: [&str; 5] = [
    "config-volume-not-seeded",
    "init-container-copies-nothing",
    "init-container-cannot-write",
    "init-container-not-awaited",
    "two-agents",
];

/// Whatever paths and contents.
pub(crate) fn files(files: BTreeMap<String, Text>) {
    let settings = Settings { config_files: files, user: Some("100".into()), ..Settings::default() };
    let told: Vec<SettingProblem> =
        problems(&settings).into_iter().filter(|problem| problem.setting == "config_files").collect();
    let written = config_files(&settings);
    let is_told = |key: &String| told.iter().any(|problem| problem.key.as_ref() == Some(key));
    for key in settings.config_files.keys() {
        // Of its spelling only slashes and dots may be gone.
        let plain = |path: &str| {
            path.split('/').filter(|name| !matches!(*name, "" | ".")).collect::<Vec<_>>().join("/")
        };
        let is_written = written.iter().any(|(file, _)| file.path == plain(key));
        assert!(is_written || is_told(key), "{key:?} is lost: {told:?}");
    }
    for (file, _) in &written {
        let is_plain = |name: &str| !matches!(name, "" | "." | "..") && !name.chars().any(char::is_control);
        assert!(file.path.split('/').all(is_plain), "{:?} leads elsewhere", file.path);
    }
    let workload = assemble(&settings);
    let document = render::of(settings.platform).document(&workload).expect("it has words for it");
    let containers = ecs::container_definitions(&workload);
    let variables = containers[0].get("environment").items();
    assert_eq!(variables.len(), written.len());
    for (file, content) in &written {
        let is_its = |variable: &&Node| variable.get("name").as_str() == Some(&file.variable);
        let variable = variables.iter().find(is_its).map(|variable| variable.get("value").clone());
        assert_eq!(variable, Some(ecs_text(content)), "{file:?}");
    }
    let judgement = judge(&Subject::of(&document));
    for finding in &judgement.findings {
        assert!(!OF_THE_INIT_CONTAINER.contains(&finding.rule), "{}: {written:?}", finding.detail());
        let texts = format!("{} {}", finding.detail(), finding.fix_text());
        for (file, content) in &written {
            let Text::Known(content) = content else { continue };
            let is_long_enough = content.len() > 30 && !file.path.contains(content.as_str());
            assert!(!is_long_enough || !texts.contains(content.as_str()), "{texts}");
        }
    }
}

fn ecs_text(text: &Text) -> Node {
    match text {
        Text::Known(text) => text.as_str().into(),
        Text::Unknown => Node::Unknown,
    }
}
