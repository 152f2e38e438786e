//! What to change so that a finding is gone: as data, so that it can be written in the form the user writes in, and applied.

use std::fmt::Write as _;

use crate::document::{Change, Node, Object, Path, Step, to_json};
use crate::task::{Container, quoted};

/// What to change. Where a line says it, that line is an [`Edit`]; what no line says, or what else would do, is advice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fix {
    edits: Vec<Edit>,
    /// Changes that the advice says and no line: there may be many.
    silent: Vec<Edit>,
    advice: String,
    certainty: Certainty,
}

/// Whether a program may make the changes of a fix in somebody's file. What is certain says [`Mends`](super::Mends).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Certainty {
    /// Somebody has to look at them.
    #[default]
    Open,
    /// Where somebody enforces the rule's control, who then has decided.
    WhereEnforced,
    /// They are the only ones, and nothing can break of them.
    Certain,
}

/// One change of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// Where: a member or an item. One behind the last item of a list adds it.
    pub path: Path,
    /// What stands there afterwards; none takes it out.
    pub value: Option<Node>,
    /// Where to what is taken out goes, for a key in the wrong place or under the wrong name.
    moved_to: Option<Path>,
    /// The container it is of, as a sentence calls it; none for the task definition.
    container: Option<String>,
    /// What is taken out, as a sentence calls it, where the path alone would not tell.
    called: Option<String>,
    /// The whole phrase, where the value holds what is not to be shown.
    told: Option<String>,
}

impl Eq for Edit {}

/// How a change is written: the form that the user writes in.
pub trait Form {
    /// A string, a number, a boolean or null.
    fn scalar(&self, value: &Node) -> String;
    /// A key by itself, such as `"user"`.
    fn key(&self, key: &str) -> String;
    /// What stands between a key and its value.
    fn separator(&self) -> &'static str;
    /// A value, such as `{ "name": "data" }`.
    fn value(&self, value: &Node) -> String {
        match value {
            Node::Object(members) if members.is_empty() => "{}".to_owned(),
            Node::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(key, value)| self.member(key, value)).collect();
                format!("{{ {} }}", members.join(", "))
            }
            Node::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item)).collect();
                format!("[{}]", items.join(", "))
            }
            scalar => self.scalar(scalar),
        }
    }
    /// What stands before an item of a list that is a line of its own.
    fn bullet(&self) -> &'static str {
        ""
    }
    /// A key and its value, such as `"user": "1000"`.
    fn member(&self, key: &str, value: &Node) -> String {
        format!("{}{}{}", self.key(key), self.separator(), self.value(value))
    }
    /// The whole change, as a phrase that begins with a verb, where this form has another way to write it.
    fn phrase(&self, _: &Edit) -> Option<String> {
        None
    }
}

/// The form of JSON text.
#[derive(Debug, Clone, Copy)]
pub struct Json;

/// What is written where only the user knows the value: of the right shape, with an advice that says what it stands for.
pub(super) mod stand_in {
    /// An execution role.
    pub(crate) const EXECUTION_ROLE: &str = "arn:aws:iam::123456789012:role/shop-execution";
    /// A task role.
    pub(crate) const TASK_ROLE: &str = "arn:aws:iam::123456789012:role/shop-task";
    /// A secret of Secrets Manager.
    pub(crate) const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf";
}

impl Edit {
    /// A member of a container, by the keys to it, such as `logConfiguration.options.mode`.
    pub fn set(container: &Container<'_>, keys: &str, value: impl Into<Node>) -> Self {
        Self::at(keyed(container.path(), keys), value).of(container)
    }

    /// Takes a member out of a container, by the keys to it.
    pub fn remove(container: &Container<'_>, keys: &str) -> Self {
        Self::without(keyed(container.path(), keys)).of(container)
    }

    /// One more item of a list of a container, by its key.
    pub fn add(container: &Container<'_>, list: &str, item: impl Into<Node>) -> Self {
        let end = container.get(list).items().len();
        Self::at(container.path().key(list).index(end), item).of(container)
    }

    /// A member of the task definition, by the keys to it.
    pub fn set_in_task(keys: &str, value: impl Into<Node>) -> Self {
        Self::at(keyed(Path::default(), keys), value)
    }

    /// Takes a member out of the task definition, by the keys to it.
    pub fn remove_in_task(keys: &str) -> Self {
        Self::without(keyed(Path::default(), keys))
    }

    /// More items of a list of a container, by its key.
    pub fn add_each(
        container: &Container<'_>,
        list: &str,
        items: impl IntoIterator<Item = Node>,
    ) -> impl Iterator<Item = Self> {
        let end = container.get(list).items().len();
        let list = container.path().key(list);
        let places = (end..).map(move |index| list.clone().index(index));
        places.zip(items).map(|(place, item)| Self::at(place, item).of(container))
    }

    /// More items of a list of the task definition.
    pub fn add_each_to_task(
        document: &Node,
        list: &str,
        items: impl IntoIterator<Item = Node>,
    ) -> impl Iterator<Item = Self> {
        let end = document.get(list).items().len();
        let list = Path::default().key(list);
        (end..)
            .map(move |index| list.clone().index(index))
            .zip(items)
            .map(|(place, item)| Self::at(place, item))
    }

    /// One more item of a list of the task definition.
    pub fn add_to_task(document: &Node, list: &str, item: impl Into<Node>) -> Self {
        Self::at(Path::default().key(list).index(document.get(list).items().len()), item)
    }

    /// What stands at a place.
    pub fn at(path: Path, value: impl Into<Node>) -> Self {
        Self { path, value: Some(value.into()), moved_to: None, container: None, called: None, told: None }
    }

    /// Takes out what stands at a place.
    pub fn without(path: Path) -> Self {
        Self { path, value: None, moved_to: None, container: None, called: None, told: None }
    }

    /// Moves what stands at a place to another one. The value shows in no text, because it may be a secret.
    pub fn moved(from: Path, to: Path) -> Self {
        Self { moved_to: Some(to), ..Self::without(from) }
    }

    /// The same, in a container.
    pub fn of(self, container: &Container<'_>) -> Self {
        Self { container: Some(container.called_inside()), ..self }
    }

    /// The same, with what is taken out called so in the sentence. For items of lists, which are nothing but a number. Of
    /// a move it is the whole phrase.
    pub fn called(self, called: impl Into<String>) -> Self {
        Self { called: Some(called.into()), ..self }
    }

    /// The same, told by this phrase, which begins with a verb. For a value that holds what is not to be shown.
    pub fn told(self, phrase: impl Into<String>) -> Self {
        Self { told: Some(phrase.into()), ..self }
    }

    /// The same, behind that many others that are added to the same list.
    pub fn behind(mut self, others: usize) -> Self {
        if let Some(Step::Index(index)) = self.path.0.last_mut() {
            *index += others;
        }
        self
    }

    /// Whether a phrase of its own tells it.
    pub(super) fn is_told(&self) -> bool {
        self.told.is_some()
    }

    /// What it takes out, as a sentence calls it, where the path alone would not tell.
    pub(super) fn what(&self) -> Option<&str> {
        self.called.as_deref()
    }

    /// Where what it moves goes to.
    pub(super) fn destination(&self) -> Option<&Path> {
        self.moved_to.as_ref()
    }

    /// The same change at another place with another value, told in the same way.
    pub(super) fn instead(&self, edit: Edit) -> Self {
        let Edit { path, value, moved_to, .. } = edit;
        Self { path, value, moved_to, ..self.clone() }
    }

    /// The same, in what a sentence calls so.
    pub(super) fn inside(self, called: impl Into<String>) -> Self {
        Self { container: Some(called.into()), ..self }
    }

    /// Changes the document. What is on the way and missing is made.
    pub fn apply(&self, document: &mut Node) {
        if let Some(to) = &self.moved_to {
            let value = document.at(&self.path).clone();
            Self::without(self.path.clone()).apply(document);
            return Self::at(to.clone(), value).apply(document);
        }
        let Some((last, way)) = self.path.0.split_last() else { return };
        let parent = made_for(way.iter().fold(document, enter), last);
        match (parent, last, &self.value) {
            (Node::Object(members), Step::Key(key), Some(value)) => {
                members.insert(key.clone(), value.clone());
            }
            (Node::Object(members), Step::Key(key), None) => {
                members.remove(key);
            }
            (Node::Array(items), Step::Index(index), Some(value)) => match items.get_mut(*index) {
                Some(item) => *item = value.clone(),
                None => items.push(value.clone()),
            },
            (Node::Array(items), Step::Index(index), None) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
    }

    /// The change as a phrase that begins with a verb, seen from a place of the document.
    fn phrase(&self, form: &dyn Form, seen_from: &Path) -> String {
        if let Some(to) = &self.moved_to {
            return self.called.clone().unwrap_or_else(|| move_phrase(form, &self.path, to));
        }
        if let Some(told) = &self.told {
            return told.clone();
        }
        if let Some(phrase) = form.phrase(self) {
            return phrase;
        }
        let (home, inside) = self.path.0.split_at(home(&self.path));
        let Some((last, way)) = inside.split_last() else { return String::new() };
        let way = Path(way.to_vec()).to_string();
        let mut phrase = match (last, &self.value) {
            (Step::Key(key), Some(value)) => match form.member(key, value) {
                line if line.len() <= LONGEST => format!("write {line}{}", in_part(&way)),
                _ => format!("write another value for {}{}", form.key(key), in_part(&way)),
            },
            (Step::Index(_), Some(value)) => match form.value(value) {
                line if line.len() <= LONGEST => format!("add {}{line} to {way}", form.bullet()),
                _ => format!("add what is missing to {way}"),
            },
            (Step::Key(key), None) => match &self.called {
                Some(called) => format!("remove {called}{}", from_part(&way)),
                None => format!("remove {}{}", form.key(key), from_part(&way)),
            },
            (Step::Index(index), None) => match &self.called {
                Some(called) => format!("remove {called} from {way}"),
                None => format!("remove {way}[{index}]"),
            },
        };
        if !seen_from.0.starts_with(home) || home.is_empty() && home_of(seen_from) > 0 {
            let whose = self.container.as_deref().unwrap_or("the task definition");
            let joined = if self.value.is_none() && way.is_empty() { "from" } else { "in" };
            write!(phrase, " {joined} {whose}").expect("a String takes any text");
        }
        phrase
    }
}

/// The longest line that is repeated in a sentence, in bytes.
const LONGEST: usize = 300;

/// How the move of a member is said, seen from where it stands.
fn move_phrase(form: &dyn Form, from: &Path, to: &Path) -> String {
    let key = |path: &Path| match path.0.last() {
        Some(Step::Key(key)) => form.key(key),
        _ => "it".to_owned(),
    };
    let (home_from, home_to) = (home(from), home(to));
    let way = |path: &Path, home: usize| {
        let end = path.0.len().saturating_sub(1);
        Path(path.0.get(home..end).unwrap_or_default().to_vec()).to_string()
    };
    let (way_from, way_to) = (way(from, home_from), way(to, home_to));
    let is_at_home = from.0[..home_from] == to.0[..home_to];
    match way_to.as_str() {
        here if is_at_home && here == way_from => {
            format!("rename {} to {}{}", key(from), key(to), in_part(&way_from))
        }
        "" if is_at_home && home_to > 0 => format!("move {} from {way_from} to the container", key(from)),
        "" => format!("move {} to the task definition", key(from)),
        way_to => format!("move {} to {way_to}", key(from)),
    }
}

/// How many of a path's steps lead to its container; none where it is the task's own.
fn home(path: &Path) -> usize {
    match path.0.as_slice() {
        [Step::Key(key), Step::Index(_), _, ..] if key == "containerDefinitions" => 2,
        [Step::Key(key), Step::Key(_), _, ..] if key == "services" => 2,
        _ => 0,
    }
}

/// The same of a place that may be a container itself.
fn home_of(path: &Path) -> usize {
    match path.0.as_slice() {
        [Step::Key(key), Step::Index(_), ..] if key == "containerDefinitions" => 2,
        [Step::Key(key), Step::Key(_), ..] if key == "services" => 2,
        _ => 0,
    }
}

fn in_part(way: &str) -> String {
    if way.is_empty() { String::new() } else { format!(" in {way}") }
}

fn from_part(way: &str) -> String {
    if way.is_empty() { String::new() } else { format!(" from {way}") }
}

/// Whether two names are the same but for case and signs between words, so that only one thing can be meant.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    letters(one) == letters(other)
}

/// This name, or one like it where it is taken.
pub(super) fn free_name(name: &str, longest: usize, taken: &[&str]) -> String {
    if taken.contains(&name) { another_name(name, 2, longest, taken) } else { name.to_owned() }
}

/// A name like this one that nothing has yet: with a number behind it, from this one on, and no longer than ECS accepts.
pub(super) fn another_name(name: &str, number: usize, longest: usize, taken: &[&str]) -> String {
    let numbered = |number: usize| {
        let end = format!("-{number}");
        let start: String = name.chars().take(longest.saturating_sub(end.len())).collect();
        start + &end
    };
    (number..).map(numbered).find(|name| !taken.contains(&name.as_str())).unwrap_or_default()
}

fn keyed(path: Path, keys: &str) -> Path {
    keys.split('.').fold(path, |path, key| path.key(key))
}

/// What a step can lead into: null is made the object or the list that the step takes.
fn made_for<'n>(node: &'n mut Node, step: &Step) -> &'n mut Node {
    if node.is_null() {
        *node = match step {
            Step::Key(_) => Node::Object(Object::new()),
            Step::Index(_) => Node::Array(Vec::new()),
        };
    }
    node
}

/// The member or the item that a step leads to, made where it is missing.
fn enter<'n>(node: &'n mut Node, step: &Step) -> &'n mut Node {
    match (made_for(node, step), step) {
        (Node::Object(members), Step::Key(key)) => members.entry(key.clone()).or_insert(Node::Null),
        (Node::Array(items), Step::Index(index)) => {
            let index = (*index).min(items.len());
            if index == items.len() {
                items.push(Node::Null);
            }
            &mut items[index]
        }
        // Nothing can be entered there, and what follows finds that out by itself.
        (node, _) => node,
    }
}

impl Fix {
    /// These changes.
    pub fn write(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { edits: edits.into_iter().collect(), ..Self::default() }
    }

    /// This advice, which these changes follow for certain. The sentences stay what they are.
    pub(super) fn made_by(self, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { silent: edits.into_iter().collect(), certainty: Certainty::Certain, ..self }
    }

    /// The same, which a program may write.
    pub(super) fn certain(self) -> Self {
        Self { certainty: Certainty::Certain, ..self }
    }

    /// The same, which a program may write where that is so.
    pub(super) fn certain_if(self, is_certain: bool) -> Self {
        if is_certain { self.certain() } else { self }
    }

    /// The same, which a program may write where the rule's control is enforced.
    pub(super) fn certain_where_enforced(self) -> Self {
        Self { certainty: Certainty::WhereEnforced, ..self }
    }

    /// Whether a program may write it.
    pub fn certainty(&self) -> Certainty {
        if self.edits.is_empty() && self.silent.is_empty() { Certainty::Open } else { self.certainty }
    }

    /// What else there is to say, as one or more full sentences.
    pub fn and(mut self, advice: impl AsRef<str>) -> Self {
        join(&mut self.advice, advice.as_ref());
        self
    }

    /// The same with each change put in other words.
    pub(super) fn translated(self, translate: impl Fn(&Edit) -> Vec<Edit>) -> Self {
        let edits = self.edits.iter().flat_map(translate).collect();
        Self { edits, ..self }
    }

    /// The same with its changes at other places.
    pub(super) fn at(self, place: impl Fn(&Path) -> Path) -> Self {
        self.translated(|edit| {
            let moved_to = edit.moved_to.as_ref().map(&place);
            vec![Edit { path: place(&edit.path), moved_to, ..edit.clone() }]
        })
    }

    /// The changes in the order in which they are made. What is taken out of a list is taken out last, from its end, so that every
    /// place stays what it is until it is reached.
    fn in_order(&self) -> Vec<&Edit> {
        let (written, mut removed): (Vec<&Edit>, Vec<&Edit>) =
            self.edits.iter().chain(&self.silent).partition(|edit| edit.value.is_some());
        removed.sort_by(|one, other| other.path.cmp(&one.path));
        written.into_iter().chain(removed).collect()
    }

    /// The same changes, for whoever knows nothing of rules.
    pub fn changes(&self) -> Vec<Change> {
        let change = |edit: &Edit| match (&edit.moved_to, &edit.value) {
            (Some(to), _) => Change::Move(edit.path.clone(), to.clone()),
            (None, Some(value)) => Change::Set(edit.path.clone(), value.clone()),
            (None, None) => Change::Remove(edit.path.clone()),
        };
        self.in_order().into_iter().map(change).collect()
    }

    /// The changes.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Changes the document.
    pub fn apply(&self, document: &mut Node) {
        self.in_order().into_iter().for_each(|edit| edit.apply(document));
    }

    /// The whole in sentences, as they are to be read at a place of the document.
    pub fn text(&self, form: &dyn Form, seen_from: &Path) -> String {
        let phrases: Vec<String> = self.edits.iter().map(|edit| edit.phrase(form, seen_from)).collect();
        let mut text = String::new();
        for (index, phrase) in phrases.iter().enumerate() {
            if index > 0 {
                // What takes several lines stands by itself.
                text.push_str(if phrases[index - 1].contains('\n') { "\n\n" } else { ", " });
                text.push_str(if index + 1 == phrases.len() { "and " } else { "" });
            }
            text.push_str(phrase);
        }
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        match phrases.last() {
            Some(last) if last.contains('\n') => text.push_str("\n\n"),
            Some(_) => text.push('.'),
            None => {}
        }
        join(&mut text, &self.advice);
        text.truncate(text.trim_end().len());
        text
    }
}

/// Puts a sentence behind a text, or a paragraph, which brings its own distance.
fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() && !text.ends_with('\n') && !more.starts_with('\n') {
        text.push(' ');
    }
    text.push_str(more);
}

impl From<Edit> for Fix {
    fn from(edit: Edit) -> Self {
        Self::write([edit])
    }
}

impl From<&str> for Fix {
    fn from(advice: &str) -> Self {
        Self::default().and(advice)
    }
}

impl From<String> for Fix {
    fn from(advice: String) -> Self {
        Self { advice, ..Self::default() }
    }
}

impl Form for Json {
    fn scalar(&self, value: &Node) -> String {
        to_json(value).unwrap_or_default()
    }

    fn key(&self, key: &str) -> String {
        quoted(key)
    }

    fn separator(&self) -> &'static str {
        ": "
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Subject, TaskDefinition};

    fn document() -> Node {
        crate::document::parse(
            r#"{"containerDefinitions": [
                {"name": "app", "environment": [{"name": "A"}, {"name": "B"}]},
                {"name": "db", "logConfiguration": {"logDriver": "awslogs"}}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn changes_are_written_as_a_sentence_and_applied() {
        let mut document = document();
        let (fix, text) = {
            let task = TaskDefinition::read(&Subject::of(&document));
            let (app, db) = (task.named("app").unwrap(), task.named("db").unwrap());
            let fix = Fix::write([
                Edit::without(app.path().key("environment").index(0)).of(app).called("\"A\""),
                Edit::without(app.path().key("environment").index(1)).of(app).called("\"B\""),
                Edit::add(app, "secrets", Node::from([("name", "A".into())])),
                Edit::set(db, "logConfiguration.options.mode", "non-blocking"),
                Edit::set_in_task("cpu", "256"),
            ])
            .and("Or do nothing.");
            let text = fix.text(&Json, &app.path().key("environment"));
            (fix, text)
        };
        assert_eq!(
            text,
            "Remove \"A\" from environment, remove \"B\" from environment, add { \"name\": \"A\" } to secrets, write \
             \"mode\": \"non-blocking\" in logConfiguration.options in container \"db\", and write \"cpu\": \"256\" in \
             the task definition. Or do nothing."
        );
        fix.apply(&mut document);
        assert_eq!(
            to_json(&document).unwrap(),
            r#"{"containerDefinitions":[{"environment":[],"name":"app","secrets":[{"name":"A"}]},{"logConfiguration":{"logDriver":"awslogs","options":{"mode":"non-blocking"}},"name":"db"}],"cpu":"256"}"#
        );
    }

    #[test]
    fn what_is_moved_shows_no_value() {
        let at = |keys: &str| keyed(Path::default().key("containerDefinitions").index(1), keys);
        for (edit, text, result) in [
            (
                Edit::moved(at("logConfiguration"), at("logging")),
                "Rename \"logConfiguration\" to \"logging\".",
                r#"{"logging":{"logDriver":"awslogs"},"name":"db"}"#,
            ),
            (
                Edit::moved(at("logConfiguration.logDriver"), at("logDriver")),
                "Move \"logDriver\" from logConfiguration to the container.",
                r#"{"logConfiguration":{},"logDriver":"awslogs","name":"db"}"#,
            ),
            (
                Edit::moved(at("name"), at("linuxParameters.name")),
                "Move \"name\" to linuxParameters.",
                r#"{"linuxParameters":{"name":"db"},"logConfiguration":{"logDriver":"awslogs"}}"#,
            ),
            (
                Edit::moved(at("name"), Path::default().key("family")),
                "Move \"name\" to the task definition.",
                r#"{"logConfiguration":{"logDriver":"awslogs"}}"#,
            ),
        ] {
            let mut document = document();
            let fix = Fix::from(edit);
            assert_eq!(fix.text(&Json, &at("name")), text);
            fix.apply(&mut document);
            assert_eq!(to_json(&document.get("containerDefinitions").items()[1]).unwrap(), result);
        }
    }

    #[test]
    fn another_name_is_free_and_short_enough() {
        assert_eq!(another_name("app", 2, 255, &["app"]), "app-2");
        assert_eq!(another_name("app", 2, 255, &["app", "app-2", "app-3"]), "app-4");
        assert_eq!(another_name("letters", 2, 5, &["let-2"]), "let-3");
    }

    #[test]
    fn advice_alone_is_a_fix_without_a_line() {
        let fix = Fix::from("Use another image.");
        assert_eq!(
            (fix.text(&Json, &Path::default()).as_str(), fix.edits().len()),
            ("Use another image.", 0)
        );
    }
}
