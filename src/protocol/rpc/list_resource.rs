//! ListResource: this layer has no list resources, so every name is unknown: one event that says so.

use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::translate::diagnostics;
use crate::protocol::wire::list_resource::{Event, Request};

pub(in crate::protocol) fn call<P: Provider>(service: &Service<P>, request: &Request) -> Event {
    let error = service.catalogue.missing("list resource", &request.type_name);
    Event { diagnostic: vec![diagnostics::to_wire(error, None)], ..Event::default() }
}
