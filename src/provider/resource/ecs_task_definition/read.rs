//! Refreshing: is the revision still active, which tags does it have, and is it still the newest.
//!
//! One look at the family tells all that, as long as nobody else registered a revision.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{self, Node};
use crate::ecs;
use crate::ecs_client::{EcsClient, EcsError, ErrorKind, Patience, Revision, RevisionArn, Status};
use crate::framework::{ReadRequest, ReadResponse};
use crate::value::Value;

use super::super::super::diagnostics as say;
use super::super::super::policy_block::InForce;
use super::super::super::provider_block::Configured;
use super::super::super::task;
use super::before::{Seen, content_of, registered};
use super::follow::follow;
use super::foreign::{self, OnForeign, Told};
use super::owned::{self, Owned};
use super::registration::{LAG, LOOK_EVERY, log_another_look};
use super::retention::Retention;
use super::{Running, arguments, attributes_of, client, content, ignored, one, presets, tags};

/// Refreshes a state. `None` without an error says that the revision is gone.
pub(super) async fn read(
    configured: &Configured,
    ctx: &Running<'_>,
    seen: &Seen,
    request: ReadRequest,
) -> (Option<ReadResponse>, Diagnostics) {
    let ReadRequest { state, private } = request;
    // While the AWS settings have unknown parts a plan goes on with what the state says. An import has no state yet.
    if let Err(unknown) = &configured.clients
        && !state.get("sha256").is_null()
    {
        let doing = format!("reading {}", state.get("arn").as_str().unwrap_or("a task definition"));
        return (Some(ReadResponse { state, private }), one(say::not_refreshed(unknown, &doing)));
    }
    let state_before = state.get("arn").as_str().and_then(RevisionArn::parse);
    match refreshed(configured, ctx, seen, &state, &private).await {
        Ok(Refreshed::State(state, newest, told)) => {
            let before = state_before.map(|arn| arn.revision());
            let private = owned::carried_over(private, before, state.integer("revision").known());
            let private = foreign::noted(private, newest);
            (Some(ReadResponse { state, private }), told)
        }
        Ok(Refreshed::Gone(told)) => (None, told),
        Err(diagnostics) => (None, diagnostics),
    }
}

/// What a refresh found.
enum Refreshed {
    /// The state, the number of the newest revision where it is foreign, and what is told of it.
    State(Value, Option<i64>, Diagnostics),
    /// ECS says that the revision is no more.
    Gone(Diagnostics),
}

async fn refreshed(
    configured: &Configured,
    ctx: &Running<'_>,
    seen: &Seen,
    state: &Value,
    private: &[u8],
) -> Result<Refreshed, Diagnostics> {
    let family = state.get("id").as_str().unwrap_or_default();
    let known_arn = state.get("arn").as_str();
    // A state fresh from an import knows the name it was given and nothing else.
    let imported = state.get("sha256").is_null();
    let follow = state.bool("track_latest").known() == Some(true) || known_arn.is_none();
    let wanted = if follow { family } else { known_arn.unwrap_or(family) };
    let doing = format!("reading {wanted}");
    let client = client(configured, ctx, state.get("region").as_str(), &doing).await?;
    let known = known_arn.and_then(RevisionArn::parse);
    let owned = Owned::of(private, known.as_ref().map(RevisionArn::revision));
    let newest = match known.as_ref().filter(|_| !follow && !imported) {
        Some(known) => newest_of_family(configured, ctx, &client, known).await?,
        None => None,
    };
    let is_the_states = newest.as_ref().is_some_and(|newest| known.as_ref() == Some(&newest.arn));
    let live = match newest.clone().filter(|_| is_the_states) {
        Some(newest) => Ok(newest),
        None => {
            let known = known.as_ref().filter(|_| !imported);
            described(configured, ctx, &client, wanted, known).await?
        }
    };
    let live = match live {
        Ok(live) => unless_gone(live, known.as_ref(), wanted, follow, imported)?,
        Err(told) => Err(told),
    };
    let (live, gone) = match (live, known.as_ref().filter(|_| !imported)) {
        (Ok(live), _) => (live, Diagnostics::default()),
        (Err(told), None) => return Ok(Refreshed::Gone(told)),
        (Err(mut told), Some(known)) => match own_before(ctx, &client, known, newest.as_ref(), &owned).await?
        {
            Some(before) => {
                let mut gone = Diagnostics::default();
                gone.extend(told.into_iter().map(|told| say::goes_back(told, before.arn.revision())));
                (before, gone)
            }
            None => {
                let to_delete = owned.to_delete_after(Retention::of(state).deletes);
                told.extend(say::left_undeleted_by_a_kill(known.family(), &to_delete, client.region()));
                return Ok(Refreshed::Gone(told));
            }
        },
    };
    let foreign = match known.as_ref() {
        Some(known) => {
            let newest = newest.as_ref().unwrap_or(&live);
            let is_as_before = follow && foreign::newest(private) == Some(newest.arn.revision());
            let is_foreign = is_as_before
                || (foreign::is_foreign(&newest.arn, known.revision(), &owned)
                    && !(follow && differs_in_what_is_ignored(configured, ctx, state, newest).await));
            Some(newest).filter(|_| is_foreign)
        }
        None => None,
    };
    let told = foreign.filter(|_| !follow).and_then(|newest| foreign_warning(state, &live, newest));
    let arn = &live.arn;

    let mut attributes = attributes_of(state.clone());
    let mut is_judged = is_judged(state);
    seen.put(&live);
    foreign.inspect(|newest| seen.put(newest));
    let keeps_json = state.bool("keep_json").known() == Some(true);
    if !keeps_json {
        attributes.insert("json".to_owned(), Value::Null);
    }
    if imported || known_arn != Some(arn.as_str()) {
        let content = ecs::read(live.task_definition.clone())
            .ok()
            .and_then(|reading| Content::of(reading.document))
            .ok_or_else(|| one(say::answer_without_containers(arn.as_str())))?;
        if state.get("sha256").as_str() != Some(content.sha256.as_str())
            && !follows(configured, ctx, &mut attributes, state, &content).await
        {
            take_over(&mut attributes, &content, imported);
        }
        if keeps_json {
            attributes.insert("json".to_owned(), Value::from(content.json.as_str()));
        }
        is_judged &= state.get("sha256").as_str() == Some(content.sha256.as_str());
    }
    presets::fill(&mut attributes);
    if !is_judged {
        judge(&mut attributes, &live, configured);
    }
    let before = match imported && state.get("tags").is_null() {
        // Nobody knows whether the configuration writes no tags as nothing or as an empty map.
        true => Value::Map(BTreeMap::new()),
        false => state.get("tags").clone(),
    };
    attributes.insert("tags".to_owned(), tags::own(&live.tags, &before, configured));
    attributes.insert("tags_all".to_owned(), tags::to_value(&live.tags));
    attributes.insert("id".to_owned(), Value::from(arn.family()));
    attributes.insert("region".to_owned(), Value::from(client.region().to_owned()));
    attributes.insert("arn_without_revision".to_owned(), Value::from(arn.without_revision()));
    attributes.insert("revision".to_owned(), Value::from(arn.revision()));
    attributes.insert("arn".to_owned(), Value::from(arn.as_str()));
    let foreign = foreign.map(|newest| newest.arn.revision());
    let mut all = gone;
    all.extend(told);
    Ok(Refreshed::State(Value::Map(attributes), foreign, all))
}

/// Whether a revision that is followed differs from the state's only in what the state ignores.
async fn differs_in_what_is_ignored(
    configured: &Configured,
    ctx: &Running<'_>,
    state: &Value,
    newest: &Revision,
) -> bool {
    let Some(keys) = ignored::keys(state).filter(|keys| !keys.is_empty()) else { return false };
    let before = content_of(configured, ctx, None, state).await;
    before
        .zip(registered(newest.task_definition.clone()))
        .is_some_and(|(before, after)| keys.are_all_that_differs(&before, &after))
}

/// The newest active revision of a family, which is the state's own as long as nobody else registers one; none where ECS knows
/// of none, which does not yet say that the state's is gone.
async fn newest_of_family(
    configured: &Configured,
    ctx: &Running<'_>,
    client: &EcsClient,
    known: &RevisionArn,
) -> Result<Option<Revision>, Diagnostics> {
    let family = known.family();
    let answer = match client.describe_task_definition(family, &ctx.patience).await {
        Ok(answer) => answer,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(one(ctx.failed(&error, &format!("reading {family}")))),
    };
    let newest = Revision::of(answer).ok_or_else(|| one(say::answer_without_arn(family)))?;
    if newest.arn.without_revision() != known.without_revision() {
        in_its_account(configured, ctx, known).await?;
        return Err(one(say::answer_about_another(family, newest.arn.as_str())));
    }
    Ok(Some(newest))
}

/// A revision as ECS describes it; what is told of it where it is gone. `known` is the one that a state names.
async fn described(
    configured: &Configured,
    ctx: &Running<'_>,
    client: &EcsClient,
    wanted: &str,
    known: Option<&RevisionArn>,
) -> Result<Result<Revision, Diagnostics>, Diagnostics> {
    let failed = |error: EcsError| one(ctx.failed(&error, &format!("reading {wanted}")));
    let answer = match client.describe_task_definition(wanted, &ctx.patience).await {
        Ok(answer) => answer,
        Err(error) if error.kind == ErrorKind::NotFound => {
            let Some(known) = known else { return Ok(Err(Diagnostics::default())) };
            in_its_account(configured, ctx, known).await?;
            match seen_late(client, &ctx.patience, wanted, error).await.map_err(failed)? {
                Some(answer) => answer,
                None => return Ok(Err(one(say::not_in_ecs(wanted)))),
            }
        }
        Err(error) => return Err(failed(error)),
    };
    Revision::of(answer).map(Ok).ok_or_else(|| one(say::answer_without_arn(wanted)))
}

/// A revision that ECS describes, if it is the one that was asked for and active; what is told of it where it is gone.
fn unless_gone(
    live: Revision,
    known: Option<&RevisionArn>,
    wanted: &str,
    follow: bool,
    imported: bool,
) -> Result<Result<Revision, Diagnostics>, Diagnostics> {
    if known.is_some_and(|known| !is_about(&live.arn, known, follow)) {
        return Err(one(say::answer_about_another(wanted, live.arn.as_str())));
    }
    match live.status() {
        Status::Active => Ok(Ok(live)),
        Status::Inactive | Status::DeleteInProgress if imported => Ok(Err(Diagnostics::default())),
        Status::Inactive | Status::DeleteInProgress => {
            Ok(Err(one(say::deregistered(live.arn.as_str(), live.deregistered_at()))))
        }
        Status::Other(status) => Err(one(say::status_not_known(live.arn.as_str(), status))),
    }
}

/// How many of the newest revisions that a resource registered are looked at, one by one.
const MOST_LOOKED_AT: usize = 10;

/// The newest active revision that the resource registered itself, where the state's is gone. With a state that were gone as well
/// nobody would know any more whose it is, and no destruction would deregister it.
async fn own_before(
    ctx: &Running<'_>,
    client: &EcsClient,
    gone: &RevisionArn,
    newest: Option<&Revision>,
    owned: &Owned,
) -> Result<Option<Revision>, Diagnostics> {
    let is_own = |newest: &&Revision| newest.arn != *gone && owned.contains(newest.arn.revision());
    if let Some(newest) = newest.filter(is_own) {
        return Ok(Some(newest.clone()));
    }
    let others = owned.oldest_first().into_iter().rev().filter(|number| *number != gone.revision());
    for number in others.take(MOST_LOOKED_AT) {
        let arn = format!("{}:{number}", gone.without_revision());
        let answer = match client.describe_task_definition(&arn, &ctx.patience).await {
            Err(error) if error.kind == ErrorKind::NotFound => continue,
            answer => answer.map_err(|error| one(ctx.failed(&error, &format!("reading {arn}"))))?,
        };
        if let Some(own) = Revision::of(answer).filter(|own| own.arn.as_str() == arn && own.is_active()) {
            return Ok(Some(own));
        }
    }
    Ok(None)
}

/// The warning about a revision that somebody else registered over the state's; none where the state's settings let it pass.
fn foreign_warning(state: &Value, live: &Revision, newest: &Revision) -> Option<Diagnostic> {
    let before = registered(live.task_definition.clone())?;
    let after = registered(newest.task_definition.clone())?;
    let told = Told::by(state, before, after)?;
    Some(told.warning(newest, live.arn.revision(), OnForeign::of(state)))
}

/// Whether an answer is about the revision that was asked for, or about another of its family where that was asked for.
fn is_about(answered: &RevisionArn, known: &RevisionArn, follow: bool) -> bool {
    match follow {
        true => answered.without_revision() == known.without_revision(),
        false => answered == known,
    }
}

/// A revision that a state knows and ECS does not show: reads lag behind registrations, and nothing is gone for that. None
/// where ECS goes on saying that it does not have it; whatever else it says is an error.
async fn seen_late(
    client: &EcsClient,
    patience: &Patience,
    wanted: &str,
    mut not_found: EcsError,
) -> Result<Option<Node>, EcsError> {
    for _ in 0..LAG.as_secs() {
        let again = client.on_its_clock(LOOK_EVERY);
        log_another_look(wanted, "ECS does not have it, and reads may lag", again);
        if let Err(ended) = patience.wait(again).await {
            return Err(EcsError { ended: Some(ended), ..not_found });
        }
        match client.describe_task_definition(wanted, patience).await {
            Ok(answer) => return Ok(Some(answer)),
            Err(error) if error.kind == ErrorKind::NotFound => not_found = error,
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// An error where the credentials belong to another account than a revision does: whoever asks with them hears that ECS does not
/// have it, and nothing is gone then.
pub(super) async fn in_its_account(
    configured: &Configured,
    ctx: &Running<'_>,
    arn: &RevisionArn,
) -> Result<(), Diagnostics> {
    let doing = format!("finding out whether {} is gone", arn.as_str());
    let Some(clients) = configured.clients.as_ref().ok().filter(|clients| clients.asks_for_the_account())
    else {
        return Ok(());
    };
    let account = match ctx.patience.for_the_end_of(clients.account()).await {
        Ok(account) => account.map_err(|error| one(say::aws(&error, &doing)))?,
        Err(ended) => return Err(one(ctx.ended_before_sending(ended, &doing))),
    };
    match account == arn.account() {
        true => Ok(()),
        false => Err(one(say::of_another_account(arn, &account))),
    }
}

/// Whether findings and verdicts of a state are there. Every judgement gives a verdict for each control, so none at all is
/// what an import or a move begins with.
fn is_judged(state: &Value) -> bool {
    matches!(state.get("verdicts"), Value::Map(verdicts) if !verdicts.is_empty())
}

/// Gives a state the findings and verdicts of a live revision, under the state's own policy and the provider's. While a part
/// of a policy that decides about a finding is not known, they are left to the next refresh.
fn judge(attributes: &mut BTreeMap<String, Value>, live: &Revision, configured: &Configured) {
    let reading = ecs::read(live.task_definition.clone()).ok().map(|reading| reading.document);
    let Some(Node::Object(mut document)) = reading else { return };
    document.insert("tags".to_owned(), tags::to_node(&tags::to_value(&live.tags)));
    let policy = InForce::of(&Value::Map(attributes.clone()), &configured.policy);
    let task = task::registered(Node::Object(document), policy);
    if task.policed.open.is_empty() {
        attributes.insert("findings".to_owned(), task.short_findings());
        attributes.insert("verdicts".to_owned(), task.verdicts());
    }
}

/// Whether a state of another revision could be brought up to a live one, keeping what is as it was.
async fn follows(
    configured: &Configured,
    ctx: &Running<'_>,
    attributes: &mut BTreeMap<String, Value>,
    state: &Value,
    content: &Content,
) -> bool {
    let before = content_of(configured, ctx, None, state).await;
    let followed = before.is_some_and(|before| follow(attributes, &before, &content.canonical));
    if followed {
        attributes.insert("sha256".to_owned(), Value::from(content.sha256.as_str()));
    }
    followed
}

/// What a revision holds that exists, so that nothing in it is unknown.
pub(super) struct Content {
    /// The document as it was read: arguments are taken from it, because blocks that mean nothing are still written.
    document: Node,
    /// Without its tags, in canonical form.
    pub(super) canonical: Node,
    /// The same as text.
    json: String,
    /// The container definitions alone, as text.
    definitions: String,
    /// Hash of the canonical form.
    sha256: String,
}

impl Content {
    /// The content of that document; none where a part of it is not known, which no revision has.
    pub(super) fn of(document: Node) -> Option<Self> {
        let canonical = content(&document);
        let json = document::to_json(&canonical).ok()?;
        let definitions = document::to_json(canonical.get("containerDefinitions")).ok()?;
        let sha256 = ecs::digest(&json);
        Some(Self { document, canonical, json, definitions, sha256 })
    }
}

/// What a live revision holds, as attributes of the resource: its arguments, `container_definitions`, `json` and `sha256`; none
/// where it has no containers.
pub(in crate::provider) fn as_registered(revision: &Revision) -> Option<BTreeMap<String, Value>> {
    let document = ecs::read(revision.task_definition.clone()).ok()?.document;
    let content = Content::of(document)?;
    let mut attributes = BTreeMap::new();
    take_over(&mut attributes, &content, false);
    attributes.insert("json".to_owned(), Value::from(content.json));
    Some(attributes)
}

/// Makes a state say what a live revision holds. The Agent's block cannot be told from the containers it became, so
/// an import has none.
pub(super) fn take_over(attributes: &mut BTreeMap<String, Value>, content: &Content, imported: bool) {
    attributes.extend(arguments::to_state(arguments::ARGUMENTS, &content.document));
    attributes.insert("container_definitions".to_owned(), Value::from(content.definitions.as_str()));
    attributes.insert("sha256".to_owned(), Value::from(content.sha256.as_str()));
    if imported {
        attributes.insert("findings".to_owned(), Value::List(Vec::new()));
        attributes.insert("verdicts".to_owned(), Value::Map(BTreeMap::new()));
        attributes.insert("change_summary".to_owned(), Value::from(""));
    }
}
