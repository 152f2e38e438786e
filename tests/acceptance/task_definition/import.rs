//! Taking over what is there: by ARN, by `family:revision`, by family, each followed by an empty plan.

use serde_json::{Value, json};

use super::{WEB, arn, web};
use crate::harness::{Backend, Workspace};

/// The service without the Agent, as somebody has it who imports.
fn plain(family: &str) -> String {
    let text = web(family, "nginx:1.27.0", "");
    let (begin, end) = (text.find("  agent {").expect("an agent block"), text.rfind('}').expect("an end"));
    format!("{}{}", &text[..begin], &text[end..])
}

/// The rules of the findings, with their severities.
fn rules(attributes: &Value) -> Vec<(&Value, &Value)> {
    let findings = attributes["findings"].as_array().expect("findings are a list").iter();
    findings.map(|finding| (&finding["rule"], &finding["severity"])).collect()
}

/// The provider's policy holds for what is imported, and a refresh fills what an older state has not.
#[test]
fn findings_of_an_import_are_those_of_the_policy_and_of_what_is_followed_those_of_the_new_revision() {
    let place = Backend::local();
    let text = plain("judged");
    Workspace::new("import-judged-first").main(&place, &text).apply().success();
    let head = "provider \"ddrofs\" {\n";
    let policy = "  policy {\n    severity = { root-user = \"off\", tags-missing = \"error\" }\n  }\n";
    let provider = place.provider().replacen(head, &format!("{head}{policy}"), 1);
    let workspace = Workspace::new("import-judged");
    workspace.write("main.tf", &format!("{provider}{text}")).import(WEB, "judged").success();
    let imported = workspace.attributes(WEB).expect("it is in the state");
    let found = rules(&imported);
    assert!(found.contains(&(&json!("tags-missing"), &json!("error"))), "{found:?}");
    assert!(found.iter().all(|(rule, _)| *rule != "root-user"), "{found:?}");
    workspace.plan().no_changes();

    let following = text.replace("  cpu  ", "  track_latest = true\n  cpu  ");
    let workspace = Workspace::new("import-followed");
    workspace.main(&place, &following).apply().success();
    place.register_foreign("judged", "nginx:1.26.0");
    workspace.run(&["apply", "-input=false", "-auto-approve", "-refresh-only"]).success();
    let followed = workspace.attributes(WEB).expect("it is in the state");
    assert_eq!(followed["verdicts"]["ECS.5"], json!("FAILED"), "the foreign one has a writable root");
}

fn tell(name: &str, place: &Backend, family: &str) {
    let text = plain(family);
    let first = Workspace::new(&format!("{name}-first"));
    first.main(place, &text).apply().success();
    let registered = first.attributes(WEB).expect("it is in the state");
    assert_eq!(registered["verdicts"]["ECS.5"], json!("PASSED"));

    for (way, id) in
        [("arn", arn(family, 1)), ("revision", format!("{family}:1")), ("family", family.to_owned())]
    {
        let workspace = Workspace::new(&format!("{name}-{way}"));
        workspace.main(place, &text).import(WEB, &id).success();
        let imported = workspace.attributes(WEB).expect("it is in the state");
        assert_eq!(imported["arn"], json!(arn(family, 1)), "{id}");
        assert_eq!(imported["verdicts"], registered["verdicts"], "{id}");
        assert_eq!(rules(&imported), rules(&registered), "{id}");
        workspace.plan().no_changes();
    }
}

/// An import sees containers and volumes, not the block they came from: the block is added, no revision is.
#[test]
fn with_an_agent_block_nothing_is_registered_again() {
    let place = Backend::local();
    let text = web("web", "nginx:1.27.0", "");
    Workspace::new("import-agent-first").main(&place, &text).apply().success();
    let workspace = Workspace::new("import-agent");
    workspace.main(&place, &text).import(WEB, "web").success();
    let change = workspace.planned().remove(WEB).expect("it is in the plan");
    assert_eq!(change["after"]["arn"], json!(arn("web", 1)));
    workspace.apply().success().says("0 added, 1 changed, 0 destroyed");
    workspace.plan().no_changes();
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    assert_eq!(server.requests_of("RegisterTaskDefinition").len(), 1);
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

/// An import knows no configuration, so the block comes with the first apply, which asks ECS for nothing.
#[test]
fn timeouts_beside_an_import_are_no_registration() {
    let place = Backend::local();
    let text = plain("timed");
    Workspace::new("import-timed-first").main(&place, &text).apply().success();
    let timed =
        text.replace("  cpu  ", "  timeouts {\n    create = \"1h\"\n    read   = \"5m\"\n  }\n  cpu  ");
    for (name, by_block) in [("import-timed", false), ("import-timed-block", true)] {
        let workspace = Workspace::new(name);
        if by_block {
            let block = format!("import {{\n  to = {WEB}\n  id = \"timed\"\n}}\n");
            workspace.main(&place, &format!("{block}{timed}"));
        } else {
            workspace.main(&place, &timed).import(WEB, "timed").success();
        }
        let applied = workspace.apply().success();
        applied.says(if by_block { "1 imported, 0 added, 1 changed" } else { "0 added, 1 changed" });
        workspace.plan().no_changes();
        let timeouts = workspace.attributes(WEB).expect("it is in the state")["timeouts"].clone();
        assert_eq!(timeouts, json!({ "create": "1h", "read": "5m", "update": null, "delete": null }));
    }
    assert!(place.definition("timed:2").is_none());
}
