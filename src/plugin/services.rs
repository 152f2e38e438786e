//! The calls that every plugin must take beside its own service, on the same connection: controller, stdio, broker
//! and health.

use std::future::ready;
use std::pin::Pin;

use futures_util::stream::{self, Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use health::health_check_response::ServingStatus;
use wire::{ConnInfo, Empty, StdioData};

/// go-plugin's messages and services, generated from `proto/plugin.proto`.
#[expect(unreachable_pub, reason = "generated code")]
mod wire {
    tonic::include_proto!("plugin");
}

/// gRPC's health messages and service, generated from `proto/health.proto`.
#[expect(unreachable_pub, reason = "generated code")]
mod health {
    tonic::include_proto!("grpc.health.v1");
}

/// The name under which go-plugin asks for the plugin's health.
const HEALTH_SERVICE_NAME: &str = "plugin";

/// Adds the services to those of the provider. `shutdown` is cancelled when the client asks the plugin to end;
/// `closing` ends the streams that stay open as long as the plugin lives.
pub(super) fn add_to(routes: Routes, shutdown: CancellationToken, closing: CancellationToken) -> Routes {
    routes
        .add_service(wire::grpc_controller_server::GrpcControllerServer::new(Controller { shutdown }))
        .add_service(wire::grpc_stdio_server::GrpcStdioServer::new(Stdio { closing: closing.clone() }))
        .add_service(wire::grpc_broker_server::GrpcBrokerServer::new(Broker { closing: closing.clone() }))
        .add_service(health::health_server::HealthServer::new(Health { closing }))
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Ends the plugin when the client asks for it.
struct Controller {
    shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::grpc_controller_server::GrpcController for Controller {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.shutdown.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// Carries nothing: the log goes to stderr itself. Stays open all the same, because a call that is under way keeps
/// the client's gRPC library from closing an idle connection (grpc-go does after 30 minutes), and closing the last
/// connection ends the plugin.
struct Stdio {
    closing: CancellationToken,
}

#[tonic::async_trait]
impl wire::grpc_stdio_server::GrpcStdio for Stdio {
    type StreamStdioStream = Answers<StdioData>;

    async fn stream_stdio(
        &self,
        _request: Request<Empty>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(Response::new(stream::pending().take_until(self.closing.clone().cancelled_owned()).boxed()))
    }
}

/// Offers no further connection, and reads on so that the client's side of the stream does not fill up.
struct Broker {
    closing: CancellationToken,
}

#[tonic::async_trait]
impl wire::grpc_broker_server::GrpcBroker for Broker {
    type StartStreamStream = Answers<ConnInfo>;

    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let nothing = request.into_inner().filter_map(|_| ready(None));
        Ok(Response::new(nothing.take_until(self.closing.clone().cancelled_owned()).boxed()))
    }
}

/// Says that the plugin serves, which it does from the first call to the last.
struct Health {
    closing: CancellationToken,
}

impl Health {
    fn status(request: &health::HealthCheckRequest) -> Option<health::HealthCheckResponse> {
        ["", HEALTH_SERVICE_NAME]
            .contains(&request.service.as_str())
            .then(|| health::HealthCheckResponse { status: ServingStatus::Serving.into() })
    }
}

#[tonic::async_trait]
impl health::health_server::Health for Health {
    type WatchStream = Answers<health::HealthCheckResponse>;

    async fn check(
        &self,
        request: Request<health::HealthCheckRequest>,
    ) -> Result<Response<health::HealthCheckResponse>, Status> {
        Self::status(request.get_ref()).map(Response::new).ok_or_else(|| Status::not_found("unknown service"))
    }

    async fn watch(
        &self,
        request: Request<health::HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let first = Self::status(request.get_ref())
            .unwrap_or(health::HealthCheckResponse { status: ServingStatus::ServiceUnknown.into() });
        let answers = stream::once(ready(Ok(first))).chain(stream::pending());
        Ok(Response::new(answers.take_until(self.closing.clone().cancelled_owned()).boxed()))
    }
}
