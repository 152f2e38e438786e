//! Files of the configuration: where each goes, and whether its content can be one. A content is never quoted.

use std::collections::BTreeMap;

use super::SettingProblem;
use crate::rofs::config_file::{LONGEST_NAME, PathFlaw, config_files, normalized};
use crate::rofs::dockerfile;
use crate::rofs::settings::{DEFAULT_IMAGE, Seeding, Settings, Text};
use crate::rofs::writable_path::CONFIG;

const SETTING: &str = "config_files";

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    problems.extend(nobody_writes_them(settings));
    problems.extend(finds_nothing(settings));
    let mut read: BTreeMap<String, &str> = BTreeMap::new();
    for (key, content) in &settings.config_files {
        let found = |summary, detail, fix| of_file(settings, key, summary, detail, fix);
        match normalized(key) {
            Err(flaw) => problems.push(not_a_path(settings, key, flaw)),
            Ok(path) => {
                if settings.platform.removes_at_start(&path, known(content)) {
                    problems.push(found(
                        "A file that the image removes at start",
                        format!(
                            "`{}` ends in .yaml.default and has no ad_identifiers. The image's start script removes such files of \
                             conf.d, so the Agent would never read it.",
                            shown(key)
                        ),
                        format!("Write it as \"{}\".", shown(&path[..path.len() - ".default".len()])),
                    ));
                }
                if let Some(other) = read.get(&path) {
                    problems.push(found(
                        "Two contents for one file",
                        format!("`{}` and `{}` are the same file.", shown(other), shown(key)),
                        format!("Remove one of them, or write both as \"{}\".", shown(&path)),
                    ));
                } else {
                    read.insert(path, key);
                }
            }
        }
        problems.extend(not_a_content(settings, key, content));
    }
    for (path, key) in &read {
        let below = format!("{path}/");
        if let Some((_, inside)) =
            read.range(below.clone()..).next().filter(|(other, _)| other.starts_with(&below))
        {
            problems.push(of_file(
                settings,
                key,
                "A file where a folder has to be",
                format!("`{}` is below `{}`, which cannot be a file then.", shown(inside), shown(key)),
                "Give one of them another path.",
            ));
        }
    }
}

/// Without an init container files can only come with the image.
fn nobody_writes_them(settings: &Settings) -> Option<SettingProblem> {
    // Who leaves the init container out for one task has the files of all tasks in that task's image.
    let is_overridden = settings.written.is_overridden_by(SETTING, "seeding");
    if settings.seeding != Seeding::ImageVolumes || settings.config_files.is_empty() || is_overridden {
        return None;
    }
    let files = config_files(settings);
    let lines = dockerfile(DEFAULT_IMAGE, files.iter().map(|(file, _)| file.path.as_str()));
    let lines: String = lines.lines().map(|line| format!("\n  {line}")).collect();
    Some(SettingProblem {
        key: None,
        ..of_file(
            settings,
            "",
            "Files that nobody writes",
            "With seeding = \"image_volumes\" there is no init container that could write `config_files`.",
            format!(
                "Remove `config_files` and put the files into the image, with a Dockerfile as this one:\n{lines}\n\nOr remove \
                 `seeding`."
            ),
        )
    })
}

/// A main configuration file in place of the image's, without the listener of the platform, and the Agent is told not to
/// look where it runs: then it finds no container, and the checks that wait for one are never run.
fn finds_nothing(settings: &Settings) -> Option<SettingProblem> {
    const MAIN: &str = "datadog.yaml";
    let listener = settings.platform.listener()?;
    let is_main = |key: &&String| normalized(key).is_ok_and(|path| path == MAIN);
    let key = settings.config_files.keys().find(is_main)?;
    let Some(Text::Known(content)) = settings.config_files.get(key) else { return None };
    let says_off = |line: &str| {
        let value = line.trim_start().strip_prefix("autoconfig_from_environment:");
        value.is_some_and(|value| value.split('#').next().unwrap_or_default().trim() == "false")
    };
    let variable = settings.environment.get("DD_AUTOCONFIG_FROM_ENVIRONMENT");
    let is_off = match variable {
        Some(Text::Known(value)) => value == "false",
        Some(Text::Unknown) => return None,
        None => content.lines().any(says_off),
    };
    let names_listeners = content.contains("listeners")
        || ["DD_LISTENERS", "DD_EXTRA_LISTENERS"].iter().any(|name| settings.environment.contains_key(*name));
    (is_off && !names_listeners).then(|| {
        of_file(
            settings,
            key,
            "An Agent that finds no container",
            format!(
                "The file takes the place of the image's, which names the listener `{listener}`, and the Agent is told not to look \
                 where it runs. It would find none of the containers beside it and run no check for them."
            ),
            format!(
                "Write into it:\n\n  listeners:\n    - name: {listener}\n  config_providers:\n    - name: {listener}\n      polling: \
                 true\n\nOr leave autoconfig_from_environment out."
            ),
        )
    })
}

fn not_a_path(settings: &Settings, key: &str, flaw: PathFlaw) -> SettingProblem {
    let example = "Write it as in \"conf.d/redisdb.d/conf.yaml\".";
    let (summary, detail, fix) = match flaw {
        PathFlaw::Empty => (
            "A file without a path",
            "The key of a file is its path from the configuration directory on, and one of them is empty."
                .to_owned(),
            example.to_owned(),
        ),
        PathFlaw::Absolute => (
            "An absolute path",
            format!(
                "`{}` begins with a slash. The paths begin at {CONFIG}, and nothing is written elsewhere.",
                shown(key)
            ),
            match key.strip_prefix(CONFIG).and_then(|rest| normalized(rest.trim_start_matches('/')).ok()) {
                Some(path) => format!("Write it as \"{}\".", shown(&path)),
                None => example.to_owned(),
            },
        ),
        PathFlaw::Climbs => (
            "A path that leads out of the directory",
            format!(
                "`{}` has `..` in it. The paths begin at {CONFIG}, and nothing is written elsewhere.",
                shown(key)
            ),
            format!("Write the path from {CONFIG} on, without `..`."),
        ),
        PathFlaw::Control => (
            "A path with control characters",
            format!("`{}` has a control character in it.", shown(key)),
            "Write the path without it.".to_owned(),
        ),
        PathFlaw::LongName => (
            "A name that is too long",
            format!(
                "A name in `{}` is longer than {LONGEST_NAME} bytes, which no file system of Linux accepts.",
                shown(&key.chars().take(60).collect::<String>())
            ),
            "Write a shorter one.".to_owned(),
        ),
        PathFlaw::Directory => (
            "A folder in place of a file",
            format!("`{}` names a folder. Folders are made where a file needs them.", shown(key)),
            match key.trim_end_matches(['/', '.']) {
                "" => example.to_owned(),
                folder => format!("Write the path of a file, as in \"{}/conf.yaml\".", shown(folder)),
            },
        ),
        PathFlaw::OfTheAgent => (
            "A file that the Agent writes itself",
            format!("The Agent makes `{}` when it starts, with a secret of its own in it.", shown(key)),
            "Remove it.".to_owned(),
        ),
    };
    of_file(settings, key, summary, detail, fix)
}

fn not_a_content(settings: &Settings, key: &str, content: &Text) -> Option<SettingProblem> {
    let Text::Known(text) = content else { return None };
    // A form feed may stand between two parts of a Python file.
    let is_of_text = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t' | '\u{c}');
    if text.is_empty() {
        return Some(of_file(
            settings,
            key,
            "A file without a content",
            format!("The content of `{}` is empty, and an empty file says nothing to the Agent.", shown(key)),
            "Remove it, or write a comment: \"# empty\".",
        ));
    }
    (!text.chars().all(is_of_text)).then(|| {
        of_file(
            settings,
            key,
            "Content that is not text",
            format!(
                "The content of `{}` has control characters in it. It travels in a variable, which can only hold text.",
                shown(key)
            ),
            "Put a file that is not text into the image.",
        )
    })
}

fn known(content: &Text) -> &str {
    match content {
        Text::Known(text) => text,
        // Whatever it is, it may name them.
        Text::Unknown => "ad_identifiers",
    }
}

/// A path for a sentence: nothing in it steers a terminal.
fn shown(path: &str) -> String {
    path.escape_debug().to_string()
}

fn of_file(
    settings: &Settings,
    key: &str,
    summary: &'static str,
    detail: impl Into<String>,
    fix: impl Into<String>,
) -> SettingProblem {
    SettingProblem {
        setting: SETTING,
        key: Some(key.to_owned()),
        container: Some(settings.init_container_name.clone()),
        summary,
        detail: detail.into(),
        fix: fix.into(),
    }
}
