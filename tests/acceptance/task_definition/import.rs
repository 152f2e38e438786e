//! Taking over what is there: by ARN, by `family:revision`, by family, each followed by an empty plan.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::{Backend, Workspace};

fn tell(name: &str, place: &Backend, family: &str) {
    let first = Workspace::new(&format!("{name}-first"));
    let text = web(family, "nginx:1.27.0", "");
    first.main(place, &text).apply().success();

    for (way, id) in
        [("arn", arn(family, 1)), ("revision", format!("{family}:1")), ("family", family.to_owned())]
    {
        let workspace = Workspace::new(&format!("{name}-{way}"));
        workspace.main(place, &text).import(WEB, &id).success();
        assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn(family, 1)), "{id}");
        workspace.plan().no_changes();
    }
}

#[test]
fn from_the_local_endpoint() {
    tell("import-local", &Backend::local(), "imported");
}

#[test]
fn from_moto() {
    tell("import-moto", &Backend::moto(), "imported-from-moto");
}

#[test]
fn what_is_not_there_or_not_a_name_cannot_be_imported() {
    let place = Backend::local();
    let workspace = Workspace::new("import-nothing");
    workspace.main(&place, &web("web", "nginx:1.27.0", ""));
    for id in ["web", "web:7", &arn("web", 7)] {
        workspace.import(WEB, id).failure().says(id);
    }
    workspace.import(WEB, "arn:aws:s3:::bucket").failure().says("arn:aws:s3:::bucket");
    assert_eq!(workspace.attributes(WEB), None);
}
