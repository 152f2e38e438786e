//! Each part of a rendered task taken away: what then happens is what that part is there for. A part without which nothing changes
//! has no place in the pattern, or its reason in the table.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use ddrofs::rofs::settings::Settings;
use serde_json::{Map, Value, json};

use super::consequences::{self, Consequence, Table};
use super::sandbox::{Means, Task, has_users, means};
use super::{Variant, compose, ecs, run};

/// What is taken apart for a platform, and how.
struct Platform {
    variants: Vec<Variant>,
    document: fn(&Settings) -> Value,
    mutilations: fn(&Value) -> Vec<Mutilation>,
    /// The error is why the platform refuses a document.
    task: fn(&Variant, &Value) -> Result<Task, String>,
    table: Table,
}

fn of_ecs() -> Platform {
    Platform {
        variants: ecs::variants(),
        document: ecs::document,
        mutilations: of_a_task_definition,
        task: |_, document| Ok(Task::from_ecs(document)),
        table: consequences::ecs::TABLE,
    }
}

fn of_compose() -> Platform {
    Platform {
        variants: compose::variants(),
        document: compose::document,
        mutilations: of_a_compose_file,
        task: compose::task,
        table: consequences::compose::TABLE,
    }
}

/// A document without one of its parts.
struct Mutilation {
    /// The container, the key and what of it: `datadog-agent: mountPoints /tmp`.
    part: String,
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
fn of_a_task_definition(document: &Value) -> Vec<Mutilation> {
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
                    for (part, command) in of_a_command(value) {
                        add(part, &|container| container[key] = command.clone());
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

/// A command that does nothing, and one without each of its lines. Something has to be where a condition holds.
fn of_a_command(command: &Value) -> Vec<(String, Value)> {
    let words = command.as_array().expect("words");
    let last = words.len() - 1;
    let lines: Vec<_> = words[last].as_str().expect("a word").lines().collect();
    let without = |at: usize| {
        let is_condition = at > 0 && lines[at - 1].ends_with("then");
        let rest = [&lines[..at], if is_condition { &[":"] } else { &[] }, &lines[at + 1..]].concat();
        let mut command = command.clone();
        command[last] = rest.join("\n").into();
        command
    };
    let lines = lines.iter().enumerate().map(|(at, line)| (format!("line {line}"), without(at)));
    [("command".to_owned(), json!(["true"]))].into_iter().chain(lines).collect()
}

/// Every part of every service, and every volume and secret that the file declares, taken away alone.
fn of_a_compose_file(document: &Value) -> Vec<Mutilation> {
    let mut mutilations = Vec::new();
    for list in ["volumes", "secrets"] {
        for name in keys(&document[list]) {
            let mut document = document.clone();
            document[list].as_object_mut().expect("a map").remove(name);
            mutilations.push(Mutilation { part: format!("file: {list} {name}"), document });
        }
    }
    for name in keys(&document["services"]) {
        let service = document["services"][name].as_object().expect("a service");
        for (part, service) in of_a_service(service) {
            let mut document = document.clone();
            document["services"][name] = service.into();
            mutilations.push(Mutilation { part: format!("{name}: {part}"), document });
        }
    }
    mutilations
}

fn of_a_service(service: &Map<String, Value>) -> Vec<(String, Map<String, Value>)> {
    let mut parts = Vec::new();
    let mut add = |part: String, key: &str, value: Option<Value>| {
        let mut service = service.clone();
        match value {
            Some(value) => service.insert(key.to_owned(), value),
            None => service.remove(key),
        };
        parts.push((part, service));
    };
    for (key, value) in service {
        match key.as_str() {
            "image" => {}
            "environment" | "depends_on" => {
                for name in keys(value) {
                    let mut rest = value.clone();
                    rest.as_object_mut().expect("a map").remove(name);
                    add(format!("{key} {name}"), key, Some(rest));
                }
            }
            "volumes" | "tmpfs" | "secrets" => {
                let members = value.as_array().expect("a list");
                for (at, member) in members.iter().map(|member| member.as_str().expect("a text")).enumerate()
                {
                    let words: Vec<_> = member.split(':').collect();
                    let path = words[usize::from(key == "volumes")].trim_end_matches('/');
                    let rest = [&members[..at], &members[at + 1..]].concat();
                    add(format!("{key} {path}"), key, Some(rest.into()));
                    for (option, part) in [(":ro", "read-only"), (":exec", "exec")] {
                        if let Some(without) = member.strip_suffix(option) {
                            let mut members = value.clone();
                            members[at] = without.into();
                            add(format!("{part} {path}"), key, Some(members));
                        }
                    }
                }
            }
            "command" => {
                for (part, command) in of_a_command(value) {
                    add(part, key, Some(command));
                }
            }
            _ => add(key.clone(), key, None),
        }
    }
    parts
}

fn keys(map: &Value) -> impl Iterator<Item = &String> {
    map.as_object().into_iter().flat_map(Map::keys)
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

impl Platform {
    fn whole(&self, variant: &Variant) -> Task {
        (self.task)(variant, &(self.document)(&variant.settings))
            .expect("a platform refuses nothing that is whole")
    }

    fn mutilations(&self, variant: &Variant) -> Vec<Mutilation> {
        (self.mutilations)(&(self.document)(&variant.settings))
    }

    /// What a mutilation must show and does not.
    fn problems(
        &self,
        variant: &Variant,
        whole: &BTreeSet<String>,
        mutilation: &Mutilation,
        means: &Means,
    ) -> Vec<String> {
        let (name, part) = (variant.name, &mutilation.part);
        let Some(consequence) = self.table.consequence(name, part) else {
            return vec![format!("{name}, {part}: nobody said what follows without it")];
        };
        let (facts, told) = match (self.task)(variant, &mutilation.document) {
            // A document that says the same thing needs no second run.
            Ok(task) if task == self.whole(variant) => (whole.clone(), String::new()),
            Ok(task) => {
                let seen = run(&task, means);
                (seen.facts(), seen.told())
            }
            Err(reason) => (["Compose refuses the file".to_owned()].into(), reason),
        };
        let changed: Vec<_> = whole
            .difference(&facts)
            .map(|fact| format!("- {fact}"))
            .chain(facts.difference(whole).map(|fact| format!("+ {fact}")))
            .collect();
        match consequence {
            Consequence::Shows(wanted) => {
                let is_missing = |fact: &&&str| !changed.iter().any(|changed| changed == **fact);
                let missing: Vec<_> = wanted.iter().filter(is_missing).collect();
                if missing.is_empty() {
                    return Vec::new();
                }
                vec![format!("{name}, {part}: {missing:?} does not show. What changed: {changed:#?}\n{told}")]
            }
            Consequence::None(_) if changed.is_empty() => Vec::new(),
            Consequence::None(reason) => {
                vec![format!(
                    "{name}, {part}: changes something, although \"{reason}\": {changed:#?}\n{told}"
                )]
            }
        }
    }

    /// Takes every variant apart. What has been seen of the first one is seen again only where something else follows from it.
    fn take_apart(&self, means: &Means) {
        let (first, table) = (&self.variants[0], self.table);
        let parts_of_first: Vec<_> = self.mutilations(first).into_iter().map(|one| one.part).collect();
        let mut jobs = Vec::new();
        for variant in
            self.variants.iter().filter(|variant| variant.settings.user.is_none() || has_users(means))
        {
            let whole = run(&self.whole(variant), means).facts();
            for mutilation in self.mutilations(variant) {
                let part = &mutilation.part;
                let is_as_first = variant.name != first.name
                    && parts_of_first.contains(part)
                    && table.first(variant.name, part) == table.first(first.name, part);
                let is_seen_again = variant.is_taken_apart && !part.contains(": line ");
                if !is_as_first || is_seen_again {
                    jobs.push((variant, whole.clone(), mutilation));
                }
            }
        }
        assert!(jobs.len() > 40, "only {} parts were taken away", jobs.len());
        let problems = on_all_cores(jobs, |(variant, whole, mutilation)| {
            self.problems(variant, &whole, &mutilation, means)
        });
        assert!(problems.is_empty(), "\n{}", problems.join("\n\n"));
    }

    /// Rows that no part of any variant needs.
    fn idle_rows(&self) -> Vec<String> {
        let parts: Vec<_> = self
            .variants
            .iter()
            .flat_map(|variant| self.mutilations(variant).into_iter().map(|one| (variant.name, one.part)))
            .collect();
        let is_needed =
            |row: &usize| parts.iter().any(|(variant, part)| self.table.first(variant, part) == Some(*row));
        (0..self.table.count()).filter(|row| !is_needed(row)).map(|row| self.table.told(row)).collect()
    }
}

#[test]
fn every_part_of_every_variant_for_ecs_has_its_consequence() {
    let Some(means) = means() else { return };
    of_ecs().take_apart(means);
}

#[test]
fn every_part_of_every_variant_for_compose_has_its_consequence() {
    let Some(means) = means() else { return };
    of_compose().take_apart(means);
}

#[test]
fn every_row_of_the_tables_is_of_a_part_that_is_there() {
    let idle = [of_ecs(), of_compose()].iter().flat_map(Platform::idle_rows).collect::<Vec<_>>();
    assert!(idle.is_empty(), "rows that decide nothing: {idle:#?}");
}
