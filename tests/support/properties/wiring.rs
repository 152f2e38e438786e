//! The application beside an Agent: nothing of the user's is lost, and wiring twice is wiring once.

use ddrofs::document::Node;
use ddrofs::merge::{wire, wire_volumes};
use ddrofs::rofs::assemble;
use ddrofs::rofs::settings::Settings;

use super::shown;

/// Whatever task definition and Agent.
pub(crate) fn wiring(document: &Node, settings: &Settings) {
    let workload = assemble(settings);
    let application = document.get("containerDefinitions");
    let once = wire(application, &workload);
    let volumes = wire_volumes(document.get("volumes"), &workload);
    if !once.collisions.is_empty() || !volumes.collisions.is_empty() {
        return;
    }
    let names: Vec<_> = workload.containers.iter().map(|container| Some(container.name.as_str())).collect();
    let wired: Vec<_> = once.containers.items().iter().collect();
    let of_the_user = |item: &&Node| !names.contains(&item.get("name").as_str());
    if let (Node::Array(before), Node::Array(_)) = (application, &once.containers) {
        let before: Vec<_> = before.iter().filter(of_the_user).collect();
        let after: Vec<_> = wired.iter().copied().filter(of_the_user).collect();
        assert_eq!(before.len(), after.len(), "containers of {}", shown(document));
        for (before, after) in before.iter().zip(after) {
            assert!(is_kept(before, after), "{}\nbecame\n{}", shown(before), shown(after));
        }
    }
    assert!(is_kept(document.get("volumes"), &volumes.volumes), "volumes of {}", shown(document));
    let twice = wire(&once.containers, &workload);
    assert_eq!(twice.collisions, [], "wiring {} twice", shown(document));
    assert_eq!(shown(&twice.containers), shown(&once.containers), "wiring {} twice", shown(document));
    let volumes_again = wire_volumes(&volumes.volumes, &workload);
    assert_eq!(shown(&volumes_again.volumes), shown(&volumes.volumes), "volumes of {}", shown(document));
}

/// Whether everything is still there, in its place: objects may have more members, lists more items at their end, and
/// what nobody can say before an apply is unknown.
fn is_kept(before: &Node, after: &Node) -> bool {
    match (before, after) {
        (Node::Null, _) | (_, Node::Unknown) => true,
        (Node::Array(before), Node::Array(after)) => {
            before.len() <= after.len()
                && before.iter().zip(after).all(|(before, after)| before == after || is_kept(before, after))
        }
        (Node::Object(before), Node::Object(_)) => {
            before.iter().all(|(key, value)| is_kept(value, after.get(key)))
        }
        (before, after) => before == after,
    }
}
