//! Values that are known only at apply: planned without a guess, checked when they are there.

use super::{WEB, arn, web};
use crate::harness::{Backend, Workspace};

/// `terraform_data.late.output.<key>` is unknown until it is created.
fn late(values: &str) -> String {
    format!("resource \"terraform_data\" \"late\" {{\n  input = {{ {values} }}\n}}\n")
}

#[test]
fn an_image_and_a_secret_known_at_apply_are_registered_as_they_turn_out() {
    for (name, place, family) in
        [("late-local", Backend::local(), "late"), ("late-moto", Backend::moto(), "late-at-moto")]
    {
        let workspace = Workspace::new(name);
        let secret = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:Late-AbCdEf";
        let text = web(family, "${terraform_data.late.output.image}", "").replace(
            r#""arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf""#,
            "terraform_data.late.output.secret",
        );
        let late = late(&format!(r#"image = "nginx:1.27.0", secret = "{secret}""#));
        workspace.main(&place, &format!("{late}{text}"));
        workspace.plan().changes().says("2 to add");
        workspace.apply().success();
        let (registered, _) = place.definition(&arn(family, 1)).expect("it was registered");
        let app = &registered.container_definitions()[2];
        assert_eq!(app.image(), Some("nginx:1.27.0"));
        let agent = &registered.container_definitions()[1];
        assert_eq!(agent.secrets()[0].value_from(), secret);
        workspace.plan().no_changes();
    }
}

#[test]
fn a_mistake_that_shows_only_at_apply_stops_the_apply_before_anything_is_registered() {
    let place = Backend::local();
    let workspace = Workspace::new("late-mistake");
    let text = web("web", "nginx:1.27.0", "").replace(r#""1024""#, "terraform_data.late.output.memory");
    workspace.main(&place, &format!("{}{text}", late(r#"memory = "65536""#)));
    workspace.plan().changes();
    workspace.apply().failure().says("65536");
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    assert_eq!(server.requests_of("RegisterTaskDefinition").len(), 0);
    assert_eq!(workspace.attributes(WEB), None);
}

/// A role that another resource makes is the most usual unknown of all: it hides no mistake, and leaves only the verdict
/// open that needs it.
#[test]
fn a_role_known_at_apply_hides_nothing_and_is_registered_as_it_turns_out() {
    let place = Backend::local();
    let workspace = Workspace::new("late-role");
    let role = "arn:aws:iam::123456789012:role/orders";
    let late = late(&format!("role = \"{role}\""));
    let text = web("web", "nginx:1.27.0", "task_role_arn = terraform_data.late.output.role");
    let wrong = text.replace("readonlyRootFilesystem = true", "readonlyRootFilesytem = true");
    workspace.main(&place, &format!("{late}{wrong}")).plan().failure().says("Rule unknown-key");
    workspace.main(&place, &format!("{late}{text}")).plan().changes().says("2 to add");
    workspace.apply().success();
    let (registered, _) = place.definition(&arn("web", 1)).expect("it was registered");
    assert_eq!(registered.task_role_arn(), Some(role));
    workspace.plan().no_changes();
}

#[test]
fn all_containers_known_only_at_apply() {
    let place = Backend::local();
    let workspace = Workspace::new("late-containers");
    let containers =
        r#"jsonencode([{ name = "app", image = "nginx:1.27.0", readonlyRootFilesystem = true }])"#;
    let text = web("web", "nginx:1.27.0", "");
    let begin = text.find("jsonencode(").expect("the sample has containers");
    let end = text.find("  agent {").expect("the sample has an agent block");
    let text = format!("{}terraform_data.late.output.containers\n{}", &text[..begin], &text[end..]);
    workspace.main(&place, &format!("{}{text}", late(&format!("containers = {containers}"))));
    workspace.plan().changes();
    workspace.apply().success();
    workspace.plan().no_changes();
}

/// In HCL the known parts are seen although others are not: they are judged at plan.
#[test]
fn what_is_known_is_judged_at_plan_although_the_rest_is_not() {
    let place = Backend::local();
    let workspace = Workspace::new("known-parts");
    let containers =
        "[{ name = \"app\", image = terraform_data.late.output.image, readonlyRootFilesytem = true }]";
    let text = web("web", "nginx:1.27.0", "");
    let (begin, end) = (text.find("jsonencode(").unwrap(), text.find("  agent {").unwrap());
    let text = format!("{}{containers}\n{}", &text[..begin], &text[end..]);
    workspace.main(&place, &format!("{}{text}", late(r#"image = "nginx:1.27.0""#)));
    workspace.plan().failure().says("readonlyRootFilesystem");
    let right = text.replace("readonlyRootFilesytem", "readonlyRootFilesystem");
    workspace.main(&place, &format!("{}{right}", late(r#"image = "nginx:1.27.0""#)));
    workspace.plan().changes().says("2 to add");
    workspace.apply().success();
    workspace.plan().no_changes();
}

/// The provider itself may depend on what is not there yet.
#[test]
fn a_region_known_at_apply_is_waited_for() {
    let place = Backend::local();
    let workspace = Workspace::new("late-region");
    let provider = place.provider().replace("\"ap-northeast-1\"", "terraform_data.late.output.region");
    let late = late(r#"region = "ap-northeast-1""#);
    workspace.write("main.tf", &format!("{provider}{late}{}", web("web", "nginx:1.27.0", "")));
    workspace.plan().changes().says("2 to add");
    workspace.apply().success();
    assert_eq!(place.status(&arn("web", 1)), "ACTIVE");
}
