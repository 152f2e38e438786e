//! Tags of the resource and of the provider, without a new revision.

use aws_sdk_ecs::types::Tag;
use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::{Backend, Workspace};

fn configuration(place: &Backend, family: &str, default_tags: &str, tags: &str) -> String {
    let provider = place.provider().replace(
        "  region =",
        &format!("  default_tags {{\n    tags = {{ {default_tags} }}\n  }}\n  region ="),
    );
    format!("{provider}\n{}", web(family, "nginx:1.27.0", &format!("tags = {{ {tags} }}")))
}

fn tags_of(place: &Backend, family: &str) -> Vec<(String, String)> {
    let (_, tags) = place.definition(&arn(family, 1)).expect("the revision is there");
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let mut tags: Vec<_> = tags.iter().map(|tag: &Tag| (text(tag.key()), text(tag.value()))).collect();
    tags.sort();
    tags
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn tell(name: &str, place: &Backend, family: &str) {
    let workspace = Workspace::new(name);
    let first = configuration(place, family, r#"owner = "platform", stage = "test""#, r#"team = "web""#);
    workspace.write("main.tf", &first).apply().success();
    assert_eq!(tags_of(place, family), pairs(&[("owner", "platform"), ("stage", "test"), ("team", "web")]));
    let state = workspace.attributes(WEB).unwrap();
    assert_eq!(state["tags"], json!({"team": "web"}));
    assert_eq!(state["tags_all"], json!({"owner": "platform", "stage": "test", "team": "web"}));
    workspace.plan().no_changes();

    let second = configuration(place, family, r#"owner = "platform""#, r#"team = "shop", stage = "prod""#);
    workspace.write("main.tf", &second).apply().success().says("1 changed");
    assert_eq!(tags_of(place, family), pairs(&[("owner", "platform"), ("stage", "prod"), ("team", "shop")]));
    assert_eq!(workspace.attributes(WEB).unwrap()["revision"], json!(1), "tags need no revision");

    let third = configuration(place, family, "", "");
    workspace.write("main.tf", &third).apply().success();
    assert_eq!(tags_of(place, family), pairs(&[]));
    workspace.plan().no_changes();
}

#[test]
fn at_the_local_endpoint() {
    tell("tags-local", &Backend::local(), "tagged");
}

#[test]
fn at_moto() {
    tell("tags-moto", &Backend::moto(), "tagged-at-moto");
}

/// The tag that is ignored is on the revision already, as if somebody else had set it.
fn tell_what_is_ignored(name: &str, place: &Backend, family: &str) {
    let workspace = Workspace::new(name);
    let first = configuration(place, family, "", r#"team = "web", "cost:center" = "7""#);
    workspace.write("main.tf", &first).apply().success();

    let ignoring = |tags: &str| {
        let ignored = "  ignore_tags {\n    keys         = [\"owner\"]\n    key_prefixes = [\"cost:\"]\n  }\n  region =";
        configuration(place, family, "", tags).replace("  region =", ignored)
    };
    workspace.write("main.tf", &ignoring(r#"team = "web""#)).plan().no_changes();
    workspace.write("main.tf", &ignoring(r#"team = "shop""#)).apply().success().says("1 changed");
    assert_eq!(tags_of(place, family), pairs(&[("cost:center", "7"), ("team", "shop")]));
    assert_eq!(workspace.attributes(WEB).unwrap()["tags_all"], json!({"team": "shop"}));

    let both = ignoring(r#"team = "shop", owner = "web""#);
    workspace.write("main.tf", &both).plan().failure().says("Tag is set and ignored").says("\"owner\"");
}

#[test]
fn what_is_ignored_at_the_local_endpoint() {
    tell_what_is_ignored("tags-ignored-local", &Backend::local(), "ignoring");
}

#[test]
fn what_is_ignored_at_moto() {
    tell_what_is_ignored("tags-ignored-moto", &Backend::moto(), "ignoring-at-moto");
}
