//! The control URL: what tests do to the endpoint and ask of it, for callers in another process.
//!
//! | request | does |
//! |---|---|
//! | `POST faults` | queues a disturbance; see `Disturbance::read` for its keys |
//! | `DELETE faults` | forgets all of them |
//! | `POST rates {"on": true}` | turns the buckets on, full, or off |
//! | `POST clock {"speed": 20}` | lets the endpoint's time pass that fast |
//! | `POST lag {"seconds": 10, "reads": 0}` | lets reads lag behind changes from now on; with neither, they catch up |
//! | `POST outcomes {"service": "web", "outcome": "tasks-fail", "seconds": 5}` | decides how deployments go that begin from now on: of a `service`, of a `taskDefinition` (an ARN), or all; see `Outcome::read` |
//! | `GET requests`, `DELETE requests` | the record of every request |
//! | `GET registered` | the accepted registrations, for reading |
//! | `GET revisions` | every revision with its status and tags, lag or not |

use http::{Method, Response};
use serde_json::{Value, json};

use super::exchange::{Body, plain};
use super::families::Lag;
use super::service::{Service, StoredRevision};
use super::services::{Outcome, Subject};
use super::wire::Recorded;
use super::written;

/// Carries out one control request.
pub(super) fn control(service: &mut Service, method: &Method, path: &str, body: &Value) -> Response<Body> {
    match (method, path) {
        (&Method::GET, "registered") => json_response(200, registered(service)),
        (&Method::GET, "requests") => {
            let requests: Vec<Value> = service.requests.iter().map(request).collect();
            json_response(200, json!({"requests": requests}).to_string())
        }
        (&Method::GET, "revisions") => {
            let revisions: Vec<Value> = service.stored().iter().map(revision).collect();
            json_response(200, json!({"revisions": revisions}).to_string())
        }
        _ => match set(service, method, path, body) {
            Some(Ok(())) => json_response(200, "{}".to_owned()),
            Some(Err(problem)) => json_response(400, json!({"error": problem}).to_string()),
            None => json_response(404, json!({"error": "no such control"}).to_string()),
        },
    }
}

/// Changes what the path names; none where nothing has that name.
fn set(service: &mut Service, method: &Method, path: &str, body: &Value) -> Option<Result<(), String>> {
    Some(match (method, path) {
        (&Method::POST, "faults") => service.faults.add_described(body),
        (&Method::DELETE, "faults") => {
            service.faults.clear();
            Ok(())
        }
        (&Method::POST, "rates") => {
            service.rates.enable(body.get("on").and_then(Value::as_bool).unwrap_or(true));
            Ok(())
        }
        (&Method::POST, "clock") => body
            .get("speed")
            .and_then(Value::as_f64)
            .filter(|speed| service.clock.set_speed(*speed))
            .map(|_| ())
            .ok_or_else(|| "`speed` is not a number above 0".to_owned()),
        (&Method::POST, "lag") => lag(body).map(|lag| {
            service.lag = lag;
            if lag == Lag::default() {
                service.catch_up();
            }
        }),
        (&Method::POST, "outcomes") => Outcome::read(body).map(|outcome| {
            let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
            let subject = text("service").map(Subject::Service);
            let subject = subject.or_else(|| text("taskDefinition").map(Subject::TaskDefinition));
            service.outcomes.set(subject.unwrap_or(Subject::All), outcome);
        }),
        (&Method::DELETE, "requests") => {
            service.forget_requests();
            Ok(())
        }
        _ => return None,
    })
}

fn lag(body: &Value) -> Result<Lag, String> {
    let seconds = body.get("seconds").map_or(Some(0.0), Value::as_f64).filter(|seconds| *seconds >= 0.0);
    let reads = body.get("reads").map_or(Some(0), Value::as_u64).and_then(|reads| u32::try_from(reads).ok());
    let (Some(seconds), Some(reads)) = (seconds, reads) else {
        return Err("`seconds` and `reads` are numbers from 0".to_owned());
    };
    Ok(Lag { seconds, reads })
}

fn registered(service: &Service) -> String {
    let registered =
        |request: &&Recorded| request.operation == "RegisterTaskDefinition" && request.status == Some(200);
    service.requests.iter().filter(registered).map(|request| written::text(&request.body)).collect()
}

fn request(request: &Recorded) -> Value {
    json!({
        "at": request.at,
        "operation": request.operation,
        "account": request.account,
        "region": request.region,
        "accessKey": request.access_key,
        "body": request.body,
        "fault": request.fault.map(|fault| format!("{fault:?}")),
        "carriedOut": request.carried_out,
        "status": request.status,
    })
}

fn revision(revision: &StoredRevision) -> Value {
    json!({
        "account": revision.account,
        "region": revision.region,
        "family": revision.family,
        "revision": revision.revision,
        "arn": revision.arn,
        "status": revision.status,
        "tags": revision.tags,
        "registeredBy": revision.registered_by,
    })
}

fn json_response(status: u16, text: String) -> Response<Body> {
    plain(status, "application/json", text)
}
