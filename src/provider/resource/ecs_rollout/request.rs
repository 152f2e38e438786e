//! Arguments as a request of `rollout`, and its problems as diagnostics.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::ordered::ordered;
use crate::rollout::{Home, OnFailure, Place, Problem, Request, WaveRequest, Weight};
use crate::value::{AttributePath, Given, Value};

use super::super::super::diagnostics as say;
use super::super::super::duration::duration;
use super::super::super::timeouts::Operation;
use super::limit;

/// What arguments ask for; no request while a part of them that matters is not known. What cannot be read is an error, and the
/// rest is judged beside it.
pub(super) struct Read {
    pub(super) request: Option<Request>,
    pub(super) diagnostics: Diagnostics,
}

/// Reads arguments for a rollout in this region.
pub(super) fn read(arguments: &Value, region: Option<&str>) -> Read {
    let mut diagnostics = Diagnostics::default();
    let request = request(arguments, region, &mut diagnostics);
    Read { request, diagnostics }
}

fn request(arguments: &Value, region: Option<&str>, diagnostics: &mut Diagnostics) -> Option<Request> {
    let waves = waves(arguments, diagnostics);
    let whole = |name: &str, default: i64, diagnostics: &mut Diagnostics| {
        whole_number(arguments, name, AttributePath::root(name), diagnostics).map(|it| it.unwrap_or(default))
    };
    let max_concurrent = whole("max_concurrent", 10, diagnostics);
    let max_failures = whole("max_failures", 0, diagnostics);
    let on_failure = on_failure(arguments, diagnostics);
    let cluster = match arguments.string("cluster") {
        Given::Unknown => return None,
        given => given.known().map(str::to_owned),
    };
    let Value::Map(services) = arguments.get("services") else { return None };
    let services = services.iter().map(|(key, arn)| {
        let arn = match arn {
            Value::Unknown(_) => None,
            arn => Some(arn.as_str().unwrap_or_default().to_owned()),
        };
        (key.clone(), arn)
    });
    let timeout = [Operation::Create, Operation::Update].map(|operation| limit(arguments, operation).time);
    Some(Request {
        services: ordered(services),
        cluster,
        waves: waves?,
        max_concurrent: max_concurrent?,
        max_failures: max_failures?,
        on_failure: on_failure?,
        timeout: timeout.into_iter().min().unwrap_or_default(),
        home: Home { region: region.unwrap_or_default().to_owned(), ..Home::default() },
    })
}

/// A whole number: none inside where nothing is written, none at all where it is not known or wrong.
fn whole_number(
    arguments: &Value,
    name: &str,
    at: AttributePath,
    diagnostics: &mut Diagnostics,
) -> Option<Option<i64>> {
    match (arguments.get(name), arguments.integer(name)) {
        (Value::Null, _) => Some(None),
        (_, Given::Known(number)) => Some(Some(number)),
        (Value::Unknown(_), _) => None,
        _ => {
            diagnostics.push(say::not_a_whole_number(name, at));
            None
        }
    }
}

fn on_failure(arguments: &Value, diagnostics: &mut Diagnostics) -> Option<OnFailure> {
    match arguments.string("on_failure") {
        Given::Unknown => None,
        Given::Absent => Some(OnFailure::Stop),
        Given::Known(name) => {
            let found = OnFailure::parse(name);
            if found.is_none() {
                let choices = ["stop", "rollback", "continue"];
                let at = AttributePath::root("on_failure");
                diagnostics.push(say::not_one_of("on_failure", name, &choices, at));
            }
            // The error stops everything; what else is wrong is told beside it.
            found.or(Some(OnFailure::Stop))
        }
    }
}

fn waves(arguments: &Value, diagnostics: &mut Diagnostics) -> Option<Vec<WaveRequest>> {
    if arguments.get("wave").is_unknown() {
        return None;
    }
    let waves = arguments.get("wave").elements().iter().enumerate();
    let waves: Vec<_> = waves.map(|(number, wave)| one_wave(number, wave, diagnostics)).collect();
    waves.into_iter().collect()
}

fn one_wave(number: usize, wave: &Value, diagnostics: &mut Diagnostics) -> Option<WaveRequest> {
    let at = |name: &str| wave_path(number).attribute(name);
    let percent = whole_number(wave, "percent", at("percent"), diagnostics);
    let bake_time = match wave.string("bake_time") {
        Given::Absent => Some(Duration::ZERO),
        Given::Unknown => None,
        Given::Known(written) => {
            let found = duration(written);
            if found.is_none() {
                diagnostics.push(say::not_a_bake_time(written, at("bake_time")));
            }
            found.or(Some(Duration::ZERO))
        }
    };
    if !wave.get("services").is_wholly_known() {
        return None;
    }
    let keys = |value: &Value| value.elements().iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let services = Some(wave.get("services")).filter(|value| !value.is_null()).map(keys);
    Some(WaveRequest { services, percent: percent?, bake_time: bake_time? })
}

fn wave_path(number: usize) -> AttributePath {
    AttributePath::root("wave").index(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A problem at the argument that it is about.
pub(super) fn diagnostic(problem: Problem) -> Diagnostic {
    let path = match problem.place {
        Place::Services => AttributePath::root("services"),
        Place::Service(key) => AttributePath::root("services").key(&key),
        Place::Wave(number) => wave_path(number),
        Place::WaveServices(number) => wave_path(number).attribute("services"),
        Place::Percent(number) => wave_path(number).attribute("percent"),
        Place::BakeTime(number) => wave_path(number).attribute("bake_time"),
        Place::MaxConcurrent => AttributePath::root("max_concurrent"),
        Place::MaxFailures => AttributePath::root("max_failures"),
    };
    let diagnostic = match problem.weight {
        Weight::Error => Diagnostic::error(problem.summary, problem.detail),
        Weight::Warning => Diagnostic::warning(problem.summary, problem.detail),
    };
    diagnostic.at(path)
}

/// The ARNs that a state moved its services to.
pub(super) fn targets(state: &Value) -> BTreeMap<&str, &str> {
    match state.get("services") {
        Value::Map(services) => {
            ordered(services.iter().filter_map(|(key, arn)| Some((key.as_str(), arn.as_str()?))))
        }
        _ => BTreeMap::new(),
    }
}
