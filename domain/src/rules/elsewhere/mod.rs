//! Documents of other platforms than ECS before the rules: judged as the workload that they say, with every finding at its place of
//! the document and every line to write in the document's own words. A platform is a file with a [`Dialect`].

mod compose;
mod docker;
mod kubernetes;
mod nomad;
mod spelling;
mod yaml;

#[cfg(test)]
mod tests;

pub use spelling::Spelling;

use crate::document::{Change, Node, Origins, Path, Step};
use crate::ordered::ordered;
use crate::rofs::settings::Settings;
use crate::task::{DocumentKind, Subject};

use super::fix::{Edit, Fix, Form};
use super::{Judgement, judge};

/// A kind of document: how it is read as a workload, and how a change of the workload is written in it.
pub(super) trait Dialect {
    /// What runs apart from each other, each in the shape of a task definition, and where each part of it is written.
    fn workloads(&self, document: &Node) -> Vec<(Node, Origins)>;

    /// What to change in a document so that the workload that is read from it has this value at that place; none takes it
    /// out. `None` where the document has no words for it.
    fn rewritten(&self, read: &Read<'_>, path: &Path, value: Option<&Node>) -> Option<Vec<Change>>;

    /// How a line to write looks in a document.
    fn form(&self, document: &Node) -> &'static dyn Form;

    /// The summary of a finding of a rule where the rule's own speaks of a task.
    fn summary(&self, rule: &str) -> Option<&'static str>;

    /// How a sentence calls a place, of which `inside` is the way from its container.
    fn called(&self, _written: &Path, inside: &Path) -> String {
        inside.to_string()
    }

    /// What is left to do where this part of the workload has to go and only its author can take it out.
    fn left_to_its_author(&self, _removed: &Path) -> Option<&'static str> {
        None
    }

    /// What to do about a finding of a rule where no line to write can say it.
    fn advice(&self, _rule: &str) -> Option<&'static str> {
        None
    }
}

/// A document and what was read from it.
pub(super) struct Read<'a> {
    pub(super) document: &'a Node,
    pub(super) tree: &'a Node,
    pub(super) origins: &'a Origins,
}

/// The dialect of a kind of document; none for what the rules read as it is.
fn dialect(kind: DocumentKind) -> Option<&'static dyn Dialect> {
    match kind {
        DocumentKind::TaskDefinition => None,
        DocumentKind::Compose => Some(&compose::Compose),
        DocumentKind::Docker => Some(&docker::Docker),
        DocumentKind::Kubernetes => Some(&kubernetes::Kubernetes),
        DocumentKind::Nomad => Some(&nomad::Nomad),
    }
}

/// How a line to write looks in a kind of document.
pub fn form_of(kind: DocumentKind) -> &'static dyn Form {
    form_in(kind, &Node::Null)
}

/// How a line to write looks in a document of that kind.
pub fn form_in(kind: DocumentKind, document: &Node) -> &'static dyn Form {
    dialect(kind).map_or(&super::Json, |dialect| dialect.form(document))
}

/// What the rules say of a document, whether somebody gives it or we made it. `agent`: the Agent that was asked for, where
/// one was. Paths are those of the document.
pub fn judge_document(kind: DocumentKind, document: &Node, agent: Option<&Settings>) -> Judgement {
    let Some(dialect) = dialect(kind) else { return judge(&Subject { agent, ..Subject::of(document) }) };
    let mut whole = Judgement::default();
    for (tree, origins) in dialect.workloads(document) {
        let mut judgement = judge(&Subject { kind, agent, ..Subject::of(&tree) });
        let words = Words::of(dialect, kind, Read { document, tree: &tree, origins: &origins });
        for finding in &mut judgement.findings {
            finding.path = origins.of(&finding.path);
            finding.summary = dialect.summary(finding.rule).unwrap_or(finding.summary);
            let fix = std::mem::take(&mut finding.fix);
            finding.fix = words.fix(fix);
            if let (true, Some(advice)) = (finding.fix.edits().is_empty(), dialect.advice(finding.rule)) {
                finding.fix = std::mem::take(&mut finding.fix).and(advice);
            }
        }
        whole.join(judgement);
    }
    whole.order_findings();
    whole
}

/// What a line to write is put into.
struct Words<'a> {
    dialect: &'static dyn Dialect,
    kind: DocumentKind,
    read: Read<'a>,
    /// Where containers and volumes are written.
    around: Vec<Path>,
}

impl<'a> Words<'a> {
    fn of(dialect: &'static dyn Dialect, kind: DocumentKind, read: Read<'a>) -> Self {
        let items = ["containerDefinitions", "volumes"].into_iter().flat_map(|list| {
            let items = read.tree.get(list).items();
            (0..items.len()).map(move |index| Path::default().key(list).index(index))
        });
        let around = items.filter_map(|item| read.origins.exactly(&item)).collect();
        Self { dialect, kind, read, around }
    }

    fn fix(&self, fix: Fix) -> Fix {
        let removed = |edit: &&Edit| edit.value.is_none() && edit.destination().is_none();
        let left = fix.edits().iter().filter(removed).filter(|edit| self.edits(edit).is_none());
        let left = left.filter_map(|edit| self.dialect.left_to_its_author(&edit.path)).next();
        let fix = fix.translated(|edit| self.edits(edit).unwrap_or_default());
        let fix = match left {
            Some(rest) if !fix.edits().is_empty() => fix.and(rest),
            _ => fix,
        };
        // A variable that is taken out and set again is set.
        let kept: Vec<Path> =
            ordered(fix.edits().iter().filter(|edit| edit.value.is_some()).map(|edit| edit.path.clone()));
        fix.translated(|edit| {
            let is_set_again =
                edit.value.is_none() && edit.destination().is_none() && kept.contains(&edit.path);
            if is_set_again { Vec::new() } else { vec![edit.clone()] }
        })
    }

    /// An edit in the words of the document, which may have none for it.
    fn edits(&self, edit: &Edit) -> Option<Vec<Edit>> {
        if let Some(to) = edit.destination() {
            return Some(vec![
                edit.instead(Edit::moved(self.read.origins.of(&edit.path), self.moved_to(&edit.path, to))),
            ]);
        }
        let changes = self.dialect.rewritten(&self.read, &edit.path, edit.value.as_ref())?;
        Some(changes.into_iter().map(|change| self.edit(edit, change)).collect())
    }

    /// Where a member goes that gets another key beside its own.
    fn moved_to(&self, from: &Path, to: &Path) -> Path {
        let mut place = self.read.origins.of(from);
        if let (Some(here), Some(Step::Key(key))) = (place.0.last_mut(), to.0.last()) {
            *here = Step::Key(key.clone());
        }
        place
    }

    fn edit(&self, edit: &Edit, change: Change) -> Edit {
        let edit = match change {
            Change::Remove(path) => edit.instead(Edit::without(path)),
            Change::Move(from, to) => {
                let named = |path: &Path| match path.0.last() {
                    Some(Step::Key(key)) => key.clone(),
                    _ => String::new(),
                };
                let phrase = format!("rename {} to {}", named(&from), named(&to));
                edit.instead(Edit::moved(from, to)).called(phrase)
            }
            Change::Set(path, value) => self.set(edit, path, value),
        };
        let is_of_a_container = edit.path.0.len() > self.depth(&edit.path);
        if is_of_a_container { edit } else { edit.inside(format!("the {}", self.kind.words().document)) }
    }

    fn set(&self, edit: &Edit, path: Path, value: Node) -> Edit {
        let is_item = matches!(path.0.last(), Some(Step::Index(_)));
        let is_there = !self.read.document.at(&path).is_null();
        let form = self.dialect.form(self.read.document);
        let line = format!("{}{}", form.bullet(), form.value(&value));
        let inside = Path(path.0.get(self.depth(&path)..).unwrap_or_default().to_vec());
        let place = self.dialect.called(&path, &inside);
        let written = edit.instead(Edit::at(path, value));
        match (edit.path.0.last(), edit.value.as_ref().and_then(Node::as_str)) {
            // What a variable has beside its name may be a secret.
            (Some(Step::Key(key)), Some(name)) if key == "name" && is_item => {
                written.told(format!("rename the variable of {place} to {name}"))
            }
            _ if is_item && is_there && !edit.is_told() => written.told(format!("write {line} in {place}")),
            _ => written,
        }
    }

    /// How many steps of a place lead to the container or the volume that it is in.
    fn depth(&self, written: &Path) -> usize {
        let around = self.around.iter().filter(|around| written.0.starts_with(&around.0));
        around.map(|around| around.0.len()).max().unwrap_or(written.0.len())
    }
}
