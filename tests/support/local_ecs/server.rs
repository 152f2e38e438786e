//! The HTTP side: one listener on the loopback address, a thread of its own, and the handle tests hold.
//!
//! Requests are told apart by their target header (ECS), their form body (STS) and the path `/_control/`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use time::OffsetDateTime;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::exchange::{Answer, Cut, Hold, Work, Written, exchange, plain, response};
use super::families::Lag;
use super::faults::{Disturbance, Fault, When};
use super::service::{Service, StoredRevision};
use super::services::{Outcome, Subject};
use super::wire::{Recorded, Refusal, Signed};
use super::{control, lock, rates, sts};

/// The account requests belong to unless a role of another one was assumed.
pub(crate) const DEFAULT_ACCOUNT: &str = "123456789012";

const AWS_JSON: &str = "application/x-amz-json-1.1";

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
        self.disturb(Disturbance::new(operation, fault, When::Times(times)));
    }

    /// Lets requests fail as this says.
    pub(crate) fn disturb(&self, disturbance: Disturbance) {
        self.lock().faults.add(disturbance);
    }

    /// How many counted faults have not happened yet.
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

    /// Lets the endpoint's time pass this fast: buckets refill, storms end, pauses are over and reads catch up so much
    /// sooner.
    pub(crate) fn set_speed(&self, speed: f64) {
        assert!(self.lock().clock.set_speed(speed), "{speed} is no speed");
    }

    /// Lets reads miss each change for so many seconds and so many reads from now on. Changes until now are seen at once
    /// where the lag is none.
    pub(crate) fn set_lag(&self, lag: Lag) {
        let mut service = self.lock();
        service.lag = lag;
        if lag == Lag::default() {
            service.catch_up();
        }
    }

    /// Lists this revision among the failures whenever it is to be deleted.
    pub(crate) fn refuse_to_delete(&self, arn: &str) {
        self.lock().undeletable.push(arn.to_owned());
    }

    /// Decides how deployments go that begin from now on.
    pub(crate) fn deployments_of(&self, subject: Subject, outcome: Outcome) {
        self.lock().outcomes.set(subject, outcome);
    }

    /// Every revision there is, in order, whether or not reads see it.
    pub(crate) fn revisions(&self) -> Vec<StoredRevision> {
        self.lock().stored()
    }

    /// The attempts that went beyond the service's rates, whether or not they were limited, had every bucket `slack` more
    /// tokens: at a sped-up clock a request's way through the machine takes long.
    pub(crate) fn beyond_the_rates(&self, slack: f64) -> Vec<Recorded> {
        let requests = self.requests();
        let seen = requests.iter().map(|request| {
            (format!("{}/{}", request.account, request.region), request.operation.as_str(), request.at)
        });
        rates::beyond(seen, slack).into_iter().map(|index| requests[index].clone()).collect()
    }

    /// Every signed ECS request so far, in the order in which they came.
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
        service.forget_requests();
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
    let reset = Arc::new(AtomicBool::new(false));
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
                response(answer(request, service).await).await.map_err(|with_reset| {
                    reset.store(with_reset, Ordering::Relaxed);
                    Cut
                })
            }
        }),
    );
    // An error here is a client that went away or a connection cut on purpose.
    let _ = connection.await;
    if reset.load(Ordering::Relaxed) {
        let _ = twin.set_zero_linger();
    }
}

/// Two handles of one socket: hyper takes one, the other is kept to reset the connection with.
fn twins(stream: TcpStream) -> std::io::Result<(TcpStream, TcpStream)> {
    let stream = stream.into_std()?;
    let twin = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, TcpStream::from_std(twin)?))
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
        return Answer::Response(control::control(&mut lock(&service), &head.method, path, &parsed));
    }
    // A task of its own: what was asked for is done whether or not the client is still there.
    let working = match target.as_deref().and_then(|target| target.strip_prefix(TARGET_PREFIX)) {
        Some(operation) => {
            let operation = operation.to_owned();
            tokio::spawn(async move { ecs(&service, &operation, authorization.as_deref(), &body).await })
        }
        None => tokio::spawn(async move { sts_answer(&service, authorization.as_deref(), &body).await }),
    };
    working.await.unwrap_or(Answer::Cut { with_reset: false })
}

async fn ecs(
    service: &Arc<Mutex<Service>>,
    operation: &str,
    authorization: Option<&str>,
    body: &[u8],
) -> Answer {
    let signed = match Signed::read(authorization, "ecs") {
        Ok(signed) => signed,
        Err(refusal) => return Answer::Response(plain(refusal.status, AWS_JSON, refusal.body().to_string())),
    };
    let body: Option<Value> = serde_json::from_slice(body).ok();
    let (number, fault) = lock(service).arrived(&signed, operation, body.as_ref());
    let work = EcsWork { service, signed, operation, body, number };
    let answer = exchange(&work, fault, |lasting| lock(service).clock.in_the_world(lasting)).await;
    if let Answer::Response(response) = &answer {
        let status = response.status().as_u16();
        lock(service).note(number, |request| request.status = Some(status));
    }
    answer
}

/// One request to ECS.
struct EcsWork<'a> {
    service: &'a Arc<Mutex<Service>>,
    signed: Signed,
    operation: &'a str,
    body: Option<Value>,
    number: usize,
}

impl EcsWork<'_> {
    fn body(&self) -> Result<&Value, Refusal> {
        self.body.as_ref().ok_or_else(|| Refusal::serialization("The body is not JSON."))
    }
}

impl Work for EcsWork<'_> {
    fn begin(&self) -> Result<Hold, Refusal> {
        let body = self.body()?;
        let mut service = lock(self.service);
        service.admit(&self.signed, self.operation)?;
        let family = service.begin(&self.signed, self.operation, body)?;
        Ok(Hold::on(self.service, family))
    }

    fn carry_out(&self) -> Result<String, Refusal> {
        let body = self.body()?;
        let mut service = lock(self.service);
        let answer = service.perform(&self.signed, self.operation, body, now())?;
        service.note(self.number, |request| request.carried_out = true);
        Ok(answer.to_string())
    }

    fn write(&self, result: Result<String, Refusal>) -> Written {
        match result {
            Ok(text) => Written { status: 200, content_type: AWS_JSON, text, retry_after: None },
            Err(refusal) => Written {
                status: refusal.status,
                content_type: AWS_JSON,
                text: refusal.body().to_string(),
                retry_after: refusal.retry_after,
            },
        }
    }

    fn refusal(&self, fault: Fault) -> Option<Refusal> {
        fault.refusal("ecs", self.operation, &lock(self.service).caller(&self.signed))
    }
}

async fn sts_answer(service: &Arc<Mutex<Service>>, authorization: Option<&str>, body: &[u8]) -> Answer {
    let form = sts::form(&String::from_utf8_lossy(body));
    let operation = sts::operation(&form).to_owned();
    let fault = {
        let mut service = lock(service);
        service.sts_operations.push(operation.clone());
        let now = service.clock.now();
        service.faults.take(&operation, now)
    };
    let access_key = match sts::is_unsigned(&operation) {
        true => Ok(String::new()),
        false => Signed::read(authorization, "sts").map(|signed| signed.access_key),
    };
    let account = lock(service).account.clone();
    let work = StsWork { service, form, operation, access_key, account };
    exchange(&work, fault, |lasting| lock(service).clock.in_the_world(lasting)).await
}

/// One request to STS.
struct StsWork<'a> {
    service: &'a Arc<Mutex<Service>>,
    form: BTreeMap<String, String>,
    operation: String,
    access_key: Result<String, Refusal>,
    account: String,
}

impl Work for StsWork<'_> {
    fn begin(&self) -> Result<Hold, Refusal> {
        Ok(Hold::on(self.service, None))
    }

    fn carry_out(&self) -> Result<String, Refusal> {
        sts::answer(
            &self.form,
            self.access_key.as_ref().map_err(Refusal::clone)?,
            &self.account,
            OffsetDateTime::now_utc(),
        )
    }

    fn write(&self, result: Result<String, Refusal>) -> Written {
        let (status, text, retry_after) = match result {
            Ok(text) => (200, text, None),
            Err(refusal) => (refusal.status, sts::error_document(&refusal), refusal.retry_after),
        };
        Written { status, content_type: "text/xml", text, retry_after }
    }

    fn refusal(&self, fault: Fault) -> Option<Refusal> {
        let caller = sts::caller_arn(self.access_key.as_deref().unwrap_or_default(), "aws", &self.account);
        fault.refusal("sts", &self.operation, &caller)
    }
}
