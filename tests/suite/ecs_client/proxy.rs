//! A proxy that writes down what comes by, and leads all of it to the servers of the test, whatever the host is called.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A running proxy; it ends with the test's runtime.
pub(super) struct Proxy {
    pub(super) port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a proxy for tunnels to one port of this machine, and for requests in plain text to another.
    pub(super) async fn start(tunnels: u16, plain: u16) -> Self {
        Self::serving(tunnels, plain, None).await
    }

    /// The same, spoken to over TLS.
    pub(super) async fn start_behind_tls(tunnels: u16, plain: u16, acceptor: TlsAcceptor) -> Self {
        Self::serving(tunnels, plain, Some(acceptor)).await
    }

    async fn serving(tunnels: u16, plain: u16, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let proxy = Proxy { port, seen: Arc::clone(&seen) };
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                let (seen, acceptor) = (Arc::clone(&seen), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => lead(connection, tunnels, plain, seen).await,
                        Some(acceptor) => {
                            let Ok(connection) = acceptor.accept(connection).await else { return };
                            lead(connection, tunnels, plain, seen).await;
                        }
                    }
                });
            }
        });
        proxy
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Method and target of what came by since the last look, with the header that says who asks.
    pub(super) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

async fn lead<S: AsyncRead + AsyncWrite + Unpin>(
    mut from: S,
    tunnels: u16,
    plain: u16,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if from.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut lines = text.lines();
    let asked = lines.next().unwrap().trim_end_matches(" HTTP/1.1");
    let who = lines.find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| format!(" ({value})"))
    });
    seen.lock().unwrap().push(format!("{asked}{}", who.unwrap_or_default()));
    let is_tunnel = asked.starts_with("CONNECT ");
    let port = if is_tunnel { tunnels } else { plain };
    let Ok(mut to) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    match is_tunnel {
        true => from.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap(),
        false => to.write_all(&head).await.unwrap(),
    }
    copy_bidirectional(&mut from, &mut to).await.ok();
}
