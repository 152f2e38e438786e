//! Each part of a rendered task taken away: what then happens is what that part is there for. A part without which nothing changes
//! has no place in the pattern, or its reason in the table.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use serde_json::{Value, json};

use super::consequences::{Consequence, Place, SHARED};
use super::sandbox::{Means, Task, has_users, means};
use super::{RUNTIMES, Runtime, Variant, run};

/// A document without one of its parts.
pub(super) struct Mutilation {
    /// The container and what of it, in words that all platforms share where they have the same thing: `datadog-agent: mount /tmp`,
    /// `environment NAME`, `waits for NAME`, `read-only root`, `read-only PATH`, `command`, `line TEXT`, `health check`, `user`,
    /// `memory`, `stop timeout`.
    pub(super) part: String,
    pub(super) document: Value,
}

/// What all platforms call what one of them has under a key, or the key.
pub(super) fn shared_word<'a>(words: &[(&str, &'static str)], key: &'a str) -> &'a str {
    words.iter().find(|(own, _)| *own == key).map_or(key, |(_, word)| word)
}

/// A command that does nothing, and one without each of its lines. Something has to be where a condition holds.
pub(super) fn of_a_command(command: &Value) -> Vec<(String, Value)> {
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

impl Runtime {
    fn whole(&self, variant: &Variant) -> Task {
        (self.task)(variant, &(self.document)(&variant.settings))
            .expect("a platform refuses nothing that is whole")
    }

    fn mutilations(&self, variant: &Variant) -> Vec<Mutilation> {
        (self.parts)(&(self.document)(&variant.settings))
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
        let Some(consequence) = self.table().consequence(name, part) else {
            return vec![format!("{name}, {part}: nobody said what follows without it")];
        };
        let (facts, told) = match (self.task)(variant, &mutilation.document) {
            // A document that says the same thing needs no second run.
            Ok(task) if task == self.whole(variant) => (whole.clone(), String::new()),
            Ok(task) => {
                let seen = run(&task, means);
                (seen.facts(), seen.told())
            }
            Err(reason) => (["the platform refuses the document".to_owned()].into(), reason),
        };
        let changed: Vec<_> = whole
            .difference(&facts)
            .map(|fact| format!("- {fact}"))
            .chain(facts.difference(whole).map(|fact| format!("+ {fact}")))
            .collect();
        match consequence {
            Consequence::Shows(wanted) => {
                let wanted = wanted.iter().map(|fact| self.fact(fact));
                let missing: Vec<_> = wanted.filter(|fact| !changed.contains(fact)).collect();
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
        let (variants, table) = (self.variants(), self.table());
        let first = &variants[0];
        let parts_of_first: Vec<_> = self.mutilations(first).into_iter().map(|one| one.part).collect();
        let mut jobs = Vec::new();
        for variant in variants.iter().filter(|variant| variant.settings.user.is_none() || has_users(means)) {
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

    /// The rows that some part of some variant needs, the platform's own and those of all platforms.
    fn needed_rows(&self) -> BTreeSet<Place> {
        let variants = self.variants();
        let parts = variants.iter().flat_map(|variant| {
            self.mutilations(variant)
                .into_iter()
                .filter_map(|one| self.table().first(variant.name, &one.part))
        });
        parts.collect()
    }
}

/// Starts a platform's workloads without each of their parts.
pub(super) fn take_apart(runtime: &Runtime) {
    let Some(means) = means() else { return };
    runtime.take_apart(means);
}

#[test]
fn every_row_of_the_tables_is_of_a_part_that_is_there() {
    let mut idle = Vec::new();
    let mut of_all = BTreeSet::new();
    for runtime in RUNTIMES {
        let needed = runtime.needed_rows();
        let own = (0..runtime.rows.len()).map(Place::Own).filter(|place| !needed.contains(place));
        idle.extend(own.map(|place| format!("{:?}: {}", runtime.platform, runtime.table().told(place))));
        of_all.extend(needed.into_iter().filter(|place| matches!(place, Place::Shared(_))));
    }
    let shared = (0..SHARED.len()).map(Place::Shared).filter(|place| !of_all.contains(place));
    idle.extend(shared.map(|place| RUNTIMES[0].table().told(place)));
    assert!(idle.is_empty(), "rows that decide nothing: {idle:#?}");
}
