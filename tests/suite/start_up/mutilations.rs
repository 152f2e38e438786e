//! Each part of a rendered task taken away: what then happens is what that part is there for. A part without which nothing changes
//! has no place in the pattern, or its reason in the table.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use serde_json::{Value, json};

use super::consequences::{Consequence, consequence, rows};
use super::ecs::{Variant, document, variants};
use super::run;
use super::sandbox::{Means, Task, has_users, means};

/// A document without one of its parts.
pub(super) struct Mutilation {
    /// The container, the key and what of it: `datadog-agent: mountPoints /tmp`.
    pub(super) part: String,
    document: Value,
}

/// Lists whose members are taken away one by one, with the key that names a member.
const LISTS: [(&str, &str); 4] = [
    ("mountPoints", "containerPath"),
    ("dependsOn", "containerName"),
    ("environment", "name"),
    ("secrets", "name"),
];

/// Every part of every container, taken away alone.
pub(super) fn mutilations(document: &Value) -> Vec<Mutilation> {
    let containers = document["containerDefinitions"].as_array().expect("containers");
    let mut mutilations = Vec::new();
    for (index, container) in containers.iter().enumerate() {
        let name = container["name"].as_str().expect("a name");
        let mut add = |part: String, change: &dyn Fn(&mut Value)| {
            let mut document = document.clone();
            change(&mut document["containerDefinitions"][index]);
            mutilations.push(Mutilation { part: format!("{name}: {part}"), document });
        };
        for (key, value) in container.as_object().expect("a container") {
            match (key.as_str(), LISTS.iter().find(|(list, _)| list == key)) {
                ("name" | "image", _) => {}
                (_, Some((_, name))) => {
                    for (at, member) in value.as_array().expect("a list").iter().enumerate() {
                        let member_name = member[name].as_str().expect("a name");
                        add(format!("{key} {member_name}"), &|container| {
                            container[key].as_array_mut().expect("a list").remove(at);
                        });
                        if member["readOnly"] == true {
                            add(format!("readOnly {member_name}"), &|container| {
                                container[key][at]["readOnly"] = false.into()
                            });
                        }
                    }
                }
                ("command", _) => {
                    add(key.clone(), &|container| container[key] = json!(["true"]));
                    let words = value.as_array().expect("words");
                    let last = words.len() - 1;
                    let lines: Vec<_> = words[last].as_str().expect("a word").lines().collect();
                    for (at, line) in lines.iter().enumerate() {
                        let rest: Vec<_> = [&lines[..at], &lines[at + 1..]].concat();
                        add(format!("line {line}"), &|container| {
                            container[key][last] = rest.join("\n").into()
                        });
                    }
                }
                _ => add(key.clone(), &|container| {
                    container.as_object_mut().expect("a container").remove(key);
                }),
            }
        }
    }
    mutilations
}

/// Runs jobs on all cores and collects what they find.
fn on_all_cores<J: Send>(jobs: Vec<J>, find: impl Fn(J) -> Vec<String> + Sync) -> Vec<String> {
    let (jobs, found) = (Mutex::new(jobs), Mutex::new(Vec::new()));
    let next = || jobs.lock().expect("no job panicked").pop();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(job) = next() {
                    let problems = find(job);
                    found.lock().expect("no job panicked").extend(problems);
                }
            });
        }
    });
    found.into_inner().expect("no job panicked")
}

/// What a mutilation must show and does not.
fn problems(
    variant: &Variant,
    whole: &BTreeSet<String>,
    mutilation: &Mutilation,
    means: &Means,
) -> Vec<String> {
    let (part, task) = (&mutilation.part, Task::from_ecs(&mutilation.document));
    let name = variant.name;
    let Some(consequence) = consequence(name, part) else {
        return vec![format!("{name}, {part}: nobody said what follows without it")];
    };
    // A document that says the same thing needs no second run.
    let is_same = task == Task::from_ecs(&document(&variant.settings));
    let seen = (!is_same).then(|| run(&task, means));
    let facts = seen.as_ref().map_or_else(|| whole.clone(), |seen| seen.facts());
    let changed: Vec<_> = whole
        .difference(&facts)
        .map(|fact| format!("- {fact}"))
        .chain(facts.difference(whole).map(|fact| format!("+ {fact}")))
        .collect();
    let told = || seen.as_ref().map(|seen| seen.told()).unwrap_or_default();
    match consequence {
        Consequence::Shows(wanted) => {
            let missing: Vec<_> =
                wanted.iter().filter(|fact| !changed.iter().any(|changed| changed == *fact)).collect();
            if missing.is_empty() {
                return Vec::new();
            }
            vec![format!("{name}, {part}: {missing:?} does not show. What changed: {changed:#?}\n{}", told())]
        }
        Consequence::None(_) if changed.is_empty() => Vec::new(),
        Consequence::None(reason) => {
            vec![format!("{name}, {part}: changes something, although \"{reason}\": {changed:#?}")]
        }
    }
}

#[test]
fn every_part_of_every_variant_for_ecs_has_its_consequence() {
    let Some(means) = means() else { return };
    let variants = variants();
    let plain = &variants[0];
    let parts_of_plain: Vec<_> =
        mutilations(&document(&plain.settings)).into_iter().map(|one| one.part).collect();
    let mut jobs = Vec::new();
    for variant in variants.iter().filter(|variant| variant.settings.user.is_none() || has_users(means)) {
        let whole = run(&Task::from_ecs(&document(&variant.settings)), means).facts();
        for mutilation in mutilations(&document(&variant.settings)) {
            // What has been seen of a plain task is seen again only where something else follows from it.
            let part = &mutilation.part;
            let is_as_plain = variant.name != plain.name
                && parts_of_plain.contains(part)
                && rows::first(variant.name, part) == rows::first(plain.name, part);
            let is_seen_again = variant.is_taken_apart && !part.contains(": line ");
            if !is_as_plain || is_seen_again {
                jobs.push((variant, whole.clone(), mutilation));
            }
        }
    }
    assert!(jobs.len() > 40, "only {} parts were taken away", jobs.len());
    let problems =
        on_all_cores(jobs, |(variant, whole, mutilation)| problems(variant, &whole, &mutilation, means));
    assert!(problems.is_empty(), "\n{}", problems.join("\n\n"));
}

#[test]
fn every_row_of_the_table_is_of_a_part_that_is_there() {
    let variants = variants();
    let parts: Vec<_> = variants
        .iter()
        .flat_map(|variant| {
            mutilations(&document(&variant.settings)).into_iter().map(|one| (variant.name, one.part))
        })
        .collect();
    let is_needed =
        |row: &usize| parts.iter().any(|(variant, part)| rows::first(variant, part) == Some(*row));
    let idle: Vec<_> = (0..rows::count()).filter(|row| !is_needed(row)).map(rows::told).collect();
    assert!(idle.is_empty(), "rows that decide nothing: {idle:#?}");
}
