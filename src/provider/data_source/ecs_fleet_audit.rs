//! `ddrofs_ecs_fleet_audit`: what a live account runs, judged. The engine is that of the subcommand `audit`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::audit::{self, Audit, Progress, Wanted};
use crate::diagnostics::Diagnostics;
use crate::framework::{Context, DataSource};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::json::{self, Surplus};
use crate::value::{ObjectType, Type, Value};

use super::super::calling::one;
use super::super::diagnostics as say;
use super::super::document_value::short_finding_type;
use super::super::provider_block::Settled;
use super::super::timeouts::{self, Limit, Operation, Running, Usual};

/// Its name.
const NAME: &str = "ddrofs_ecs_fleet_audit";

/// How long the reading may take where nothing is written: 20,000 families at the request rate of ECS.
const DEFAULT: Usual = ("20m", Duration::from_secs(20 * 60));

/// The data source.
pub(in crate::provider) struct EcsFleetAudit {
    settled: Arc<Settled>,
}

impl EcsFleetAudit {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    async fn audit(&self, ctx: &Context, config: &Value) -> Result<Audit, Diagnostics> {
        const DOING: &str = "reading what the account runs";
        let running = Running::begin_within(ctx, Limit::with(config, Operation::Read, DEFAULT));
        let configured = self.settled.get().ok_or_else(|| one(say::not_configured(NAME)))?;
        let clients = configured.clients.as_ref();
        let clients = clients.map_err(|unknown| one(say::aws_settings_not_known_to_read(unknown, DOING)))?;
        let mut nobody_watches = |_: Progress<'_>| {};
        let wanted = wanted(config);
        match audit::read(clients, &wanted, &running.patience, &mut nobody_watches).await {
            Ok(answers) => Ok(audit::assemble(answers)),
            Err(error) => Err(one(running.failed(&error, DOING))),
        }
    }
}

fn wanted(config: &Value) -> Wanted {
    let texts = |name: &str| match config.get(name) {
        Value::List(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    Wanted {
        regions: texts("regions"),
        clusters: texts("clusters"),
        include: texts("include"),
        exclude: texts("exclude"),
    }
}

/// What is computed of the JSON's members, by their names.
fn results() -> [(&'static str, Type, &'static str); 9] {
    let texts = || Type::list(Type::String);
    let counts = || Type::map(Type::Number);
    let control = Type::object([("running", Type::String), ("newest", Type::String)]);
    let summary = [
        "clusters",
        "services",
        "families",
        "revisions",
        "standalone_tasks",
        "services_behind",
        "services_green_but_old",
        "unread",
    ];
    let mut summary: Vec<(&str, Type)> = summary.map(|name| (name, Type::Number)).into();
    let severities = ["errors", "warnings", "notes"].map(|name| (name, Type::Number));
    summary.extend([
        ("findings", Type::object(severities)),
        ("controls", Type::map(counts())),
        ("agents", counts()),
    ]);
    let summary: [(&str, Type); 11] = summary.try_into().expect("eleven were written");
    [
        ("accounts", texts(), "The account, twelve digits."),
        (
            "summary",
            Type::object(summary),
            "The figures: `clusters`, `services`, `families`, `revisions` and `standalone_tasks`; `services_behind`, which run another revision than the newest; `services_green_but_old`, for which a control passes on the newest revision and fails on the one that runs; `unread`; `findings` by severity, each revision once; `controls`, by control and verdict of what runs the number of services; `agents`, by state of the Agent the number of services.",
        ),
        (
            "fix_first",
            Type::list(Type::object([
                ("rule", Type::String),
                ("summary", Type::String),
                ("severity", Type::String),
                ("control", Type::String),
                ("services", Type::Number),
                ("services_mended_by_newest", Type::Number),
            ])),
            "What to fix first: rules with the number of services that run such a finding, and of those that deploying the newest revision would rid of it. Errors and warnings come before notes.",
        ),
        (
            "services",
            Type::list(Type::object([
                ("region", Type::String),
                ("cluster", Type::String),
                ("name", Type::String),
                ("arn", Type::String),
                ("status", Type::String),
                ("running", texts()),
                ("newest", Type::String),
                ("is_behind", Type::Bool),
                ("controls", Type::map(control)),
                ("green_but_old", texts()),
                ("agent", Type::String),
                ("agent_version", Type::String),
            ])),
            "Every service once, by region, cluster and name: ARNs of the revisions that it is `running`, ARN of the `newest` active one of the family, `controls` with the worst verdict of what runs and that of the newest revision, `green_but_old`, the controls that pass on the newest revision only, and the `agent`: `NONE`, `SEEDED`, `IMAGE`, `OWN_MOUNT`, `BLIND`, `UNCLEAR` or `UNREAD`.",
        ),
        (
            "families",
            Type::list(Type::object([
                ("region", Type::String),
                ("name", Type::String),
                ("newest", Type::String),
                ("services", Type::Number),
            ])),
            "The families with the ARN of their newest active revision and the number of services that run one of them.",
        ),
        (
            "standalone_tasks",
            Type::list(Type::object([
                ("region", Type::String),
                ("cluster", Type::String),
                ("arn", Type::String),
                ("group", Type::String),
                ("revision", Type::String),
            ])),
            "Tasks that no service started.",
        ),
        (
            "revisions",
            Type::map(Type::object([
                ("family", Type::String),
                ("revision", Type::Number),
                ("status", Type::String),
                ("is_read_only", Type::Bool),
                ("verdicts", Type::map(Type::object([("verdict", Type::String), ("containers", texts())]))),
                ("findings", Type::list(short_finding_type())),
                ("undecided", texts()),
                ("agent", Type::String),
                (
                    "agents",
                    Type::list(Type::object([
                        ("container", Type::String),
                        ("version", Type::String),
                        ("is_read_only", Type::Bool),
                        ("state", Type::String),
                    ])),
                ),
            ])),
            "Every revision that is the newest of its family or runs, by ARN: `verdicts` with the containers that fail, `findings` with `rule`, `severity`, `path`, `container` and `summary`, rules that are `undecided`, and the containers that are `agents`. `is_read_only` says whether every container has a read-only root filesystem.",
        ),
        (
            "unread",
            Type::list(Type::object([
                ("region", Type::String),
                ("what", Type::String),
                ("why", Type::String),
            ])),
            "What could not be read, and why. It is a warning too.",
        ),
        (
            "version",
            Type::Number,
            "Version of the shape of `json`: it rises when a member goes or changes its meaning.",
        ),
    ]
}

#[async_trait]
impl DataSource for EcsFleetAudit {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        let texts =
            |name: &str, mode: Mode, about: &str| Attribute::new(name, Type::list(Type::String), mode, about);
        let flag = |name: &str, about: &str| Attribute::new(name, Type::Bool, Mode::Optional, about);
        let text = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Computed, about);
        let mut attributes = vec![
            texts(
                "regions",
                Mode::OptionalComputed,
                "Regions to read, one after the other. Defaults to the provider's.",
            ),
            texts(
                "clusters",
                Mode::Optional,
                "Names or ARNs of the clusters to read. Without it all are read, and the families that nothing runs as well.",
            ),
            texts(
                "include",
                Mode::Optional,
                "Patterns of names: only such services and families are read. `*` stands for anything.",
            ),
            texts("exclude", Mode::Optional, "Patterns of names of services and families that are left out."),
            flag("keep_json", "Whether `json` is kept in the state. Defaults to `false`."),
            flag(
                "keep_html",
                "Whether `html` is kept in the state. Defaults to `false`: it is a megabyte for a thousand services.",
            ),
            text("id", "Accounts and regions."),
            text(
                "json",
                "All of it as JSON, with the sentences and the lines to write of every finding, where `keep_json` asks for it: what `terraform-provider-ddrofs audit --output json=FILE` writes.",
            ),
            text(
                "html",
                "The page of one file, where `keep_html` asks for it: what `terraform-provider-ddrofs audit --output html=FILE` writes.",
            ),
        ];
        let computed = |(name, ty, about)| Attribute::new(name, ty, Mode::Computed, about);
        attributes.extend(results().map(computed));
        let timeouts = timeouts::timeouts_block_of(
            &[(Operation::Read, "How long the reading may take. Defaults to `20m`.")],
            "How long an operation may take with all that it waits for: answers, repeats, and the request rate of ECS, which allows about 20 revisions a second. Numbers with a unit, as in `90s` or `1h`.",
        );
        Schema {
            version: 0,
            block: Block {
                description: "Reads what an account runs on Amazon ECS and judges it: every service and family with its newest revision, which Security Hub looks at, and with the revisions that run. Findings are in the attributes and not diagnostics; a `check` or a `postcondition` makes an error of what should be one. No policy changes them. No attribute holds values of variables, secrets or labels. It only reads; `terraform-provider-ddrofs audit --policy` prints the IAM policy that it needs. The same account gets the same answer from the subcommand `audit`, which needs no configuration.".to_owned(),
                attributes,
                blocks: vec![timeouts],
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        timeouts::validate(config)
    }

    async fn read(&self, ctx: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let audit = match self.audit(ctx, &config).await {
            Ok(audit) => audit,
            Err(diagnostics) => return (None, diagnostics),
        };
        let told = match audit.unread.is_empty() {
            true => Diagnostics::default(),
            false => one(say::not_all_read(&audit.unread)),
        };
        (Some(state(&config, &audit)), told)
    }
}

fn state(config: &Value, audit: &Audit) -> Value {
    let Value::Map(mut state) = config.clone() else { unreachable!("a configuration is an object") };
    let json = audit.to_json().expect("names and numbers are JSON");
    let attributes = results().map(|(name, ty, _)| (name.to_owned(), ty));
    let ty = ObjectType { attributes: attributes.into(), ..ObjectType::default() };
    let decoded = json::decode(json.as_bytes(), &Type::Object(ty), Surplus::Dropped);
    if let Value::Map(results) = decoded.expect("the types are those of the JSON") {
        state.extend(results);
    }
    let keeps = |name: &str| config.bool(name).known() == Some(true);
    let regions = Value::from(audit.regions.clone());
    let id: Vec<&str> = audit.accounts.iter().chain(&audit.regions).map(String::as_str).collect();
    state.extend(
        [
            ("id", Value::from(id.join("/"))),
            ("regions", regions),
            ("html", if keeps("keep_html") { Value::from(audit::page(audit)) } else { Value::Null }),
            ("json", if keeps("keep_json") { Value::from(json) } else { Value::Null }),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    Value::Map(state)
}
