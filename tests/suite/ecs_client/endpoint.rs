//! An HTTP endpoint on a free port that answers as it is told and remembers what it was asked.
//!
//! It knows nothing of ECS: every answer is written in the test that needs it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// A header's text, empty when it is missing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// An answer: status, headers, body.
#[derive(Debug, Clone)]
pub(super) struct Answer(u16, Vec<(&'static str, String)>, String);

/// An answer with status 200.
pub(super) fn ok(body: &str) -> Answer {
    Answer(200, Vec::new(), body.to_owned())
}

/// An error as ECS writes it: the type in the body.
pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer(status, Vec::new(), serde_json::json!({ "__type": code, "message": message }).to_string())
}

impl Answer {
    /// An error whose body does not say which.
    pub(super) fn without_type(status: u16) -> Self {
        Answer(status, Vec::new(), r#"{"message":"no"}"#.to_owned())
    }

    /// The same answer with another status.
    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.0 = status;
        self
    }

    /// The same answer with one more header.
    pub(super) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.1.push((name, value.to_owned()));
        self
    }
}

/// A running endpoint; it ends with the test's runtime.
pub(super) struct Endpoint {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Endpoint {
    /// Starts an endpoint that gives these answers one after the other, and the last one from then on.
    pub(super) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let state = (Arc::clone(&seen), Arc::new(Mutex::new(answers.into_iter().collect::<VecDeque<_>>())));
        let router = Router::new().fallback(move |headers: HeaderMap, body: Bytes| {
            let (seen, answers) = state.clone();
            async move { answer(&seen, &answers, headers, &body) }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Endpoint { url, seen }
    }

    /// Starts an endpoint that takes a whole request and then resets the connection, every time.
    pub(super) async fn start_resetting() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let mut text = Vec::new();
                while !is_whole(&text) {
                    if connection.read_buf(&mut text).await.unwrap() == 0 {
                        break;
                    }
                }
                remembered.lock().unwrap().push(Request { headers: HeaderMap::new(), body: text });
                connection.set_zero_linger().unwrap();
            }
        });
        Endpoint { url, seen }
    }

    /// Starts an endpoint that takes every connection and says nothing.
    pub(super) async fn start_silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut connections = Vec::new();
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let mut text = Vec::new();
                while !is_whole(&text) && connection.read_buf(&mut text).await.unwrap() > 0 {}
                remembered.lock().unwrap().push(Request { headers: HeaderMap::new(), body: text });
                connections.push(connection);
            }
        });
        Endpoint { url, seen }
    }

    /// What came so far.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(
    seen: &Mutex<Vec<Request>>,
    answers: &Mutex<VecDeque<Answer>>,
    headers: HeaderMap,
    body: &[u8],
) -> Response {
    seen.lock().unwrap().push(Request { headers, body: body.to_vec() });
    let mut answers = answers.lock().unwrap();
    let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
    let Answer(status, headers, body) = next.expect("a test gives at least one answer");
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    response.headers_mut().insert("content-type", "application/x-amz-json-1.1".parse().unwrap());
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn is_whole(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    body.len() >= length.parse().unwrap()
}
