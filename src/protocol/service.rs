//! The gRPC service: every RPC leads to its file below `rpc/`, inside the same safety net.

use tonic::{Request, Response, Status};

use super::answer::answer;
use super::catalogue::Catalogue;
use super::stop::StopSignal;
use super::wire::provider_server::{Provider as Rpcs, ProviderServer};
use super::{rpc, wire};
use crate::framework::Provider;

/// Values may be large: cores themselves allow 256 MiB, while tonic would stop at 4.
const LARGEST_MESSAGE: usize = 256 << 20;

/// A provider behind the protocol.
pub struct Service<P> {
    pub(super) catalogue: Catalogue<P>,
    pub(super) stop: StopSignal,
}

/// The service of that provider, ready for tonic's routes.
pub fn service<P: Provider>(provider: P) -> ProviderServer<Service<P>> {
    let service = Service { catalogue: Catalogue::new(provider), stop: StopSignal::default() };
    ProviderServer::new(service).max_decoding_message_size(LARGEST_MESSAGE)
}

/// Every RPC with one request and one response looks the same: its name here, its file, its messages, its name on the wire.
macro_rules! rpcs {
    ($($name:ident $messages:ident $rpc:literal;)+) => {
        #[tonic::async_trait]
        impl<P: Provider> Rpcs for Service<P> {
            $(
                async fn $name(
                    &self,
                    request: Request<wire::$messages::Request>,
                ) -> Result<Response<wire::$messages::Response>, Status> {
                    let call = rpc::$name::call(self, request.into_inner());
                    answer(self.catalogue.provider.name(), $rpc, call).await
                }
            )+

            type ListResourceStream =
                tokio_stream::Iter<std::vec::IntoIter<Result<wire::list_resource::Event, Status>>>;

            async fn list_resource(
                &self,
                request: Request<wire::list_resource::Request>,
            ) -> Result<Response<Self::ListResourceStream>, Status> {
                let call = rpc::list_resource::call(self, request.into_inner());
                let events = answer(self.catalogue.provider.name(), "ListResource", call).await?.into_inner();
                let events: Vec<_> = events.0.into_iter().map(Ok).collect();
                Ok(Response::new(tokio_stream::iter(events)))
            }

            async fn stop(
                &self,
                _: Request<wire::stop::Request>,
            ) -> Result<Response<wire::stop::Response>, Status> {
                Ok(Response::new(rpc::stop::call(self)))
            }
        }
    };
}

rpcs! {
    get_metadata get_metadata "GetMetadata";
    get_schema get_provider_schema "GetSchema";
    get_resource_identity_schemas get_resource_identity_schemas "GetResourceIdentitySchemas";
    get_functions get_functions "GetFunctions";
    prepare_provider_config prepare_provider_config "PrepareProviderConfig";
    validate_resource_type_config validate_resource_type_config "ValidateResourceTypeConfig";
    validate_data_source_config validate_data_source_config "ValidateDataSourceConfig";
    validate_ephemeral_resource_config validate_ephemeral_resource_config "ValidateEphemeralResourceConfig";
    validate_list_resource_config validate_list_resource_config "ValidateListResourceConfig";
    upgrade_resource_state upgrade_resource_state "UpgradeResourceState";
    upgrade_resource_identity upgrade_resource_identity "UpgradeResourceIdentity";
    configure configure "Configure";
    read_resource read_resource "ReadResource";
    plan_resource_change plan_resource_change "PlanResourceChange";
    apply_resource_change apply_resource_change "ApplyResourceChange";
    import_resource_state import_resource_state "ImportResourceState";
    move_resource_state move_resource_state "MoveResourceState";
    read_data_source read_data_source "ReadDataSource";
    open_ephemeral_resource open_ephemeral_resource "OpenEphemeralResource";
    renew_ephemeral_resource renew_ephemeral_resource "RenewEphemeralResource";
    close_ephemeral_resource close_ephemeral_resource "CloseEphemeralResource";
    call_function call_function "CallFunction";
}
