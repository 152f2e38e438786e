//! The application's own containers, hardened where they are registered.

use serde_json::{Value, json};

use super::{WEB, arn};
use crate::harness::{Backend, Workspace};

/// The service of the other stories, which keeps what was registered.
fn web(family: &str, image: &str, further: &str) -> String {
    super::web(family, image, &format!("  keep_json = true\n{further}"))
}

/// The service of the other stories, whose container says nothing of its root filesystem.
fn unsaid(family: &str, further: &str) -> String {
    web(family, "nginx:1.27.0", further).replace("    readonlyRootFilesystem = true\n", "")
}

/// The same without an Agent.
fn without_agent(text: &str) -> String {
    let begin = text.find("  agent {").expect("the sample has an agent block");
    let end = begin + text[begin..].find("\n  }\n").expect("the block ends") + "\n  }\n".len();
    format!("{}{}", &text[..begin], &text[end..])
}

const HARDENED: &str = r#"
  application {
    read_only_root_filesystem = true
    writable_paths            = { app = ["/tmp", "/var/cache/nginx"] }
  }
"#;

/// What was registered, as JSON.
fn registered(workspace: &Workspace) -> Value {
    let state = workspace.attributes(WEB).expect("the resource is in the state");
    serde_json::from_str(state["json"].as_str().expect("it is text")).expect("it is JSON")
}

fn container<'a>(document: &'a Value, name: &str) -> &'a Value {
    let containers = document["containerDefinitions"].as_array().expect("a list");
    containers.iter().find(|container| container["name"] == name).expect("the container is there")
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let names = list.as_array().into_iter().flatten().filter_map(|item| item[key].as_str());
    names.map(str::to_owned).collect()
}

#[test]
fn the_application_gets_a_read_only_root_and_the_paths_it_writes_to() {
    let place = Backend::local();
    let workspace = Workspace::new("hardened");
    workspace.main(&place, &unsaid("hardened", HARDENED)).apply().success();
    let (definition, _) = place.definition("hardened").expect("it was registered");
    let containers = definition.container_definitions();
    assert_eq!(containers.len(), 3);
    assert!(containers.iter().all(|container| container.readonly_root_filesystem() == Some(true)));
    let app = containers.iter().find(|container| container.name() == Some("app")).expect("the application");
    let mounts: Vec<_> = app
        .mount_points()
        .iter()
        .map(|mount| (mount.container_path().unwrap_or_default(), mount.source_volume().unwrap_or_default()))
        .collect();
    assert_eq!(
        mounts,
        [
            ("/var/run/datadog", "datadog-sockets"),
            ("/tmp", "app-tmp"),
            ("/var/cache/nginx", "app-var-cache-nginx")
        ]
    );
    let volumes: Vec<_> = definition.volumes().iter().filter_map(|volume| volume.name()).collect();
    assert!(volumes.contains(&"app-tmp") && volumes.contains(&"app-var-cache-nginx"), "{volumes:?}");
    assert_eq!(workspace.attributes(WEB).expect("state")["verdicts"]["ECS.5"], json!("PASSED"));
    workspace.plan().no_changes();

    workspace.main(&place, &unsaid("hardened", &HARDENED.replace("] }\n", "] }\n    tmpfs_size = 64\n")));
    workspace.apply().success().says("1 changed");
    let app = container(&registered(&workspace), "app").clone();
    assert_eq!(
        app["linuxParameters"]["tmpfs"],
        json!([{"containerPath": "/tmp", "size": 64}, {"containerPath": "/var/cache/nginx", "size": 64}])
    );
    workspace.plan().no_changes();
}

#[test]
fn it_works_without_an_agent() {
    let place = Backend::local();
    let workspace = Workspace::new("hardened-alone");
    workspace.main(&place, &without_agent(&unsaid("alone", HARDENED))).apply().success();
    let document = registered(&workspace);
    assert_eq!(names(&document["containerDefinitions"], "name"), ["app"]);
    assert_eq!(names(&document["volumes"], "name"), ["app-tmp", "app-var-cache-nginx"]);
    assert_eq!(container(&document, "app")["readonlyRootFilesystem"], json!(true));
    workspace.plan().no_changes();
    workspace.main(&place, &without_agent(&unsaid("alone", ""))).apply().success().says("1 changed");
    let document = registered(&workspace);
    assert!(document["volumes"].is_null() && container(&document, "app")["readonlyRootFilesystem"].is_null());
    assert_eq!(place.status(&arn("alone", 2)), "ACTIVE");
}

#[test]
fn a_block_that_changes_nothing_plans_no_new_revision() {
    let place = Backend::local();
    let workspace = Workspace::new("hardened-same");
    workspace.main(&place, &web("same", "nginx:1.27.0", "")).apply().success();
    workspace
        .main(&place, &web("same", "nginx:1.27.0", "application {\n    wire = true\n  }\n"))
        .apply()
        .success();
    assert_eq!(workspace.attributes(WEB).expect("state")["revision"], json!(1));
    workspace.plan().no_changes();
}

#[test]
fn an_agent_among_the_containers_is_reused_and_what_is_kept_is_said_once() {
    let place = Backend::local();
    let workspace = Workspace::new("reused");
    let own = r#"
  }, {
    name        = "dd"
    image       = "public.ecr.aws/datadog/agent:7.80.0"
    essential   = false
    environment = [{ name = "DD_ENV", value = "of-their-own" }]
  }])
"#;
    let text = web("reused", "nginx:1.27.0", "").replacen("\n  }])\n", own, 1);
    let plan = workspace.main(&place, &text).plan().changes();
    assert_eq!(plan.output.matches("What you wrote was kept").count(), 1, "{}", plan.output);
    let (_, warning) = plan.output.split_once("Where container_definitions").expect("what was kept is told");
    let warning = warning.split("Warning:").next().unwrap_or_default();
    assert!(!warning.contains("of-their-own"), "{warning}");
    plan.says("dd: keeps its own value of variable DD_ENV");
    workspace.apply().success();
    let document = registered(&workspace);
    let mut containers = names(&document["containerDefinitions"], "name");
    containers.sort();
    assert_eq!(containers, ["app", "datadog-init", "dd"]);
    let dd = container(&document, "dd");
    assert_eq!(dd["image"], json!("public.ecr.aws/datadog/agent:7.80.0"));
    assert_eq!(dd["readonlyRootFilesystem"], json!(true));
    assert_eq!(dd["dependsOn"], json!([{"condition": "SUCCESS", "containerName": "datadog-init"}]));
    assert_eq!(names(&dd["secrets"], "name"), ["DD_API_KEY"]);
    let mut variables = names(&dd["environment"], "name");
    variables.retain(|name| name == "DD_ENV");
    assert_eq!(variables.len(), 1);
    assert_eq!(container(&document, "datadog-init")["image"], dd["image"]);
    workspace.plan().no_changes();
}

#[test]
fn an_agent_waits_for_its_own_init_container_and_the_plan_says_so() {
    let place = Backend::local();
    let workspace = Workspace::new("own-init");
    let own = r#"
  }, {
    name        = "dd-copy"
    image       = "public.ecr.aws/datadog/agent:7.81.1"
    essential   = false
    command     = ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/"]
    mountPoints = [{ sourceVolume = "dd-config", containerPath = "/config" }]
    readonlyRootFilesystem = true
  }, {
    name        = "dd"
    image       = "public.ecr.aws/datadog/agent:7.81.1"
    dependsOn   = [{ containerName = "dd-copy", condition = "START" }]
    mountPoints = [{ sourceVolume = "dd-config", containerPath = "/etc/datadog-agent" }]
  }])
"#;
    let volume = "  volume {\n    name = \"dd-config\"\n  }\n";
    let text = web("own-init", "nginx:1.27.0", volume).replacen("\n  }])\n", own, 1);
    let plan = workspace.main(&place, &text).plan().changes();
    assert_eq!(plan.output.matches("What you wrote was changed").count(), 1, "{}", plan.output);
    plan.says("dd: now waits for SUCCESS of dd-copy");
    workspace.apply().success();
    let document = registered(&workspace);
    let mut containers = names(&document["containerDefinitions"], "name");
    containers.sort();
    assert_eq!(containers, ["app", "dd", "dd-copy"]);
    let awaited = &container(&document, "dd")["dependsOn"];
    assert_eq!(*awaited, json!([{"condition": "SUCCESS", "containerName": "dd-copy"}]));
    workspace.plan().no_changes();
    workspace.main(&place, &text.replace("START", "SUCCESS")).plan().no_changes();
}

#[test]
fn no_agent_is_added_where_the_task_does_not_run_on_fargate() {
    let place = Backend::local();
    let workspace = Workspace::new("launch-type");
    let text = |compatibilities: &str, agent: &str| {
        web("launch-type", "nginx:1.27.0", "").replace(r#"["FARGATE"]"#, compatibilities).replace(
            r#"    service            = "web""#,
            &format!("    service            = \"web\"\n    {agent}"),
        )
    };
    let refused = workspace.main(&place, &text(r#"["EC2"]"#, "")).plan().failure();
    refused
        .says("An Agent for this launch type is not supported yet")
        .says("The task is for EC2 (requiresCompatibilities)")
        .says(r#"requires_compatibilities = ["EC2"]"#)
        .does_not_say("FARGATE");
    let refused = workspace.main(&place, &text(r#"["FARGATE"]"#, r#"launch_type = "EC2""#)).plan().failure();
    refused.says("launch_type is EC2").says(r#"launch_type = "EC2""#);
    let misspelt = workspace.main(&place, &text(r#"["EC2"]"#, r#"launch_type = "ec2""#)).plan().failure();
    misspelt.says(r#"launch_type = "EC2""#);

    let both = workspace.main(&place, &text(r#"["EC2", "FARGATE"]"#, "")).plan().changes();
    both.says("The Agent works on Fargate only").says("may be started on EC2 as well");
    workspace.apply().success();
    workspace.main(&place, &text(r#"["FARGATE"]"#, "")).plan().does_not_say("works on Fargate only");

    // The rest of such a task is hardened without an Agent.
    let rest = without_agent(&unsaid("launch-type", HARDENED)).replace(r#"["FARGATE"]"#, r#"["EC2"]"#);
    workspace.main(&place, &rest).apply().success();
    let document = registered(&workspace);
    assert_eq!(container(&document, "app")["readonlyRootFilesystem"], json!(true));
}

#[test]
fn an_agent_that_is_there_is_brought_up_on_every_launch_type() {
    let own = r#"
  }, {
    name   = "dd"
    image  = "public.ecr.aws/datadog/agent:7.81.1"
    memory = 256
  }])
"#;
    for launch_type in ["EC2", "EXTERNAL", "MANAGED_INSTANCES"] {
        let place = Backend::local();
        let workspace = Workspace::new(&format!("launch-type-{launch_type}"));
        let text = web("own", "nginx:1.27.0", "")
            .replacen("\n  }])\n", own, 1)
            .replace(r#"["FARGATE"]"#, &format!("[\"{launch_type}\"]"));
        workspace.main(&place, &text).apply().success();
        let document = registered(&workspace);
        let dd = container(&document, "dd");
        let variables = names(&dd["environment"], "name");
        assert!(
            variables.contains(&"DD_SERVICE".to_owned()) && !variables.contains(&"ECS_FARGATE".to_owned())
        );
        assert_eq!(dd["readonlyRootFilesystem"], json!(true), "{launch_type}");
        workspace.plan().no_changes();
    }
}

#[test]
fn an_agent_that_brings_its_key_needs_none_from_the_settings() {
    let key = r#"    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf""#;
    let own = r#"
  }, {
    name    = "dd"
    image   = "public.ecr.aws/datadog/agent:7.81.1"
    secrets = [{ name = "DD_API_KEY", valueFrom = "arn:aws:ssm:ap-northeast-1:123456789012:parameter/own" }]
  }])
"#;
    let without_key = |text: String| {
        assert!(text.contains(key), "{text}");
        text.replace(key, "")
    };
    let place = Backend::local();
    let workspace = Workspace::new("own-key");
    let text = without_key(web("own-key", "nginx:1.27.0", "").replacen("\n  }])\n", own, 1));
    workspace.main(&place, &text).apply().success();
    let dd = container(&registered(&workspace), "dd").clone();
    assert_eq!(dd["secrets"][0]["valueFrom"], json!("arn:aws:ssm:ap-northeast-1:123456789012:parameter/own"));
    workspace.plan().no_changes();
    workspace.main(&place, &text.replace("DD_API_KEY", "DD_OTHER")).plan().failure().says("No API key");
    workspace
        .main(&place, &without_key(web("own-key", "nginx:1.27.0", "")))
        .plan()
        .failure()
        .says("No API key");
}

#[test]
fn settings_that_cancel_each_other_are_errors_that_say_which_to_drop() {
    let place = Backend::local();
    let workspace = Workspace::new("cancelled");
    let text = web("cancelled", "nginx:1.27.0", "application {\n    wire = false\n  }\n").replace(
        r#"    service            = "web""#,
        r#"
    service            = "web"
    wait_until_healthy = true
    health_check {
      enabled  = false
      interval = 10
    }
    restart_policy {
      enabled                = false
      restart_attempt_period = 60
    }
    apm {
      profiling = true
    }"#,
    );
    workspace
        .main(&place, &text)
        .plan()
        .failure()
        .says("Write wait_until_healthy = false, or leave health_check.enabled out.")
        .says("Remove `health_check.interval`, or write health_check { enabled = true }.")
        .says("Remove `restart_policy.restart_attempt_period`, or write restart_policy { enabled = true }.")
        .says("Remove `apm.profiling`, or write wire = true.")
        .says("Remove `wait_until_healthy`, or write wire = true.");
}

/// What the settings say, for the resource, the data source and the function alike.
const SETTINGS: &str = r#"
    service            = "web"
    env                = "test"
    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:DdApiKey-AbCdEf"
    cpu                = 64
    memory             = 512
    stop_timeout       = 60
    user               = "dd-agent"
    container_name     = "agent"
"#;

#[test]
fn an_agent_that_is_there_takes_the_settings_it_does_not_say_in_the_same_way_everywhere() {
    let own = r#"{
    name        = "dd"
    image       = "public.ecr.aws/datadog/agent:7.81.1"
    cpu         = 32
    stopTimeout = 60
  }"#;
    let restart = |block: bool| match block {
        true => "    restart_policy {\n      enabled = true\n    }\n",
        false => "    restart_policy = { enabled = true }\n",
    };
    let settings = |block: bool| format!("{SETTINGS}{}", restart(block));
    let service = web("settings", "nginx:1.27.0", "").replacen("\n  }])\n", &format!("\n  }}, {own}])\n"), 1);
    let begin = service.find("  agent {").expect("the sample has an agent block");
    let end = begin + service[begin..].find("\n  }\n").expect("the block ends");
    let service = format!("{}  agent {{{}{}", &service[..begin], settings(true), &service[end..]);
    let others = format!(
        r#"
data "ddrofs_agent_sidecar" "same" {{
{}
  container_definitions = [{own}]
}}
output "hardened" {{
  value = provider::ddrofs::harden([{own}], {{ agent = {{ {} }} }})
}}
"#,
        settings(true),
        settings(false)
    );
    let place = Backend::local();
    let workspace = Workspace::new("settings");
    let plan = workspace.main(&place, &format!("{service}{others}")).plan().changes();
    let told = "dd: keeps its own cpu (setting cpu)";
    plan.says(told)
        .says("dd: keeps its own name (setting container_name)")
        .does_not_say("(setting stop_timeout)");
    workspace.apply().success();

    let of_resource = container(&registered(&workspace), "dd").clone();
    let data = workspace.attributes("data.ddrofs_agent_sidecar.same").expect("it was read");
    let parsed = |json: &Value| serde_json::from_str::<Value>(json.as_str().expect("text")).expect("JSON");
    let list = |containers: Value| json!({ "containerDefinitions": containers });
    let of_data_source = container(&list(parsed(&data["json"])), "dd").clone();
    let hardened = workspace.output_value("hardened");
    let of_function = container(&list(parsed(&hardened["json"])), "dd").clone();
    for (key, expected) in [
        ("cpu", json!(32)),
        ("memory", json!(512)),
        ("stopTimeout", json!(60)),
        ("user", json!("dd-agent")),
        ("restartPolicy", json!({ "enabled": true })),
    ] {
        for (from, dd) in
            [("resource", &of_resource), ("data source", &of_data_source), ("function", &of_function)]
        {
            assert_eq!(dd[key], expected, "{key} from the {from}");
        }
    }
    let changes = hardened["changes"].as_array().expect("a list");
    assert!(changes.contains(&json!(told)), "{changes:?}");
    workspace.plan().no_changes();
}

#[test]
fn a_container_that_is_not_there_is_said_at_the_block() {
    let place = Backend::local();
    let workspace = Workspace::new("hardened-misspelt");
    let text =
        unsaid("misspelt", HARDENED).replace(r#""app""#, r#""orders""#).replace("{ app =", "{ order =");
    let outcome = workspace.main(&place, &text).plan().failure();
    outcome
        .says("Did you mean \"orders\"?")
        .says("in resource \"ddrofs_ecs_task_definition\" \"web\"")
        .says("writable_paths");
}

#[test]
fn what_is_known_at_apply_only_is_planned_unknown() {
    let place = Backend::local();
    let workspace = Workspace::new("hardened-unknown");
    let application = r#"
  application {
    read_only_root_filesystem = terraform_data.later.output == "yes"
  }
"#;
    let later = "resource \"terraform_data\" \"later\" {\n  input = \"yes\"\n}\n";
    workspace.main(&place, &format!("{later}{}", unsaid("unknown", application))).apply().success();
    assert_eq!(container(&registered(&workspace), "app")["readonlyRootFilesystem"], json!(true));
    workspace.plan().no_changes();
}

#[test]
fn a_container_that_is_probably_the_agent_is_asked_about() {
    let place = Backend::local();
    let workspace = Workspace::new("likely");
    let own = r#"
  }, {
    name                   = "monitoring"
    image                  = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/datadog-agent:7.50.0"
    essential              = false
  }])
"#;
    let text = |existing: &str| {
        web("likely", "nginx:1.27.0", "").replacen("\n  }])\n", own, 1).replace(
            r#"    service            = "web""#,
            &format!("    service            = \"web\"\n    {existing}"),
        )
    };
    workspace
        .main(&place, &text(""))
        .plan()
        .failure()
        .says("Container is probably the Datadog Agent")
        .says(r#"existing_container = "monitoring""#)
        .says(r#"existing_container = """#);
    assert!(place.definition("likely").is_none());
    workspace
        .main(&place, &text(r#"existing_container = "monitorng""#))
        .plan()
        .failure()
        .says("No such container")
        .says(r#"existing_container = "monitoring""#);

    workspace.main(&place, &text(r#"existing_container = "monitoring""#)).apply().success();
    let mut containers = names(&registered(&workspace)["containerDefinitions"], "name");
    containers.sort();
    assert_eq!(containers, ["app", "datadog-init", "monitoring"]);
    let monitoring = container(&registered(&workspace), "monitoring").clone();
    assert_eq!(monitoring["readonlyRootFilesystem"], json!(true));
    assert!(names(&monitoring["mountPoints"], "containerPath").contains(&"/etc/datadog-agent".to_owned()));
    workspace.plan().no_changes();

    workspace.main(&place, &text(r#"existing_container = """#)).apply().success();
    let mut containers = names(&registered(&workspace)["containerDefinitions"], "name");
    containers.sort();
    assert_eq!(containers, ["app", "datadog-agent", "datadog-init", "monitoring"]);
    workspace.plan().no_changes();

    let alone = without_agent(&text(""))
        .replace("  }])\n", "  }])\n  application {\n    read_only_root_filesystem = true\n  }\n");
    let plan = workspace.main(&place, &alone).plan().changes();
    plan.says("Container is probably the Datadog Agent").says("keeps its root filesystem");
    workspace.apply().success();
    let document = registered(&workspace);
    assert!(container(&document, "monitoring")["readonlyRootFilesystem"].is_null());
    assert_eq!(container(&document, "app")["readonlyRootFilesystem"], json!(true));
}

#[test]
fn a_user_other_than_root_is_told_of_tmpfs_where_the_volume_is_the_blocks() {
    const RULE: &str = "volume-not-writable-for-user";
    let place = Backend::local();
    let task = |members: &str, further: &str| {
        without_agent(&unsaid("hardened-user", further))
            .replace("nginx:1.27.0", "example.com/shop:1.4.2")
            .replace(
                "essential              = true",
                &format!("essential = true\n    user = \"1000\"\n{members}"),
            )
    };
    let workspace = Workspace::new("hardened-user");
    workspace.main(&place, &task("", HARDENED)).plan().says(RULE).says("tmpfs_size = 64");
    let sized = HARDENED.replace("  application {", "  application {\n    tmpfs_size = 64");
    workspace.main(&place, &task("", &sized)).plan().does_not_say(RULE);
    // Of a volume of one's own the block knows nothing.
    let own = r#"    mountPoints = [{ sourceVolume = "work", containerPath = "/work" }]"#;
    let volume = "  volume {\n    name = \"work\"\n  }\n";
    workspace.main(&place, &task(own, volume)).plan().says(RULE).does_not_say("tmpfs_size = 64");
}
