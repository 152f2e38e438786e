//! The calls that go-plugin's client makes beside Terraform's own.

use std::time::Duration;

use tokio_stream::StreamExt;
use tonic::Code;

use super::launched::{Launched, SERVING, check_health, health, shut_down, wire};

/// Whether a stream has nothing to say at this moment.
async fn is_quiet<T>(message: impl Future<Output = T>) -> bool {
    tokio::time::timeout(Duration::ZERO, message).await.is_err()
}

#[tokio::test]
async fn health_knows_the_plugin_and_nothing_else() {
    let launched = Launched::by_terraform(&[]);
    let channel = launched.handshake().connect(None).await;
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    assert_eq!(check_health(channel.clone(), "").await.unwrap(), SERVING);
    assert_eq!(check_health(channel.clone(), "another").await.unwrap_err().code(), Code::NotFound);

    let request = health::HealthCheckRequest { service: "plugin".to_owned() };
    let mut watched =
        health::health_client::HealthClient::new(channel).watch(request).await.unwrap().into_inner();
    assert_eq!(watched.message().await.unwrap().unwrap().status, SERVING);
}

#[tokio::test]
async fn an_unknown_service_is_unimplemented() {
    let launched = Launched::by_terraform(&[]);
    let channel = launched.handshake().connect(None).await;
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static("/tfplugin6.Provider/GetProviderSchema");
    let codec = tonic_prost::ProstCodec::<wire::Empty, wire::Empty>::default();
    let status = client.unary(tonic::Request::new(wire::Empty {}), path, codec).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

#[tokio::test]
async fn stdio_and_broker_stay_open_and_quiet_until_shutdown_ends_the_process() {
    let mut launched = Launched::by_terraform(&[]);
    let channel = launched.handshake().connect(None).await;
    let mut stdio = wire::grpc_stdio_client::GrpcStdioClient::new(channel.clone())
        .stream_stdio(wire::Empty {})
        .await
        .unwrap()
        .into_inner();
    let offers = tokio_stream::iter([wire::ConnInfo::default()]).chain(tokio_stream::pending());
    let mut broker = wire::grpc_broker_client::GrpcBrokerClient::new(channel.clone())
        .start_stream(offers)
        .await
        .unwrap()
        .into_inner();
    // An answer to a later call shows that the streams did not just fail to end in time.
    assert_eq!(check_health(channel.clone(), "plugin").await.unwrap(), SERVING);
    assert!(is_quiet(stdio.message()).await);
    assert!(is_quiet(broker.message()).await);

    shut_down(channel.clone()).await;
    assert!(stdio.message().await.unwrap().is_none());
    assert!(broker.message().await.unwrap().is_none());
    assert_eq!(launched.exit().await.code(), Some(0));
    assert_eq!(launched.leftovers(), [""; 0].map(std::path::PathBuf::from));
    drop(channel);
}
