//! Stop: asks running calls to end, and answers at once without waiting for them.

use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::wire::stop::Response;

pub(in crate::protocol) fn call<P: Provider>(service: &Service<P>) -> Response {
    service.stop.stop();
    Response::default()
}
