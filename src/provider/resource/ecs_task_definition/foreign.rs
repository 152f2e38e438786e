//! Revisions that somebody else registered on top: which is one, who is told of it, and when it stops a registration.
//!
//! A refresh finds the newest revision of the family, and its number is kept in the private state while it is foreign: the plan
//! and the apply that follow in other processes speak of that revision and of no newer one.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{self, Node};
use crate::ecs;
use crate::ecs_client::{Revision, RevisionArn};
use crate::value::{AttributePath, Value};

use super::super::super::diagnostics as say;
use super::before;
use super::ignored::{self, Registered};
use super::owned::Owned;
use super::{client, one};

/// The argument.
pub(super) const ARGUMENT: &str = "on_foreign_revision";

/// What the argument may be.
const CHOICES: [&str; 3] = ["ignore", "warn", "error"];

/// The key of the private state.
const KEY: &str = "foreign";

/// What is done about a foreign revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnForeign {
    Ignore,
    Warn,
    Error,
}

impl OnForeign {
    /// What the arguments say; the default where they say nothing, or nothing that is known yet.
    pub(super) fn of(arguments: &Value) -> Self {
        match arguments.get(ARGUMENT).as_str() {
            Some("ignore") => Self::Ignore,
            Some("error") => Self::Error,
            _ => Self::Warn,
        }
    }
}

/// What is wrong with the argument.
pub(super) fn mistake(arguments: &Value) -> Option<Diagnostic> {
    let given = arguments.get(ARGUMENT).as_str()?;
    (!CHOICES.contains(&given))
        .then(|| say::not_one_of(ARGUMENT, given, &CHOICES, AttributePath::root(ARGUMENT)))
}

/// The number of the foreign revision that a refresh found; none where there is none.
pub(super) fn newest(private: &[u8]) -> Option<i64> {
    let private = document::parse(std::str::from_utf8(private).ok()?).ok()?;
    private.get(KEY).as_i64()
}

/// A private state with the number of that revision.
pub(super) fn noted(private: Vec<u8>, newest: Option<i64>) -> Vec<u8> {
    let parsed = std::str::from_utf8(&private).ok().and_then(|text| document::parse(text).ok());
    let mut members = match parsed {
        Some(Node::Object(members)) => members,
        _ => document::Object::new(),
    };
    let is_changed = match newest {
        Some(newest) => members.insert(KEY.to_owned(), Node::from(newest)) != Some(Node::from(newest)),
        None => members.remove(KEY).is_some(),
    };
    match is_changed {
        true => document::to_json(&Node::Object(members)).map_or(private, String::into_bytes),
        false => private,
    }
}

/// Whether a newer revision than the state's is somebody else's.
pub(super) fn is_foreign(newest: &RevisionArn, of_state: i64, owned: &Owned) -> bool {
    newest.revision() > of_state && !owned.contains(newest.revision())
}

/// What there is to tell of a foreign revision: nothing where it differs only in what is ignored, or while that is not known.
pub(super) struct Told {
    /// The two contents, in canonical form.
    pub(super) before: Node,
    pub(super) after: Node,
}

impl Told {
    /// What arguments have told of the two.
    pub(super) fn by(arguments: &Value, before: Node, after: Node) -> Option<Self> {
        let keys = ignored::keys(arguments)?;
        let is_silent = OnForeign::of(arguments) == OnForeign::Ignore
            || (!keys.is_empty() && keys.are_all_that_differs(&before, &after));
        (!is_silent).then_some(Self { before, after })
    }

    /// The differences.
    pub(super) fn changes(&self) -> Vec<ecs::Difference> {
        ecs::differences(&self.before, &self.after)
    }

    /// The warning about it.
    pub(super) fn warning(&self, newest: &Revision, of_state: i64, on: OnForeign) -> Diagnostic {
        let warning = say::foreign_revision(newest, of_state, &self.changes());
        match on {
            OnForeign::Error => say::foreign_revision_stops_the_next(warning),
            _ => warning,
        }
    }
}

/// A revision of the state's family, from what a refresh of this process saw or from ECS. Revisions are immutable.
pub(super) async fn describe(registered: &Registered<'_>, number: i64) -> Result<Revision, Diagnostics> {
    let Registered { configured, ctx, seen, prior_state, .. } = *registered;
    let family = prior_state.get("arn_without_revision").as_str().unwrap_or_default();
    let arn = format!("{family}:{number}");
    if let Some(seen) = RevisionArn::parse(&arn).and_then(|arn| seen.look(&arn)) {
        return Ok(seen);
    }
    let doing = format!("reading {arn}");
    let client = client(configured, ctx, prior_state.get("region").as_str(), &doing).await?;
    let answer = client.describe_task_definition(&arn, &ctx.patience).await;
    let answer = answer.map_err(|error| one(ctx.failed(&error, &doing)))?;
    let revision = Revision::of(answer).filter(|revision| revision.arn.as_str() == arn);
    revision.ok_or_else(|| one(say::answer_without_arn(&arn)))
}

/// The warning of a plan about a revision of which the refresh before it did not speak, because the settings that were applied
/// before are quieter than those of the configuration.
pub(super) fn newly_told(
    registered: &Registered<'_>,
    arguments: &Value,
    live: Option<&str>,
) -> Option<Diagnostic> {
    let state = registered.prior_state;
    let of_state = state.integer("revision").known()?;
    let number = newest(registered.private).filter(|newest| *newest != of_state)?;
    let family = state.get("arn_without_revision").as_str()?;
    let revision = registered.seen.look(&RevisionArn::parse(&format!("{family}:{number}"))?)?;
    let before = before::registered(document::parse(live?).ok()?)?;
    let after = before::registered(revision.task_definition.clone())?;
    if Told::by(state, before.clone(), after.clone()).is_some() {
        return None;
    }
    let told = Told::by(arguments, before, after)?;
    Some(told.warning(&revision, of_state, OnForeign::of(arguments)))
}

/// The error of a plan that would register over a foreign revision; none where the arguments let it pass, and where that
/// revision is adopted because it is what is wanted.
pub(super) async fn stops(
    registered: &Registered<'_>,
    arguments: &Value,
    asked: &ignored::Asked,
) -> Result<Option<Diagnostic>, Diagnostics> {
    let is_asked = OnForeign::of(arguments) == OnForeign::Error && !registered.is_replaced_by(arguments);
    let Some(number) = newest(registered.private).filter(|_| is_asked) else { return Ok(None) };
    let revision = describe(registered, number).await?;
    let after = ignored::content_of_revision(&revision)?;
    if arguments.bool("adopt").known() != Some(false) && after == asked.desired.content {
        return Ok(None);
    }
    let is_followed = registered.prior_state.integer("revision").known() == Some(number);
    let before = match &asked.before {
        _ if is_followed => asked.desired.content.clone(),
        Some(before) => before.clone(),
        None => {
            let Registered { configured, ctx, prior_state, .. } = *registered;
            let before = before::content_of(configured, ctx, None, prior_state).await;
            before.unwrap_or_else(|| asked.desired.content.clone())
        }
    };
    let told = Told::by(arguments, before, after);
    Ok(told.map(|told| {
        let compared = registered.prior_state.integer("revision").known().filter(|_| !is_followed);
        say::stops_the_registration(say::foreign_revision_stops(&revision, compared, &told.changes()))
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::super::document_value::object;
    use super::*;

    #[test]
    fn the_number_is_kept_beside_what_else_a_private_state_holds() {
        for (private, newest_one, expected) in [
            ("", Some(4), r#"{"foreign":4}"#),
            (r#"{"registered":[[1,3]]}"#, Some(4), r#"{"foreign":4,"registered":[[1,3]]}"#),
            (r#"{"foreign":4,"registered":[[1,3]]}"#, Some(5), r#"{"foreign":5,"registered":[[1,3]]}"#),
            (r#"{"foreign":4,"registered":[[1,3]]}"#, None, r#"{"registered":[[1,3]]}"#),
            ("\u{1}", None, "\u{1}"),
        ] {
            let noted = noted(private.as_bytes().to_vec(), newest_one);
            assert_eq!(std::str::from_utf8(&noted).unwrap(), expected);
            assert_eq!(newest(&noted), newest_one);
        }
        let private = noted(Vec::new(), Some(4));
        assert_eq!(Owned::of(&private, Some(3)).oldest_first(), [3], "that is not a record of what is owned");
    }

    #[test]
    fn a_newer_revision_that_the_resource_did_not_register_is_foreign() {
        let owned = Owned::of(br#"{"registered":[[1,3],[7,7]]}"#, None);
        for (number, of_state, expected) in
            [(4, 3, true), (7, 3, false), (3, 3, false), (2, 3, false), (5, 7, false)]
        {
            let arn = RevisionArn::parse(&format!("arn:aws:ecs:r:1:task-definition/a:{number}")).unwrap();
            assert_eq!(is_foreign(&arn, of_state, &owned), expected, "{number} over {of_state}");
        }
    }

    #[test]
    fn it_is_told_unless_it_is_ignored_or_differs_in_what_is_ignored() {
        let task = |image: &str, memory: &str| {
            let app = Node::from([("name", Node::from("app")), ("image", Node::from(image))]);
            Node::from([("containerDefinitions", Node::from(vec![app])), ("memory", Node::from(memory))])
        };
        let keys = object([("app", Value::List(vec![Value::from("image")]))]);
        let is_told = |on: Value, keys: &Value, after: Node| {
            let arguments = object([(ARGUMENT, on), (ignored::ARGUMENT, keys.clone())]);
            Told::by(&arguments, task("app:1", "512"), after).is_some()
        };
        for on in [Value::Null, Value::UNKNOWN, Value::from("warn"), Value::from("error")] {
            assert!(is_told(on.clone(), &Value::Null, task("app:2", "512")));
            assert!(is_told(on.clone(), &keys, task("app:2", "1024")));
            assert!(!is_told(on.clone(), &keys, task("app:2", "512")));
            assert!(!is_told(on, &Value::UNKNOWN, task("app:2", "1024")), "nobody knows yet");
        }
        assert!(!is_told(Value::from("ignore"), &Value::Null, task("app:2", "1024")));
    }

    #[test]
    fn a_wrong_value_is_told_and_an_unknown_one_is_not() {
        let mistake = |value: Value| mistake(&object([(ARGUMENT, value)]));
        assert!(mistake(Value::from("fail")).is_some());
        for fine in
            [Value::Null, Value::UNKNOWN, Value::from("ignore"), Value::from("warn"), Value::from("error")]
        {
            assert_eq!(mistake(fine), None);
        }
    }
}
