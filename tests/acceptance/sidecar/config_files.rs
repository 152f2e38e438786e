//! Files of the Agent's configuration, and an image that has them itself, through a real core.

use serde_json::{Value, json};

use super::{SECRET_ARN, errors_by_key, events, orders};
use crate::harness::{Backend, CONFIGURATION_VALUE, Tool, Workspace};

const APP: &str = r#"container_definitions = [{ name = "app", image = "example.com/app:1.2.3", readonlyRootFilesystem = true }]"#;

fn containers(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("it is text")).expect("it is JSON")
}

#[test]
fn files_travel_in_variables_of_the_init_container_and_never_in_a_log() {
    for tool in Tool::all() {
        let text = orders(&format!(
            r##"
  config_files = {{
    "conf.d/redisdb.d/conf.yaml" = "# {CONFIGURATION_VALUE}\ninstances: []\n"
    "checks.d/queue.py"          = "print('it''s')\n"
  }}
  {APP}
"##
        ));
        let workspace = Workspace::offline_with("files", tool, &text);
        workspace.apply().success().does_not_say("Warning");
        let given = workspace.attributes("data.ddrofs_agent_sidecar.orders").expect("it was read");
        let all = containers(&given["json"]);
        assert_eq!(
            all[0]["environment"],
            json!([
                { "name": "CONFIG_FILE_CHECKS_D_QUEUE_PY", "value": "print('it''s')\n" },
                {
                    "name": "CONFIG_FILE_CONF_D_REDISDB_D_CONF_YAML",
                    "value": format!("# {CONFIGURATION_VALUE}\ninstances: []\n"),
                },
            ])
        );
        let line = all[0]["command"][2].as_str().expect("a line for a shell");
        assert!(
            line.contains("put 'conf.d/redisdb.d/conf.yaml' \"$CONFIG_FILE_CONF_D_REDISDB_D_CONF_YAML\"\n"),
            "{line}"
        );
        assert!(!line.contains(CONFIGURATION_VALUE));
        assert!(
            all[1]["environment"]
                .as_array()
                .expect("variables")
                .iter()
                .all(|one| { one["name"].as_str().is_some_and(|name| !name.starts_with("CONFIG_FILE_")) })
        );
        assert_eq!(given["verdicts"]["ECS.5"], "PASSED");
        workspace.plan().no_changes();
        assert!(workspace.provider_logged());
    }
}

#[test]
fn a_resource_registers_files_of_both_blocks_and_a_content_that_only_an_apply_knows() {
    let place = Backend::local();
    let workspace = Workspace::new("files-resource");
    let text = |content: &str| {
        format!(
            r#"
resource "terraform_data" "late" {{
  input = "late: {content} # {CONFIGURATION_VALUE}"
}}

resource "ddrofs_ecs_task_definition" "orders" {{
  family                   = "files"
  cpu                      = "512"
  memory                   = "1024"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/execution"
  {APP}
  agent {{
    api_key_secret_arn = "{SECRET_ARN}"
    config_files = {{
      "conf.d/late.d/conf.yaml" = terraform_data.late.output
      "conf.d/both.d/conf.yaml" = "nearer: true"
    }}
  }}
}}
"#
        )
    };
    let fleet = r#"
  agent {
    config_files = {
      "conf.d/both.d/conf.yaml"  = "farther: true"
      "conf.d/fleet.d/conf.yaml" = "fleet: true"
    }
  }
"#;
    let provider = place.provider().trim_end().trim_end_matches('}').to_owned() + fleet + "}\n";
    workspace.write("main.tf", &format!("{provider}{}", text("first")));
    workspace.plan().changes();
    workspace.apply().success();
    workspace.plan().no_changes();
    let files = || {
        let (registered, _) = place.definition("files").expect("it was registered");
        let init = registered.container_definitions()[0].clone();
        let variables = init.environment().iter().map(|one| {
            (one.name().unwrap_or_default().to_owned(), one.value().unwrap_or_default().to_owned())
        });
        variables.collect::<Vec<_>>()
    };
    let late = |content: &str| format!("late: {content} # {CONFIGURATION_VALUE}");
    let expected = |content: &str| {
        [
            ("CONFIG_FILE_CONF_D_BOTH_D_CONF_YAML", "nearer: true".to_owned()),
            ("CONFIG_FILE_CONF_D_FLEET_D_CONF_YAML", "fleet: true".to_owned()),
            ("CONFIG_FILE_CONF_D_LATE_D_CONF_YAML", late(content)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    };
    assert_eq!(files(), expected("first"));
    // What changes is told by the name of its variable, and its content is not.
    workspace.write("main.tf", &format!("{provider}{}", text("second")));
    workspace.plan().changes();
    workspace.apply().success();
    assert_eq!(files(), expected("second"));
    let given = workspace.attributes("ddrofs_ecs_task_definition.orders").expect("it is in the state");
    let summary = given["change_summary"].as_str().expect("a sentence");
    assert!(
        summary.contains("CONFIG_FILE_CONF_D_LATE_D_CONF_YAML") && !summary.contains("second"),
        "{summary}"
    );
    assert_eq!(place.registrations(), 2);
    workspace.destroy().success();
}

#[test]
fn every_path_that_cannot_be_written_is_told_at_once() {
    let text = orders(
        r#"
  config_files = {
    "/etc/datadog-agent/x.yaml" = "a"
    "../x.yaml"                 = "a"
    "conf.d"                    = "a"
    "conf.d/x.d/"               = "a"
    ""                          = "a"
    "auth_token"                = "a"
    "same.yaml"                 = "a"
    "./same.yaml"               = "a"
    "above"                     = "a"
    "above/below.yaml"          = "a"
    "empty.yaml"                = ""
    "binary.yaml"               = "hidden-content \u0001"
    "conf.d/x.d/conf.yaml.default" = "a"
  }
"#,
    );
    let workspace = Workspace::offline("files-bad", &text);
    let outcome = workspace.run(&["plan", "-input=false", "-json"]);
    let errors = errors_by_key(&events(&outcome));
    let told: Vec<&String> = errors.values().flatten().collect();
    for summary in [
        "An absolute path",
        "A path that leads out of the directory",
        "A folder in place of a file",
        "A file without a path",
        "A file that the Agent writes itself",
        "Two contents for one file",
        "A file where a folder has to be",
        "A file without a content",
        "Content that is not text",
        "A file that the image removes at start",
    ] {
        assert!(told.iter().any(|error| error.starts_with(summary)), "{summary}: {told:?}");
    }
    assert!(!told.iter().any(|error| error.contains("hidden-content")), "{told:?}");
    for key in ["../x.yaml", "conf.d/x.d/", "auth_token", "binary.yaml", "./same.yaml", "above", ""] {
        let place = format!("Place: config_files[{key:?}]");
        // Of two keys of one file either is its place.
        let other = place.replace("[\"./", "[\"");
        assert!(
            told.iter().any(|error| error.ends_with(&place) || error.ends_with(&other)),
            "{key}: {told:?}"
        );
    }
    let text = orders("  config_files = { \"conf.d/x.yaml\" = file(\"mebibyte.txt\") }");
    let workspace = Workspace::offline("files-too-large", &text);
    workspace.write("mebibyte.txt", &"12345678".repeat(1 << 17));
    workspace
        .plan()
        .failure()
        .says("More than a task definition holds")
        .says("config_files")
        .does_not_say("12345678");
}

#[test]
fn a_secret_in_a_file_is_a_warning_that_does_not_show_it() {
    let text = orders(&format!(
        r#"
  config_files = {{
    "conf.d/a.yaml" = "instances:\n  - password: {CONFIGURATION_VALUE}"
    "conf.d/b.yaml" = "instances:\n  - password: ENC[b]"
    "datadog.yaml"  = "api_key: 0123456789abcdef0123456789abcdef"
  }}
  {APP}
"#
    ));
    let workspace = Workspace::offline("files-secret", &text);
    workspace
        .plan()
        .says("A secret seems to be in plain text")
        .says(r#"writes "conf.d/a.yaml" with a password or a token in it"#)
        .says("A Datadog key is in plain text")
        .says(r#"writes "datadog.yaml" with a Datadog key in it"#)
        .says("config_files = {")
        .does_not_say("b.yaml\" with");
}

#[test]
fn hardening_with_files_is_taken_out_again() {
    let text = format!(
        r#"
locals {{
  written  = jsonencode([{{ name = "app", image = "example.com/app:1.2.3", essential = true }}])
  options  = {{ agent = {{ api_key_secret_arn = "{SECRET_ARN}", config_files = {{ "conf.d/x.d/conf.yaml" = "a: b" }} }} }}
  once     = provider::ddrofs::harden(local.written, local.options)
  twice    = provider::ddrofs::harden(local.once.json, local.options)
  stripped = provider::ddrofs::strip(local.twice.json)
}}

output "init" {{
  value = jsondecode(local.once.json)[0].environment
}}

output "twice_is_once" {{
  value = local.once.json == local.twice.json
}}

output "is_as_before" {{
  value = length(provider::ddrofs::diff(local.written, local.stripped)) == 0
}}
"#
    );
    let workspace = Workspace::offline("files-function", &text);
    workspace.apply().success();
    let file = json!([{ "name": "CONFIG_FILE_CONF_D_X_D_CONF_YAML", "value": "a: b" }]);
    assert_eq!(workspace.output_value("init"), file);
    assert_eq!(workspace.output_value("twice_is_once"), json!(true));
    assert_eq!(workspace.output_value("is_as_before"), json!(true));
}

#[test]
fn an_image_with_volumes_needs_no_init_container_and_datadogs_own_is_none() {
    let text = |image: &str, further: &str| {
        orders(&format!(
            "  image = \"{image}\"\n  image_version = \"7.81.1\"\n  seeding = \"image_volumes\"\n  user = \"100\"\n{further}\n  {APP}"
        ))
    };
    let own = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/agent-with-volumes:1";
    let workspace = Workspace::offline("image-volumes", &text(own, ""));
    workspace.apply().success().does_not_say("Warning");
    let given = workspace.attributes("data.ddrofs_agent_sidecar.orders").expect("it was read");
    let all = containers(&given["json"]);
    let names: Vec<&Value> = all.as_array().into_iter().flatten().map(|one| &one["name"]).collect();
    assert_eq!(names, ["datadog-agent", "app"]);
    assert_eq!(all[0]["dependsOn"], Value::Null);
    let paths: Vec<&Value> =
        all[0]["mountPoints"].as_array().into_iter().flatten().map(|mount| &mount["containerPath"]).collect();
    assert_eq!(paths, ["/etc/datadog-agent", "/opt/datadog-agent/run", "/var/run/datadog", "/tmp"]);
    assert_eq!(given["verdicts"]["ECS.5"], "PASSED");

    Workspace::offline("image-volumes-stock", &text("public.ecr.aws/datadog/agent:7.81.1", ""))
        .plan()
        .failure()
        .says("does not declare that path as a VOLUME")
        .says("seeding = \"init_copy\"");
    Workspace::offline("image-volumes-files", &text(own, "  config_files = { \"conf.d/x.yaml\" = \"a\" }"))
        .plan()
        .failure()
        .says("Files that nobody writes")
        .says("COPY conf.d/x.yaml /etc/datadog-agent/conf.d/x.yaml");
}
