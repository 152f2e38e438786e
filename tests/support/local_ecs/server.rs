//! The HTTP side: one listener on the loopback address, a thread of its own, and the handle tests hold.
//!
//! Requests are told apart by their target header (ECS), their form body (STS) and the path `/_control/` (faults,
//! rates and the record, for callers in another process).

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::faults::Fault;
use super::service::Service;
use super::sts;
use super::wire::{Recorded, Refusal, Signed};
use super::written;

/// The account requests belong to unless a role of another one was assumed.
pub(crate) const DEFAULT_ACCOUNT: &str = "123456789012";

const TARGET_PREFIX: &str = "AmazonEC2ContainerServiceV20141113.";

/// A running endpoint; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct LocalEcs {
    address: SocketAddr,
    service: Arc<Mutex<Service>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LocalEcs {
    /// Starts on a free port.
    pub(crate) fn start() -> Self {
        Self::start_on(0).expect("the loopback address has a free port")
    }

    /// Starts on this port; 0 takes a free one.
    pub(crate) fn start_on(port: u16) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let service = Arc::new(Mutex::new(Service::new(DEFAULT_ACCOUNT)));
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&service);
        let thread = std::thread::Builder::new().name("local-ecs".to_owned()).spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime needs only a few file descriptors")
                .block_on(async move {
                    tokio::select! {
                        () = accept(listener, shared) => {}
                        _ = stopped => {}
                    }
                });
        })?;
        Ok(Self { address, service, stop: Some(stop), thread: Some(thread) })
    }

    /// The endpoint for `endpoints { ecs = ... sts = ... }`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets the next `times` requests of an operation fail; `ANY_OPERATION` stands for all of them.
    pub(crate) fn fail(&self, operation: &str, fault: Fault, times: u32) {
        self.lock().faults.add(operation, fault, times);
    }

    /// How many queued faults have not happened yet.
    pub(crate) fn faults_waiting(&self) -> u32 {
        self.lock().faults.waiting()
    }

    /// Forgets all queued faults.
    pub(crate) fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// Turns the rate buckets on, full, or off.
    pub(crate) fn limit_rates(&self, on: bool) {
        self.lock().rates.enable(on);
    }

    /// Every ECS request so far, in order.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.lock().requests.clone()
    }

    /// The bodies of all requests of one operation, in order.
    pub(crate) fn requests_of(&self, operation: &str) -> Vec<Value> {
        let matching = |request: &Recorded| (request.operation == operation).then(|| request.body.clone());
        self.lock().requests.iter().filter_map(matching).collect()
    }

    /// The operations of all STS requests so far, in order.
    pub(crate) fn sts_operations(&self) -> Vec<String> {
        self.lock().sts_operations.clone()
    }

    /// Forgets the record of requests.
    pub(crate) fn forget_requests(&self) {
        let mut service = self.lock();
        service.requests.clear();
        service.sts_operations.clear();
    }

    /// Does what a person with another tool would do behind Terraform's back, in the default account.
    pub(crate) fn act(&self, region: &str, operation: &str, body: &Value) -> Result<Value, String> {
        let signed = Signed { access_key: "AKIAOUTSIDE".to_owned(), region: region.to_owned() };
        self.lock()
            .perform(&signed, operation, body, now())
            .map_err(|refusal| format!("{}: {}", refusal.kind, refusal.message))
    }

    /// Waits until the endpoint's thread ends, which is never unless it is killed.
    pub(crate) fn run_until_killed(mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the endpoint's thread does not panic");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Service> {
        lock(&self.service)
    }
}

impl Drop for LocalEcs {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may be gone already; then there is nothing to stop.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(service: &Mutex<Service>) -> MutexGuard<'_, Service> {
    service.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn now() -> f64 {
    let millis = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
    // Milliseconds since 1970 stay far below 2^53 for the next 285,000 years.
    #[allow(clippy::cast_precision_loss, reason = "see above")]
    let millis = millis as f64;
    millis / 1000.0
}

async fn accept(listener: std::net::TcpListener, service: Arc<Mutex<Service>>) {
    let listener = TcpListener::from_std(listener).expect("the listener was made non-blocking");
    loop {
        // A connection that is gone before it was accepted is the client's affair.
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&service)));
        }
    }
}

async fn serve(stream: TcpStream, service: Arc<Mutex<Service>>) {
    let reset = Arc::new(Mutex::new(false));
    let asked_for_reset = Arc::clone(&reset);
    let Ok((stream, twin)) = twins(stream) else {
        return;
    };
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(
        TokioIo::new(stream),
        hyper::service::service_fn(move |request| {
            let service = Arc::clone(&service);
            let reset = Arc::clone(&asked_for_reset);
            async move {
                match answer(request, service).await {
                    Answer::Response(response) => Ok(response),
                    Answer::Cut { with_reset } => {
                        *reset.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = with_reset;
                        Err(Cut)
                    }
                }
            }
        }),
    );
    // An error here is a client that went away or a connection cut on purpose.
    let _ = connection.await;
    if *reset.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
        let _ = twin.set_zero_linger();
    }
}

/// Two handles of one socket: hyper takes one, the other is kept to reset the connection with.
fn twins(stream: TcpStream) -> std::io::Result<(TcpStream, TcpStream)> {
    let stream = stream.into_std()?;
    let twin = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, TcpStream::from_std(twin)?))
}

/// Makes hyper close the connection without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("connection cut on purpose")
    }
}

impl std::error::Error for Cut {}

enum Answer {
    Response(Response<Full<Bytes>>),
    Cut { with_reset: bool },
}

async fn answer(request: Request<Incoming>, service: Arc<Mutex<Service>>) -> Answer {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (target, authorization) = (header("x-amz-target"), header("authorization"));
    let Ok(body) = body.collect().await else {
        return Answer::Cut { with_reset: false };
    };
    let body = body.to_bytes();
    if let Some(path) = head.uri.path().strip_prefix("/_control/") {
        let parsed = serde_json::from_slice(&body).unwrap_or(Value::Null);
        return Answer::Response(control(&mut lock(&service), &head.method, path, &parsed));
    }
    match target.as_deref().and_then(|target| target.strip_prefix(TARGET_PREFIX)) {
        Some(operation) => ecs(&service, operation, authorization.as_deref(), &body).await,
        None => Answer::Response(sts_answer(&service, authorization.as_deref(), &body)),
    }
}

async fn ecs(service: &Mutex<Service>, operation: &str, authorization: Option<&str>, body: &[u8]) -> Answer {
    let signed = match Signed::read(authorization, "ecs") {
        Ok(signed) => signed,
        Err(refusal) => return Answer::Response(refused(&refusal)),
    };
    let parsed: Option<Value> = serde_json::from_slice(body).ok();
    let fault = lock(service).faults.take(operation);
    if let Some(Fault::Page(status)) = fault {
        return Answer::Response(page(status));
    }
    let answered = match fault {
        Some(Fault::Reset) => None,
        Some(Fault::Slow(pause)) => {
            tokio::time::sleep(pause).await;
            Some(perform(service, &signed, operation, parsed.as_ref()))
        }
        Some(Fault::LostAnswer) => {
            let _ = perform(service, &signed, operation, parsed.as_ref());
            None
        }
        fault => {
            let caller = lock(service).caller(&signed);
            let refusal = fault.and_then(|fault| fault.refusal("ecs", operation, &caller));
            Some(refusal.map_or_else(|| perform(service, &signed, operation, parsed.as_ref()), Err))
        }
    };
    let response = answered.map(|result| match result {
        Ok(answer) => respond(200, "application/x-amz-json-1.1", answer.to_string()),
        Err(refusal) => refused(&refusal),
    });
    lock(service).requests.push(Recorded {
        operation: operation.to_owned(),
        region: signed.region,
        access_key: signed.access_key,
        body: parsed.unwrap_or(Value::Null),
        status: response.as_ref().map(|response| response.status().as_u16()),
    });
    response.map_or(Answer::Cut { with_reset: fault == Some(Fault::Reset) }, Answer::Response)
}

fn perform(
    service: &Mutex<Service>,
    signed: &Signed,
    operation: &str,
    body: Option<&Value>,
) -> Result<Value, Refusal> {
    let body = body.ok_or_else(|| Refusal::serialization("The body is not JSON."))?;
    let mut service = lock(service);
    service.admit(signed, operation)?;
    service.perform(signed, operation, body, now())
}

fn sts_answer(service: &Mutex<Service>, authorization: Option<&str>, body: &[u8]) -> Response<Full<Bytes>> {
    let account = lock(service).account.clone();
    let form = sts::form(&String::from_utf8_lossy(body));
    let operation = sts::operation(&form);
    lock(service).sts_operations.push(operation.to_owned());
    let access_key = match sts::is_unsigned(operation) {
        true => Ok(String::new()),
        false => Signed::read(authorization, "sts").map(|signed| signed.access_key),
    };
    let fault = lock(service).faults.take(operation);
    if let Some(Fault::Page(status)) = fault {
        return page(status);
    }
    let caller = sts::caller_arn(access_key.as_deref().unwrap_or_default(), "aws", &account);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal("sts", operation, &caller)) {
        return respond(refusal.status, "text/xml", sts::error_document(&refusal));
    }
    let result = access_key
        .and_then(|access_key| sts::answer(&form, &access_key, &account, OffsetDateTime::now_utc()));
    match result {
        Ok(document) => respond(200, "text/xml", document),
        Err(refusal) => respond(refusal.status, "text/xml", sts::error_document(&refusal)),
    }
}

/// `POST faults`, `DELETE faults`, `POST rates {"on": bool}`, `GET registered`, `GET requests`, `DELETE requests`.
fn control(service: &mut Service, method: &Method, path: &str, body: &Value) -> Response<Full<Bytes>> {
    let done = || respond(200, "application/json", "{}".to_owned());
    match (method, path) {
        (&Method::POST, "faults") => match service.faults.add_described(body) {
            Ok(()) => done(),
            Err(problem) => respond(400, "application/json", json!({"error": problem}).to_string()),
        },
        (&Method::DELETE, "faults") => {
            service.faults.clear();
            done()
        }
        (&Method::POST, "rates") => {
            service.rates.enable(body.get("on").and_then(Value::as_bool).unwrap_or(true));
            done()
        }
        (&Method::GET, "registered") => {
            let registered = |request: &&Recorded| {
                request.operation == "RegisterTaskDefinition" && request.status == Some(200)
            };
            let requests = service.requests.iter().filter(registered);
            let texts: String = requests.map(|request| written::text(&request.body)).collect();
            respond(200, "application/json", texts)
        }
        (&Method::GET, "requests") => {
            let requests: Vec<Value> = service
                .requests
                .iter()
                .map(|request| {
                    json!({
                        "operation": request.operation,
                        "region": request.region,
                        "accessKey": request.access_key,
                        "body": request.body,
                        "status": request.status,
                    })
                })
                .collect();
            respond(200, "application/json", json!({"requests": requests}).to_string())
        }
        (&Method::DELETE, "requests") => {
            service.requests.clear();
            done()
        }
        _ => respond(404, "application/json", json!({"error": "no such control"}).to_string()),
    }
}

fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    respond(refusal.status, "application/x-amz-json-1.1", refusal.body().to_string())
}

/// What a proxy or a firewall answers; none of the service's headers are on it.
fn page(status: u16) -> Response<Full<Bytes>> {
    let mut response = respond(status, "text/html", format!("<html><body>{status}</body></html>"));
    response.headers_mut().remove("x-amzn-requestid");
    response
}

fn respond(status: u16, content_type: &str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).expect("every status here is a valid one");
    let headers = response.headers_mut();
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_str(content_type).expect("every content type here is ASCII"),
    );
    headers
        .insert("x-amzn-requestid", http::HeaderValue::from_static("00000000-0000-4000-8000-000000000000"));
    response
}
