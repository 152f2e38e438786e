//! What a practitioner decides about findings: one schema and one decoder for the `policy` block of the provider, of a
//! resource and of a data source.
//!
//! What is not known yet stays so, part by part: a finding that the part cannot touch is judged without waiting for it.

use std::collections::{BTreeMap, BTreeSet};

use time::{Date, OffsetDateTime};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Node, Path};
use crate::ordered::ordered;
use crate::rofs::settings::Text;
use crate::rules::Judgement;
use crate::rules::policy::{
    Level, Policed, Policy, PolicyProblem, UnknownParts, Waiver, accepted_control, allowed_key,
    control_named, rule_named,
};
use crate::schema::{Attribute, Block, Mode, NestedBlock};
use crate::value::{AttributePath, Type, Value};

use super::diagnostics as say;

/// The schema of the block.
pub(super) fn policy_block(description: &str) -> NestedBlock {
    let required = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Required, about);
    let waiver = Block {
        description: "A finding that is let pass until a date. It is still shown, as waived, and it is a failure to Security Hub as before.".to_owned(),
        attributes: vec![
            required("rule", "Name of the rule."),
            Attribute::new("container", Type::String, Mode::Optional, "Name of the container. Without it the waiver holds for every container and for the task itself."),
            required("reason", "Why the finding may pass."),
            required("owner", "Who answers for it: a team or a person."),
            required("expires", "The last day on which the waiver holds, as `YYYY-MM-DD` in UTC. On the day after, the finding is again what it is without the waiver."),
        ],
        blocks: Vec::new(),
    };
    NestedBlock::at_most_one(
        "policy",
        Block {
            description: description.to_owned(),
            attributes: vec![
                Attribute::new(
                    "enforce",
                    Type::list(Type::String),
                    Mode::Optional,
                    "Security Hub controls whose findings are errors, such as `ECS.5`. A floor: no `severity` lowers it, not even a narrower one. The way out is a `waiver`, which has a reason, an owner and an end.",
                ),
                Attribute::new(
                    "severity",
                    Type::map(Type::String),
                    Mode::Optional,
                    "What the findings of a rule count as: name of the rule to `error`, `warning`, `note` or `off`. The narrower block's wins, rule by rule. A verdict does not change with it.",
                ),
                Attribute::new(
                    "accept_sidecars",
                    Type::list(Type::String),
                    Mode::Optional,
                    "Security Hub controls of which the part that the provider's own sidecars cannot meet is accepted, without a date. There is one such part: `ECS.20` fails because of the init container, which has to run as root. Its finding stays in `findings`, as `accepted`, `enforce` makes no error of it, and the verdict stays `FAILED`.",
                ),
                Attribute::new(
                    "allow_keys",
                    Type::list(Type::String),
                    Mode::Optional,
                    "Keys that ECS knows and this version of the provider does not: a name, or a path without positions such as `containerDefinitions.newKey`. They go to ECS as they are, so write them as the ECS API does; CloudFormation's spelling of such a key is not known here.",
                ),
            ],
            blocks: vec![NestedBlock::list("waiver", waiver)],
        },
    )
}

/// What was decoded.
pub(super) struct Decoded {
    /// The policy, without the entries that mean nothing.
    pub(super) policy: Policy,
    /// What is wrong with it.
    pub(super) diagnostics: Diagnostics,
}

/// Reads the `policy` block of this body, which may be absent or unknown.
pub(super) fn decode(config: &Value) -> Decoded {
    let mut diagnostics = Diagnostics::default();
    let blocks = config.get("policy");
    let policy = match blocks.elements().first() {
        _ if blocks.is_unknown() => Policy::unknown(),
        Some(block) if block.is_unknown() => Policy::unknown(),
        Some(block) => Reader { diagnostics: &mut diagnostics }.policy(block),
        None => Policy::default(),
    };
    Decoded { policy, diagnostics }
}

/// Where the block stands in its body.
fn block_path() -> AttributePath {
    AttributePath::root("policy").index(0)
}

/// Reads a block, noting what is wrong.
struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn policy(&mut self, block: &Value) -> Policy {
        let (enforce, severity, accept_sidecars) =
            (block.get("enforce"), block.get("severity"), block.get("accept_sidecars"));
        let (waivers, allow_keys) = (block.get("waiver"), block.get("allow_keys"));
        Policy {
            enforce: self.texts(enforce, "enforce", control_named),
            severity: self.severities(severity),
            accept_sidecars: self.texts(accept_sidecars, "accept_sidecars", accepted_control),
            waivers: waivers
                .elements()
                .iter()
                .enumerate()
                .filter_map(|(position, waiver)| self.waiver(waiver, position))
                .collect(),
            allow_keys: self.texts(allow_keys, "allow_keys", allowed_key),
            unknown: UnknownParts {
                enforce: !enforce.is_wholly_known(),
                severity: severity.is_unknown(),
                accept_sidecars: !accept_sidecars.is_wholly_known(),
                waivers: waivers.is_unknown() || waivers.elements().iter().any(Value::is_unknown),
                allow_keys: !allow_keys.is_wholly_known(),
            },
        }
    }

    /// The known entries of a list.
    fn texts<T: Ord>(
        &mut self,
        list: &Value,
        name: &str,
        read: fn(&str) -> Result<T, PolicyProblem>,
    ) -> BTreeSet<T> {
        let at = block_path().attribute(name);
        ordered(
            (0..)
                .zip(list.elements())
                .filter(|(_, entry)| !entry.is_unknown() && !entry.is_null())
                .filter_map(|(position, entry)| {
                    self.read(read(entry.as_str().unwrap_or_default()), at.clone().index(position))
                }),
        )
    }

    fn severities(&mut self, map: &Value) -> BTreeMap<&'static str, Level> {
        let Value::Map(entries) = map.undynamic() else { return Default::default() };
        let mut severities = BTreeMap::new();
        for (name, word) in entries.iter().filter(|(_, word)| !word.is_null()) {
            let at = block_path().attribute("severity").key(name);
            let rule = self.read(rule_named(name), at.clone());
            let level = match word.as_str() {
                _ if word.is_unknown() => Some(Level::Unknown),
                word => self.read(Level::parse(name, word.unwrap_or_default()), at),
            };
            severities.extend(rule.zip(level));
        }
        severities
    }

    /// A waiver, unless a part of it means nothing.
    fn waiver(&mut self, waiver: &Value, position: usize) -> Option<Waiver> {
        if waiver.is_unknown() {
            return None;
        }
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let at = |name: &str| block_path().attribute("waiver").index(position).attribute(name);
        let rule = self.text(waiver.get("rule"), at("rule"), |name| rule_named(name).map(str::to_owned));
        let container = match waiver.get("container") {
            container if container.is_null() => Some(None),
            container => self.text(container, at("container"), |name| filled(name, "container")).map(Some),
        };
        let reason = self.text(waiver.get("reason"), at("reason"), |text| filled(text, "reason"));
        let owner = self.text(waiver.get("owner"), at("owner"), |text| filled(text, "owner"));
        let expires = match waiver.get("expires") {
            expires if expires.is_unknown() => Some(None),
            expires => self
                .read(Waiver::parse_expires(expires.as_str().unwrap_or_default()), at("expires"))
                .map(Some),
        };
        Some(Waiver { rule: rule?, container: container?, reason: reason?, owner: owner?, expires: expires? })
    }

    fn text(
        &mut self,
        value: &Value,
        at: AttributePath,
        read: impl FnOnce(&str) -> Result<String, PolicyProblem>,
    ) -> Option<Text> {
        if value.is_unknown() {
            return Some(Text::Unknown);
        }
        self.read(read(value.as_str().unwrap_or_default()), at).map(Text::Known)
    }

    fn read<T>(&mut self, result: Result<T, PolicyProblem>, at: AttributePath) -> Option<T> {
        result.map_err(|problem| self.diagnostics.push(say::policy_problem(&problem, at))).ok()
    }
}

/// A text that says something.
fn filled(text: &str, part: &'static str) -> Result<String, PolicyProblem> {
    match text.trim() {
        "" => Err(PolicyProblem::Blank { part }),
        text => Ok(text.to_owned()),
    }
}

/// The policy that holds for one resource or data source today.
pub(super) struct InForce {
    /// The block's own, without the provider's.
    own: Decoded,
    /// Both layers.
    policy: Policy,
    today: Date,
}

impl InForce {
    /// The body's own policy over the provider's.
    pub(super) fn of(config: &Value, fleet: &Policy) -> Self {
        let own = decode(config);
        let policy = own.policy.clone().over(fleet);
        InForce { own, policy, today: today() }
    }

    /// What is wrong with the body's own policy.
    pub(super) fn mistakes(&self) -> Diagnostics {
        self.own.diagnostics.clone()
    }

    /// What the policy makes of the findings.
    pub(super) fn apply(&self, judgement: &Judgement) -> Policed {
        self.policy.apply(judgement, self.today)
    }

    /// Whether the key at this path is let through; none while nobody knows.
    pub(super) fn allows_key(&self, path: &Path) -> Option<bool> {
        self.policy.allows_key(path)
    }

    /// Waivers of the body's own that let nothing pass, or are for a container that is not among these definitions.
    ///
    /// Only its own: a provider's waiver is for a whole fleet, of which nearly every member has nothing for it.
    pub(super) fn idle(&self, judgement: &Judgement, definitions: &Node) -> Vec<Diagnostic> {
        if self.own.diagnostics.has_errors() || self.own.policy.unknown.waivers {
            // Waivers were left out, so that the positions of the others are not those of the configuration.
            return Vec::new();
        }
        let idle: BTreeSet<usize> = ordered(self.own.policy.idle_waivers(judgement));
        let names = names(definitions);
        let waivers = self.own.policy.waivers.iter().enumerate();
        waivers
            .filter_map(|(position, waiver)| {
                let index = i64::try_from(position).ok()?;
                let at = |argument| block_path().attribute("waiver").index(index).attribute(argument);
                match (&waiver.container, &names) {
                    (Some(Text::Known(container)), Some(names)) if !names.contains(&container.as_str()) => {
                        Some(say::waiver_of_no_container(container, names, at("container")))
                    }
                    _ => idle.contains(&position).then(|| say::idle_waiver(waiver, at("rule"))),
                }
            })
            .collect()
    }
}

/// The names of the containers; none while one of them is not known.
fn names(definitions: &Node) -> Option<Vec<&str>> {
    let containers = definitions.items();
    let is_known = !definitions.is_unknown()
        && containers.iter().all(|container| !container.is_unknown() && !container.get("name").is_unknown());
    is_known.then(|| containers.iter().filter_map(|container| container.get("name").as_str()).collect())
}

/// Today's date, the same everywhere: a waiver does not end earlier on one machine than on another.
///
/// The only clock that decides anything, and nothing but the machine's own time moves it.
fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::document_value::object;
    use super::*;

    fn texts(entries: &[&str]) -> Value {
        Value::List(entries.iter().map(|entry| Value::from(*entry)).collect())
    }

    fn body(policy: Value) -> Value {
        object([("policy", Value::List(vec![policy]))])
    }

    fn waiver(rule: Value, expires: Value) -> Value {
        object([
            ("rule", rule),
            ("container", Value::from("app")),
            ("reason", Value::from(" vendor ")),
            ("owner", Value::from("checkout")),
            ("expires", expires),
        ])
    }

    fn mistakes(decoded: &Decoded) -> Vec<(String, &str)> {
        let mistakes = decoded.diagnostics.iter();
        mistakes.map(|mistake| (mistake.path.to_string(), mistake.summary.as_str())).collect()
    }

    #[test]
    fn a_block_is_read_whole() {
        let decoded = decode(&body(object([
            ("enforce", texts(&["ECS.5"])),
            (
                "severity",
                object([("unknown-key", Value::from("off")), ("floating-image-tag", Value::from("error"))]),
            ),
            ("accept_sidecars", texts(&["ECS.20"])),
            ("allow_keys", texts(&["newKey"])),
            ("waiver", Value::List(vec![waiver("placeholder-left".into(), "2027-03-31".into())])),
        ])));
        assert_eq!(mistakes(&decoded), []);
        assert_eq!(
            decoded.policy,
            Policy {
                enforce: ["ECS.5"].into(),
                severity: [("unknown-key", Level::Off), ("floating-image-tag", Level::Error)].into(),
                accept_sidecars: ["ECS.20"].into(),
                waivers: vec![Waiver {
                    rule: "placeholder-left".into(),
                    container: Some("app".into()),
                    reason: "vendor".into(),
                    owner: "checkout".into(),
                    expires: Some(date!(2027 - 03 - 31)),
                }],
                allow_keys: ["newKey".to_owned()].into(),
                unknown: UnknownParts::default(),
            }
        );
    }

    #[test]
    fn nothing_written_is_no_policy_and_null_is_nothing_written() {
        let null = object([("severity", object([("unknown-key", Value::Null)])), ("enforce", Value::Null)]);
        for body in [Value::Null, object([("policy", Value::List(vec![]))]), body(null)] {
            let decoded = decode(&body);
            assert_eq!((mistakes(&decoded), &decoded.policy), (vec![], &Policy::default()), "{body:?}");
        }
    }

    #[test]
    fn every_mistake_is_told_at_its_place_all_at_once() {
        let empty = object([("rule", Value::from("unknown-keys")), ("container", Value::from(""))]);
        let decoded = decode(&body(object([
            ("enforce", texts(&["ECS.5", "ECS.99"])),
            (
                "severity",
                object([("no-such-rule", Value::from("error")), ("unknown-key", Value::from("fatal"))]),
            ),
            ("accept_sidecars", texts(&["ECS.20", "ECS.5", "ECS.99"])),
            ("allow_keys", texts(&["a[0]"])),
            ("waiver", Value::List(vec![waiver("unknown-key".into(), "2027-02-30".into()), empty])),
        ])));
        assert_eq!(
            mistakes(&decoded),
            [
                ("policy[0].enforce[1]", "No such control"),
                ("policy[0].severity[\"no-such-rule\"]", "No such rule"),
                ("policy[0].severity[\"unknown-key\"]", "No such severity"),
                ("policy[0].accept_sidecars[1]", "Nothing to accept"),
                ("policy[0].accept_sidecars[2]", "Nothing to accept"),
                ("policy[0].waiver[0].expires", "Not a date"),
                ("policy[0].waiver[1].rule", "No such rule"),
                ("policy[0].waiver[1].container", "Incomplete waiver"),
                ("policy[0].waiver[1].reason", "Incomplete waiver"),
                ("policy[0].waiver[1].owner", "Incomplete waiver"),
                ("policy[0].waiver[1].expires", "Not a date"),
                ("policy[0].allow_keys[0]", "Not a key"),
            ]
            .map(|(path, summary)| (path.to_owned(), summary))
        );
        assert_eq!(decoded.policy.waivers, []);
    }

    #[test]
    fn what_is_not_known_yet_is_kept_part_by_part() {
        for body in [object([("policy", Value::UNKNOWN)]), body(Value::UNKNOWN)] {
            assert_eq!(decode(&body).policy, Policy::unknown());
        }
        let decoded = decode(&body(object([
            ("enforce", Value::List(vec![Value::from("ECS.5"), Value::UNKNOWN])),
            ("severity", object([("unknown-key", Value::UNKNOWN)])),
            ("allow_keys", texts(&["newKey"])),
            ("waiver", Value::List(vec![Value::UNKNOWN, waiver(Value::UNKNOWN, Value::UNKNOWN)])),
        ])));
        assert_eq!(mistakes(&decoded), []);
        let policy = decoded.policy;
        assert_eq!(policy.enforce, ["ECS.5"].into());
        assert_eq!(policy.severity, [("unknown-key", Level::Unknown)].into());
        assert_eq!((&policy.waivers[0].rule, policy.waivers[0].expires), (&Text::Unknown, None));
        let unknown = UnknownParts { enforce: true, waivers: true, ..UnknownParts::default() };
        assert_eq!(policy.unknown, unknown);
    }

    #[test]
    fn a_waiver_for_nothing_is_told_only_where_it_was_written_for_one_task() {
        let of_own =
            body(object([("waiver", Value::List(vec![waiver("unknown-key".into(), "9999-12-31".into())]))]));
        let fleet = decode(&of_own).policy;
        let judgement = Judgement::default();
        let containers = |names: &[&str]| {
            let named = names.iter().map(|name| Node::from([("name", Node::from(*name))]));
            Node::Array(named.collect())
        };
        assert_eq!(InForce::of(&Value::Null, &fleet).idle(&judgement, &containers(&["web"])), []);
        let own = InForce::of(&of_own, &Policy::default());
        let gone = own.idle(&judgement, &containers(&["apq", "web"]));
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0].path.to_string(), "policy[0].waiver[0].container");
        assert!(gone[0].detail.contains("Did you mean \"apq\"?"), "{}", gone[0].detail);
        let open = Judgement { undecided: vec!["unknown-key"], ..Judgement::default() };
        assert_eq!(own.idle(&open, &containers(&["web"])).len(), 1, "the rule does not matter");
        assert_eq!(own.idle(&open, &Node::Array(vec![Node::Unknown])), []);
        let idle = own.idle(&judgement, &containers(&["app"]));
        assert_eq!(idle.len(), 1);
        assert_eq!(idle[0].path.to_string(), "policy[0].waiver[0].rule");
        assert!(
            idle[0].detail.starts_with("unknown-key finds nothing in container app"),
            "{}",
            idle[0].detail
        );
    }
}
