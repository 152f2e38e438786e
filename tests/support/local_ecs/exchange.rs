//! One request and its answer, and what a fault makes of them: where in the exchange it strikes, and whether the work was
//! done by then.
//!
//! Knows neither ECS nor STS; both say how they work and how their answers are written.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};

use super::faults::{Fault, Other, UNKNOWN_STATUS};
use super::service::{Family, Service};
use super::wire::Refusal;
use super::{lock, sts};

pub(super) type Body = UnsyncBoxBody<Bytes, Cut>;

/// Makes hyper close the connection without an answer, or in the middle of one.
#[derive(Debug)]
pub(super) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("connection cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// What the client gets.
pub(super) enum Answer {
    Response(Response<Body>),
    Cut { with_reset: bool },
    Never,
}

/// A text with its status and type, before it becomes a response.
pub(super) struct Written {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) text: String,
    pub(super) retry_after: Option<u64>,
}

/// Holds a family for as long as its revisions are being changed.
pub(super) struct Hold {
    service: Arc<Mutex<Service>>,
    family: Option<Family>,
}

impl Hold {
    pub(super) fn on(service: &Arc<Mutex<Service>>, family: Option<Family>) -> Self {
        Self { service: Arc::clone(service), family }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(family) = &self.family {
            lock(&self.service).end(family);
        }
    }
}

/// What a service does with one request.
pub(super) trait Work: Send + Sync {
    /// Takes the request: nothing has happened yet.
    fn begin(&self) -> Result<Hold, Refusal>;
    /// Does what is asked for. Success is that it had its effect.
    fn carry_out(&self) -> Result<String, Refusal>;
    /// How the service says it.
    fn write(&self, result: Result<String, Refusal>) -> Written;
    /// What a fault that is an answer says.
    fn refusal(&self, fault: Fault) -> Option<Refusal>;
}

/// Does the work, disturbed or not. `pause` says how long a duration is in the world's time.
pub(super) async fn exchange(
    work: &dyn Work,
    fault: Option<Fault>,
    pause: impl Fn(Duration) -> Duration,
) -> Answer {
    let done = || match work.begin() {
        Ok(_hold) => work.write(work.carry_out()),
        Err(refusal) => work.write(Err(refusal)),
    };
    match fault {
        None => respond(done()),
        Some(Fault::Page(status)) => page(status),
        Some(Fault::Reset) => Answer::Cut { with_reset: true },
        Some(Fault::HangBefore) => Answer::Never,
        Some(Fault::Slow(lasting)) => match work.begin() {
            Ok(_hold) => {
                tokio::time::sleep(pause(lasting)).await;
                respond(work.write(work.carry_out()))
            }
            Err(refusal) => respond(work.write(Err(refusal))),
        },
        Some(Fault::SlowAnswer(lasting)) => {
            let written = done();
            tokio::time::sleep(pause(lasting)).await;
            respond(written)
        }
        Some(Fault::LostAnswer) => after(done(), Answer::Cut { with_reset: false }),
        Some(Fault::ResetAfter) => after(done(), Answer::Cut { with_reset: true }),
        Some(Fault::HangAfter) => after(done(), Answer::Never),
        Some(Fault::CutAnswer) => half_of(&done()),
        Some(Fault::GarbledAnswer) => respond(Written { text: "<html>".to_owned(), ..done() }),
        Some(Fault::OtherArn(other)) => respond(changed(done(), |definition| elsewhere(definition, other))),
        Some(Fault::UnknownStatus) => respond(changed(done(), |definition| {
            definition["status"] = json!(UNKNOWN_STATUS);
        })),
        Some(fault) => {
            if fault == Fault::ServerErrorAfter {
                done();
            }
            let refusal = work.refusal(fault).expect("every other fault is an answer");
            respond(work.write(Err(refusal)))
        }
    }
}

/// The answer that comes instead of the one that was written.
fn after(_written: Written, answer: Answer) -> Answer {
    answer
}

/// Waits for ever where there is no answer.
pub(super) async fn response(answer: Answer) -> Result<Response<Body>, bool> {
    match answer {
        Answer::Response(response) => Ok(response),
        Answer::Cut { with_reset } => Err(with_reset),
        Answer::Never => pending().await,
    }
}

/// The answer with its `taskDefinition` changed, where it has one.
fn changed(written: Written, change: impl Fn(&mut Value)) -> Written {
    let mut body: Value = serde_json::from_str(&written.text).unwrap_or_default();
    match body.get_mut("taskDefinition") {
        Some(definition) => change(definition),
        None => return written,
    }
    Written { text: body.to_string(), ..written }
}

fn elsewhere(definition: &mut Value, other: Other) {
    let arn = definition["taskDefinitionArn"].as_str().unwrap_or_default();
    let mut parts: Vec<String> = arn.split([':', '/']).map(str::to_owned).collect();
    let [_, _, _, region, account, _, family, revision] = &mut parts[..] else { return };
    match other {
        Other::Region => "sa-east-1".clone_into(region),
        Other::Account => sts::SOMEBODY_ELSES_ACCOUNT.clone_into(account),
        Other::Family => "somebody-elses".clone_into(family),
        Other::Revision => *revision = "4711".to_owned(),
    }
    definition["family"] = json!(family);
    definition["revision"] = json!(revision.parse::<u64>().unwrap_or_default());
    let arn = format!("{}/{family}:{revision}", parts[..6].join(":"), family = parts[6], revision = parts[7]);
    definition["taskDefinitionArn"] = json!(arn);
}

/// What a proxy or a firewall answers; none of the service's headers are on it.
fn page(status: u16) -> Answer {
    let mut response = plain(status, "text/html", format!("<html><body>{status}</body></html>"));
    response.headers_mut().remove("x-amzn-requestid");
    Answer::Response(response)
}

fn respond(written: Written) -> Answer {
    let mut response = plain(written.status, written.content_type, written.text);
    if let Some(seconds) = written.retry_after {
        response.headers_mut().insert(http::header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Answer::Response(response)
}

/// Promises the whole text, sends its first half, and breaks off.
fn half_of(written: &Written) -> Answer {
    let length = written.text.len();
    let half = Bytes::copy_from_slice(&written.text.as_bytes()[..length / 2]);
    // The pause makes hyper send the half before it hears of the end.
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(Cut)
    });
    let body = StreamBody::new(stream::iter([Ok(Frame::data(half))]).chain(end)).boxed_unsync();
    let mut response = plain(written.status, written.content_type, String::new()).map(|_| body);
    response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
    Answer::Response(response)
}

pub(super) fn plain(status: u16, content_type: &str, text: String) -> Response<Body> {
    let body = Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).expect("every status here is a valid one");
    let headers = response.headers_mut();
    headers.insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_str(content_type).expect("every content type here is ASCII"),
    );
    headers.insert("x-amzn-requestid", HeaderValue::from_static("00000000-0000-4000-8000-000000000000"));
    response
}
