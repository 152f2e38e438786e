//! Turns a listener into the stream of connections that tonic serves: accepts, shakes hands where TLS is asked for,
//! and counts.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::connection::Connection;
use super::lifetime::Connections;
use super::listener::Listener;
use super::tls::Acceptor;
use crate::log_keys;

/// How long a client may take over the TLS handshake, so that a silent one holds nothing for ever.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// Pause after a failed accept: it fails for want of file descriptors, and they come back with time only.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Connections that wait for tonic to pick them up.
const QUEUE: usize = 16;

/// Accepts for as long as the stream is read. Ends, and drops the listener, with the stream.
pub(super) fn incoming(
    listener: Listener,
    tls: Option<Acceptor>,
    connections: Connections,
) -> ReceiverStream<io::Result<Connection>> {
    let (tx, rx) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = tx.closed() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                // Handshakes run side by side: one slow client must not keep Terraform waiting.
                Ok(connection) => {
                    tokio::spawn(admit(connection, tls.clone(), connections.clone(), tx.clone()));
                }
                Err(error) => {
                    tracing::warn!({ log_keys::ERROR } = %error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    });
    ReceiverStream::new(rx)
}

/// Hands a connection to tonic once it is known to be Terraform's. Others are not counted, so that they can neither
/// keep the process alive nor end it.
async fn admit(
    connection: Connection,
    tls: Option<Acceptor>,
    connections: Connections,
    tx: mpsc::Sender<io::Result<Connection>>,
) {
    let connection = match tls {
        None => connection,
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(connection)).await {
            Ok(Ok(stream)) => Connection::tls(stream),
            Ok(Err(error)) => {
                tracing::warn!({ log_keys::ERROR } = %error, "refused a connection that is not Terraform's");
                return;
            }
            Err(_) => {
                tracing::warn!("refused a connection that did not finish its TLS handshake");
                return;
            }
        },
    };
    // The receiver is gone only when the plugin is ending.
    let _ = tx.send(Ok(connection.counted(connections.open()))).await;
}
