//! A resource with every kind of attribute and block, and one that only knows how to misbehave.

use std::collections::BTreeMap;

use async_trait::async_trait;
use ddrofs::diagnostics::{Diagnostic, Diagnostics};
use ddrofs::framework::{
    ApplyRequest, ApplyResponse, Context, Identity, IdentityAttribute, ImportedState, ListRequest, Listed,
    MoveRequest, MovedState, PlanRequest, PlanResponse, ReadRequest, ReadResponse, Resource,
};
use ddrofs::schema::{Attribute, Block, Mode, NestedBlock, Nesting, Schema};
use ddrofs::value::{AttributePath, Refinement, Type, Value};

pub(super) struct Thing;

fn body() -> Block {
    Block {
        attributes: vec![Attribute::new("name", Type::String, Mode::Required, "Name.")],
        ..Block::default()
    }
}

fn entries(value: Value) -> BTreeMap<String, Value> {
    match value {
        Value::Map(entries) => entries,
        _ => BTreeMap::new(),
    }
}

fn unknown_id() -> Value {
    Value::Unknown(Some(Box::new(Refinement {
        not_null: true,
        string_prefix: Some("thing-".into()),
        ..Refinement::default()
    })))
}

#[async_trait]
impl Resource for Thing {
    fn type_name(&self) -> &'static str {
        "corner_thing"
    }

    fn schema(&self) -> Schema {
        let attribute = |name, ty, mode| Attribute::new(name, ty, mode, "An attribute.");
        let single = NestedBlock { nesting: Nesting::Single, ..NestedBlock::list("single", body()) };
        Schema {
            version: 2,
            block: Block {
                description: "A thing.".into(),
                attributes: vec![
                    attribute("id", Type::String, Mode::Computed),
                    attribute("name", Type::String, Mode::Required),
                    attribute("size", Type::Number, Mode::OptionalComputed),
                    attribute("tags", Type::map(Type::String), Mode::Optional),
                    attribute("ports", Type::set(Type::Number), Mode::Optional),
                    attribute("anything", Type::Dynamic, Mode::Optional),
                    attribute("revision", Type::Number, Mode::Computed),
                ],
                blocks: vec![NestedBlock::list("part", body()), NestedBlock::set("member", body()), single],
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        let mut found = Diagnostics::default();
        if config.string("name").known() == Some("") {
            found.push(Diagnostic::error("Empty name", "Give it a name.").at(AttributePath::root("name")));
        }
        found
    }

    async fn upgrade_state(&self, version: i64, state: Value) -> (Option<Value>, Diagnostics) {
        let mut state = entries(state);
        if version == 0
            && let Some(label) = state.get("label").cloned()
        {
            state.insert("name".into(), label);
        }
        (Some(Value::Map(state)), Diagnostics::default())
    }

    async fn read(&self, _: &Context, request: ReadRequest) -> (Option<ReadResponse>, Diagnostics) {
        let gone = request.state.get("name").as_str() == Some("gone");
        let response = ReadResponse { state: request.state, private: request.private };
        ((!gone).then_some(response), Diagnostics::default())
    }

    async fn plan(&self, _: &Context, request: PlanRequest) -> (Option<PlanResponse>, Diagnostics) {
        let mut found = Diagnostics::default();
        if request.proposed_new_state.is_null() {
            found.push(Diagnostic::warning("Going away", "The thing will be destroyed."));
            // Not null on purpose: the protocol layer has to know better.
            let response = PlanResponse {
                planned_state: request.prior_state,
                requires_replace: Vec::new(),
                planned_private: request.prior_private,
            };
            return (Some(response), found);
        }
        let changed = request.prior_state != request.proposed_new_state;
        let mut requires_replace = Vec::new();
        if !request.prior_state.is_null()
            && request.prior_state.get("name") != request.proposed_new_state.get("name")
        {
            requires_replace.push(AttributePath::root("name"));
        }
        let mut planned = entries(request.proposed_new_state);
        if changed {
            planned.insert("revision".into(), Value::UNKNOWN);
        }
        if request.prior_state.is_null() || !requires_replace.is_empty() {
            planned.insert("id".into(), unknown_id());
            if request.config.get("size").is_null() {
                planned.insert("size".into(), Value::UNKNOWN);
            }
        }
        let planned_private = [&request.prior_private[..], b"p"].concat();
        (Some(PlanResponse { planned_state: Value::Map(planned), requires_replace, planned_private }), found)
    }

    async fn apply(&self, _: &Context, request: ApplyRequest) -> (ApplyResponse, Diagnostics) {
        let mut found = Diagnostics::default();
        if request.planned_state.is_null() {
            return (ApplyResponse { new_state: Value::Null, private: Vec::new() }, found);
        }
        let mut state = entries(request.planned_state);
        let name = state["name"].as_str().unwrap_or_default().to_owned();
        if name == "half done" {
            found.push(Diagnostic::error("Half done", "Created, then lost."));
            let response = ApplyResponse { new_state: Value::Map(state), private: b"half".to_vec() };
            return (response, found);
        }
        if state["id"].is_unknown() {
            state.insert("id".into(), Value::from(format!("thing-{name}")));
        }
        if state["size"].is_unknown() {
            state.insert("size".into(), Value::from(i64::try_from(name.len()).expect("short")));
        }
        let revision = i64::try_from(request.planned_private.len()).expect("short");
        if name == "misfit" {
            state.insert("revision".into(), Value::from("not a number"));
        } else if state["revision"].is_unknown() && name != "forgetful" {
            state.insert("revision".into(), Value::from(revision));
        }
        (ApplyResponse { new_state: Value::Map(state), private: request.planned_private }, found)
    }

    async fn import(&self, _: &Context, id: &str) -> (Vec<ImportedState>, Diagnostics) {
        let mut found = Diagnostics::default();
        let Some(name) = id.strip_prefix("thing-") else {
            found.push(Diagnostic::error("Not an id of a thing", "Ids look like thing-NAME."));
            return (Vec::new(), found);
        };
        let state = [("id", Value::from(id)), ("name", Value::from(name))];
        let imported = ImportedState {
            type_name: "corner_thing".into(),
            state: Value::Map(state.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            private: b"imported".to_vec(),
        };
        (vec![imported], found)
    }

    fn identity(&self) -> Option<Identity> {
        let attribute = |name, is_required_for_import| IdentityAttribute {
            name,
            description: "A part of the identity.",
            is_required_for_import,
        };
        Some(Identity { attributes: vec![attribute("name", true), attribute("drawer", false)] })
    }

    fn identity_of(&self, state: &Value) -> Value {
        let drawer = Value::from("top");
        [("name", state.get("name").clone()), ("drawer", drawer)]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    async fn import_by_identity(&self, ctx: &Context, identity: &Value) -> (Vec<ImportedState>, Diagnostics) {
        let name = identity.get("name").as_str().unwrap_or_default();
        self.import(ctx, &format!("thing-{name}")).await
    }

    fn list_schema(&self) -> Option<Schema> {
        let prefix = Attribute::new("prefix", Type::String, Mode::Optional, "How names begin.");
        let block = Block { description: "Things.".into(), attributes: vec![prefix], blocks: Vec::new() };
        Some(Schema { version: 0, block })
    }

    async fn list(&self, ctx: &Context, request: ListRequest) -> (Vec<Listed>, Diagnostics) {
        let mut found = Diagnostics::default();
        let prefix = request.config.get("prefix").as_str().unwrap_or_default();
        if prefix == "secret" {
            found.push(Diagnostic::error("Not shown", "Nobody sees these."));
            return (Vec::new(), found);
        }
        let mut listed = Vec::new();
        for name in ["cup", "cupboard", "spoon"].into_iter().filter(|name| name.starts_with(prefix)) {
            let (imported, diagnostics) = self.import(ctx, &format!("thing-{name}")).await;
            let state = imported.into_iter().next().map(|imported| match imported.state {
                Value::Map(given) => self.schema().block.complete(given),
                other => other,
            });
            let state = state.filter(|_| request.with_state);
            let name = Value::from(name);
            let identity = self.identity_of(&[("name".to_owned(), name.clone())].into_iter().collect());
            let display_name = name.as_str().unwrap_or_default().to_owned();
            listed.push(Listed { identity, display_name, state, diagnostics });
        }
        listed.truncate(request.limit);
        (listed, found)
    }

    async fn move_state(&self, _: &Context, request: MoveRequest) -> (Option<MovedState>, Diagnostics) {
        let mut found = Diagnostics::default();
        if request.source_type_name != "terraform_data" {
            found.push(Diagnostic::error("Cannot be moved", "Only terraform_data becomes a thing."));
            return (None, found);
        }
        let state = [("id", Value::from("thing-moved")), ("name", request.source_state.get("id").clone())];
        let state = Value::Map(state.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        (Some(MovedState { state, private: request.source_private }), found)
    }
}

/// Every answer breaks the contract in its own way.
pub(super) struct Stranger;

#[async_trait]
impl Resource for Stranger {
    fn type_name(&self) -> &'static str {
        "corner_stranger"
    }

    fn schema(&self) -> Schema {
        Schema {
            version: 0,
            block: Block {
                attributes: vec![Attribute::new("kind", Type::String, Mode::Optional, "")],
                blocks: vec![NestedBlock::list("part", body())],
                ..Block::default()
            },
        }
    }

    async fn validate_config(&self, _: &Value) -> Diagnostics {
        let mut found = Diagnostics::default();
        found.push(Diagnostic::warning("Strange", "It is.").at(AttributePath::root("nowhere").index(3)));
        found
    }

    async fn read(&self, _: &Context, _: ReadRequest) -> (Option<ReadResponse>, Diagnostics) {
        let state = Value::Map(
            [("kind".to_owned(), Value::UNKNOWN), ("part".to_owned(), Value::List(vec![]))].into(),
        );
        (Some(ReadResponse { state, private: Vec::new() }), Diagnostics::default())
    }

    async fn plan(&self, _: &Context, request: PlanRequest) -> (Option<PlanResponse>, Diagnostics) {
        let kind = request.config.get("kind").as_str().unwrap_or_default().to_owned();
        let mut planned = entries(request.proposed_new_state);
        let mut requires_replace = Vec::new();
        match kind.as_str() {
            "nothing" => return (None, Diagnostics::default()),
            "blocks null" => {
                planned.insert("part".into(), Value::Null);
            }
            "block unknown" => {
                planned.insert("part".into(), Value::List(vec![Value::UNKNOWN]));
            }
            "path" => requires_replace.push(AttributePath::root("nowhere")),
            _ => {}
        }
        let response =
            PlanResponse { planned_state: Value::Map(planned), requires_replace, planned_private: vec![] };
        (Some(response), Diagnostics::default())
    }

    async fn apply(&self, _: &Context, _: ApplyRequest) -> (ApplyResponse, Diagnostics) {
        panic!("the secret is hunter2")
    }

    async fn import(&self, _: &Context, _: &str) -> (Vec<ImportedState>, Diagnostics) {
        (Vec::new(), Diagnostics::default())
    }

    async fn move_state(&self, _: &Context, _: MoveRequest) -> (Option<MovedState>, Diagnostics) {
        (None, Diagnostics::default())
    }
}
