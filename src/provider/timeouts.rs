//! The `timeouts` block: how long an operation of a resource may take, in the words and with the default of the AWS provider's
//! resources.

use std::ops::Deref;
use std::time::Duration;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::ecs_client::{EcsError, Ended, Patience};
use crate::framework::Context;
use crate::schema::{Attribute, Block, Mode, NestedBlock, Nesting};
use crate::value::{AttributePath, Type, Value};

use super::diagnostics as say;
use super::duration::duration;

/// The name of the block.
pub(super) const TIMEOUTS: &str = "timeouts";

/// What the resources of the AWS provider have where nothing is written (terraform-plugin-sdk 2, seen 2026-11).
const DEFAULT: (&str, Duration) = ("20m", Duration::from_secs(20 * 60));

/// What a resource is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    Read,
    Update,
    Delete,
}

impl Operation {
    const ALL: [Self; 4] = [Self::Create, Self::Read, Self::Update, Self::Delete];

    /// The argument of the block.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// The schema of the block.
pub(super) fn timeouts_block() -> NestedBlock {
    let about = |operation| match operation {
        Operation::Create => "How long a creation may take. Defaults to `20m`.",
        Operation::Read => "How long a refresh, or what a plan reads, may take. Defaults to `20m`.",
        Operation::Update => "How long an update may take. Defaults to `20m`.",
        Operation::Delete => {
            "How long a destruction may take. Defaults to `20m`. What counts is what was applied before, because a \
             destruction knows the state alone."
        }
    };
    let attribute = |operation: Operation| {
        Attribute::new(operation.name(), Type::String, Mode::Optional, about(operation))
    };
    let block = Block {
        description: "How long an operation may take with all that it waits for: its turn at the request rate of ECS, \
                      answers, repeats, and other resources of its family. Numbers with a unit, as in `90s`, `10m` or `1h30m`."
            .to_owned(),
        attributes: Operation::ALL.map(attribute).into(),
        blocks: Vec::new(),
    };
    NestedBlock { nesting: Nesting::Single, ..NestedBlock::list(TIMEOUTS, block) }
}

/// The schema of a block with these operations alone, each with what is said of it.
pub(super) fn timeouts_block_of(operations: &[(Operation, &str)], about: &str) -> NestedBlock {
    let attribute = |(operation, about): &(Operation, &str)| {
        Attribute::new(operation.name(), Type::String, Mode::Optional, about)
    };
    let block = Block {
        description: about.to_owned(),
        attributes: operations.iter().map(attribute).collect(),
        blocks: Vec::new(),
    };
    NestedBlock { nesting: Nesting::Single, ..NestedBlock::list(TIMEOUTS, block) }
}

/// What is wrong with the block of these arguments. What is not known yet is not judged.
pub(super) fn validate(arguments: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for name in Operation::ALL.map(Operation::name) {
        let written = arguments.get(TIMEOUTS).string(name).known();
        if let Some(written) = written
            && duration(written).is_none_or(|time| time.is_zero())
        {
            diagnostics.push(say::not_a_timeout(
                name,
                written,
                AttributePath::root(TIMEOUTS).attribute(name),
            ));
        }
    }
    diagnostics
}

/// How long an operation may take where nothing is written, as text and as a time.
pub(super) type Usual = (&'static str, Duration);

/// How long an operation may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) operation: Operation,
    pub(super) time: Duration,
    /// As it is written; none where the default holds.
    pub(super) written: Option<String>,
    default: Usual,
}

impl Limit {
    /// What these arguments, or this state, say.
    pub(super) fn of(arguments: &Value, operation: Operation) -> Self {
        Self::with(arguments, operation, DEFAULT)
    }

    /// The same with a default of the resource's own.
    pub(super) fn with(arguments: &Value, operation: Operation, default: Usual) -> Self {
        let written = arguments.get(TIMEOUTS).get(operation.name()).as_str();
        let found = written.and_then(|text| Some((text.to_owned(), duration(text)?)));
        let (written, time) = found.map_or((None, default.1), |(text, time)| (Some(text), time));
        Self { operation, time, written, default }
    }

    /// As a person writes it.
    pub(super) fn text(&self) -> &str {
        self.written.as_deref().unwrap_or(self.default.0)
    }

    /// Twice that time, as a person writes it.
    pub(super) fn doubled(&self) -> String {
        let seconds = self.time.saturating_mul(2).as_secs().max(1);
        if seconds.is_multiple_of(60) { format!("{}m", seconds / 60) } else { format!("{seconds}s") }
    }
}

/// An operation that runs, and what ends it.
pub(super) struct Running<'c> {
    ctx: &'c Context,
    limit: Limit,
    pub(super) patience: Patience,
}

impl<'c> Running<'c> {
    /// Begins an operation. Its time counts from here.
    pub(super) fn begin(ctx: &'c Context, arguments: &Value, operation: Operation) -> Self {
        Self::begin_within(ctx, Limit::of(arguments, operation))
    }

    /// Begins an operation that may take so long.
    pub(super) fn begin_within(ctx: &'c Context, limit: Limit) -> Self {
        Self { ctx, patience: Patience::new(&ctx.stop, limit.time), limit }
    }

    /// How long it may take, as a person writes it.
    pub(super) fn time(&self) -> &str {
        self.limit.text()
    }

    /// A call failed, or was ended. `doing` completes "While …".
    pub(super) fn failed(&self, error: &EcsError, doing: &str) -> Diagnostic {
        self.failed_after(error, doing, "")
    }

    /// The same, with a sentence about what was done before or comes next.
    pub(super) fn failed_after(&self, error: &EcsError, doing: &str, more: &str) -> Diagnostic {
        match error.ended {
            Some(ended) => say::ended(error, ended, &self.limit, doing, more),
            None => say::aws_and(error, doing, more),
        }
    }

    /// A wait was ended before anything was sent.
    pub(super) fn ended_before_sending(&self, ended: Ended, doing: &str) -> Diagnostic {
        say::ended_before_sending(ended, &self.limit, doing)
    }
}

impl Deref for Running<'_> {
    type Target = Context;

    fn deref(&self) -> &Context {
        self.ctx
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, value: Value) -> Value {
        let timeouts = Value::Map([(name.to_owned(), value)].into());
        Value::Map([(TIMEOUTS.to_owned(), timeouts)].into())
    }

    #[test]
    fn what_is_written_holds_and_the_default_where_nothing_is() {
        let limit = Limit::of(&block("create", Value::from("90s")), Operation::Create);
        assert_eq!(
            (limit.time, limit.text(), limit.doubled().as_str()),
            (Duration::from_secs(90), "90s", "3m")
        );
        for arguments in [block("create", Value::from("90s")), block("delete", Value::Null), Value::Null] {
            let limit = Limit::of(&arguments, Operation::Delete);
            assert_eq!((limit.time, limit.text(), limit.doubled().as_str()), (DEFAULT.1, "20m", "40m"));
        }
        assert_eq!(Limit::of(&block("read", Value::from("2s")), Operation::Read).doubled(), "4s");
    }

    #[test]
    fn a_wrong_time_is_told_with_the_line_to_write_and_an_unknown_one_is_not_judged() {
        for wrong in ["", "20", "20 minutes", "-5m", "0s", "1d"] {
            let told = validate(&block("update", Value::from(wrong)));
            let [told] = told.iter().collect::<Vec<_>>()[..] else { panic!("{wrong}: {told:?}") };
            assert!(told.detail.contains("update = \"20m\""), "{}", told.detail);
        }
        for fine in [Value::from("1h"), Value::Null, Value::UNKNOWN] {
            assert!(!validate(&block("update", fine.clone())).has_errors(), "{fine:?}");
        }
        assert!(!validate(&Value::Map([(TIMEOUTS.to_owned(), Value::UNKNOWN)].into())).has_errors());
    }
}
