//! ListResource: the objects of a resource that exist already, each as an event. What goes wrong with the whole is an event of
//! its own, without an object.

use crate::diagnostics::Diagnostic;
use crate::framework::{ListRequest, Listed, Provider, Resource};
use crate::protocol::Service;
use crate::protocol::catalogue::Known;
use crate::protocol::rpc::{guard, identity};
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::DynamicValue;
use crate::protocol::wire::list_resource::{Event, Request};
use crate::value::Value;

/// Objects that are listed where nobody says how many.
const LIMIT: usize = 100;

/// All events of a list.
#[derive(Default)]
pub(in crate::protocol) struct Events(pub(in crate::protocol) Vec<Event>);

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Events, Diagnostic> {
    let (resource, config) = wanted(service, &request.type_name, request.config.as_ref())?;
    let (_, known) = service.catalogue.resource(&request.type_name)?;
    let limit = usize::try_from(request.limit).ok().filter(|limit| *limit > 0).unwrap_or(LIMIT);
    let request = ListRequest { config, limit, with_state: request.include_resource_object };
    let (listed, found) = resource.list(&service.stop.context(), request).await;
    let mut events: Vec<Event> = listed.into_iter().map(|listed| event(listed, resource, known)).collect();
    if !found.is_empty() {
        let diagnostic = diagnostics::all_to_wire(found, &known.schema);
        events.push(Event { diagnostic, ..Event::default() });
    }
    Ok(Events(events))
}

/// The resource whose objects are wanted, and what the block says of them.
pub(super) fn wanted<'s, P: Provider>(
    service: &'s Service<P>,
    type_name: &str,
    config: Option<&DynamicValue>,
) -> Result<(&'s dyn Resource, Value), Diagnostic> {
    let missing = || service.catalogue.missing("list resource", type_name);
    let (resource, _) = service.catalogue.resource(type_name).map_err(|_| missing())?;
    let known = Known::new(resource.list_schema().ok_or_else(missing)?);
    let config = value::from_wire(config, &known.ty, "configuration")?;
    Ok((resource, config))
}

fn event(listed: Listed, resource: &dyn Resource, known: &Known) -> Event {
    let mut found = listed.diagnostics;
    let identity = identity::data(resource, &listed.identity, &mut found);
    let state = listed.state.filter(|state| !state.is_null());
    let resource_object =
        state.and_then(|state| guard::known_state(Some(state), known, &mut found, "listed state"));
    Event {
        identity,
        display_name: listed.display_name,
        resource_object,
        diagnostic: diagnostics::all_to_wire(found, &known.schema),
    }
}
