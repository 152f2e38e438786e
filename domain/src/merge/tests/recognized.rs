//! What is the Agent, what may be, and what is not.

use super::*;

const OWN: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-agent:7.50.0";

/// A container of these parts, with the variables and the secret that an Agent on Fargate has.
fn with_signs(parts: serde_json::Value) -> serde_json::Value {
    let mut container = serde_json::json!({
        "name": "dd",
        "environment": [{ "name": "ECS_FARGATE", "value": "true" }],
        "secrets": [{ "name": "DD_API_KEY", "valueFrom": "arn:key" }]
    });
    container.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    container
}

fn beside_an_application(container: &serde_json::Value) -> Node {
    task(serde_json::json!([container, { "name": "app", "image": "a:1" }]))
}

fn all_names(hardened: &Hardened) -> Vec<&str> {
    names(hardened.document.get("containerDefinitions"), "name")
}

#[test]
fn an_agent_in_whatever_form_gets_the_pattern_and_no_second_one() {
    let settings = settings();
    let shell =
        |line: &str| serde_json::json!({ "image": "datadog/agent:7.80.0", "command": ["bash", "-c", line] });
    for parts in [
        shell("echo 'x' > /etc/datadog-agent/conf.d/envoy.d/conf.yaml && /init"),
        shell("exec /init"),
        serde_json::json!({ "image": "datadog/agent:7.80.0", "command": ["/opt/datadog-agent/bin/agent/agent", "run"] }),
        serde_json::json!({ "image": OWN }),
        serde_json::json!({ "image": "ghcr.io/acme/datadog-agent-custom" }),
        serde_json::json!({ "image": "example.com/observability:1" }),
        serde_json::json!({ "image": "example.com/observability:1", "name": "sidecar", "command": ["agent", "run"] }),
        serde_json::json!({ "image": "example.com/observability:1", "name": "sidecar",
            "environment": [{ "name": "LANG", "value": "C" }], "secrets": null,
            "entryPoint": ["/opt/datadog-agent/bin/agent/agent"], "command": ["run"] }),
    ] {
        let own = with_signs(parts.clone());
        let name = own["name"].as_str().unwrap();
        for way in [Hardening::default(), with_agent(&settings)] {
            let hardened = harden_twice(beside_an_application(&own), &way);
            assert_eq!(all_names(&hardened), ["datadog-init", name, "app"], "{parts}");
            let dd = container(&hardened, name);
            assert_eq!(dd.get("readonlyRootFilesystem").as_bool(), Some(true), "{parts}");
            let mounted = names(dd.get("mountPoints"), "containerPath");
            assert!(mounted.contains(&"/etc/datadog-agent"), "{parts}");
            assert_eq!(names(dd.get("dependsOn"), "containerName"), ["datadog-init"], "{parts}");
            if way.mark {
                assert_eq!(strip(hardened.document.clone()).document, beside_an_application(&own), "{parts}");
            }
        }
    }
}

#[test]
fn another_program_of_datadog_is_not_the_agent_whatever_speaks_for_it() {
    for image in [
        "gcr.io/datadoghq/dogstatsd:7.60.0",
        "datadog/cluster-agent:7.60.0",
        "public.ecr.aws/datadog/cws-instrumentation:7.60.0",
        "datadog/serverless-init:1",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-cluster-agent:7.60.0",
    ] {
        let own = with_signs(serde_json::json!({ "image": image, "name": "datadog" }));
        let hardened = harden_twice(beside_an_application(&own), &Hardening::default());
        assert_eq!(all_names(&hardened), ["datadog", "app"], "{image}");
        assert!(container(&hardened, "datadog").get("mountPoints").is_null(), "{image}");
        let settings = settings();
        let with_one = harden_twice(beside_an_application(&own), &with_agent(&settings));
        assert_eq!(all_names(&with_one), ["datadog-init", "datadog-agent", "datadog", "app"], "{image}");
    }
}

/// Containers of which nobody can say for certain whether they are the Agent.
fn likely() -> [serde_json::Value; 5] {
    [
        serde_json::json!({ "name": "monitoring", "image": OWN }),
        with_signs(serde_json::json!({ "image": "datadog/agent:7.80.0", "command": ["/start.sh"] })),
        with_signs(serde_json::json!({ "image": "example.com/observability:1", "name": "monitoring" })),
        with_signs(serde_json::json!({ "image": "example.com/observability:1", "environment": [] })),
        with_signs(serde_json::json!({ "image": "example.com/observability:1", "command": ["/start.sh"] })),
    ]
}

#[test]
fn what_is_likely_the_agent_is_left_as_it_is_and_told() {
    for own in likely() {
        let hardened = harden_twice(beside_an_application(&own), &Hardening::default());
        let name = own["name"].as_str().unwrap();
        assert_eq!(*container(&hardened, name), node(own.clone()));
        assert_eq!(container(&hardened, "app").get("readonlyRootFilesystem").as_bool(), Some(true));
        let told: Vec<String> = hardened
            .changes
            .iter()
            .filter(|change| change.is_open_question())
            .map(Change::to_string)
            .collect();
        assert_eq!(told.len(), 1, "{own}");
        assert!(
            told[0].starts_with(&format!("{name}: is probably the Datadog Agent, because ")),
            "{}",
            told[0]
        );
        assert!(told[0].contains(&format!("existing_container = \"{name}\"")), "{}", told[0]);
        let mut closed = own.clone();
        closed["readonlyRootFilesystem"] = true.into();
        let hardened = harden(beside_an_application(&closed), &Hardening::default());
        assert!(
            !hardened.changes.iter().any(Change::is_open_question),
            "whoever says so has thought of it: {own}"
        );
    }
}

#[test]
fn where_an_agent_is_asked_for_what_is_likely_one_is_an_error_with_both_ways_out() {
    let settings = settings();
    for own in likely() {
        let name = own["name"].as_str().unwrap();
        let asked = harden(beside_an_application(&own), &with_agent(&settings));
        assert_eq!(all_names(&asked), [name, "app"], "nothing is added: {own}");
        let texts = sentences(&asked.collisions);
        assert_eq!(texts.len(), 1, "{texts:#?}");
        assert!(
            texts[0].starts_with(&format!("Container {name} (containerDefinitions[0]) is probably")),
            "{}",
            texts[0]
        );
        assert!(texts[0].contains(&format!("existing_container = \"{name}\"")), "{}", texts[0]);
        assert!(texts[0].contains("existing_container = \"\""), "{}", texts[0]);

        let is_it = Settings { existing_container: Some(name.to_owned()), ..settings.clone() };
        let brought_up = harden_twice(beside_an_application(&own), &with_agent(&is_it));
        assert_eq!(all_names(&brought_up), ["datadog-init", name, "app"], "{own}");
        assert!(!container(&brought_up, name).get("mountPoints").is_null(), "{own}");

        let is_not = Settings { existing_container: Some(String::new()), ..settings.clone() };
        let added = harden_twice(beside_an_application(&own), &with_agent(&is_not));
        assert_eq!(all_names(&added), ["datadog-init", "datadog-agent", name, "app"], "{own}");
    }
}

#[test]
fn beside_an_agent_nobody_else_is_likely_to_be_one() {
    let settings = settings();
    for own in likely() {
        let containers = serde_json::json!([{ "name": "agent", "image": "datadog/agent:7.80.0" }, own]);
        let hardened = harden_twice(task(containers), &with_agent(&settings));
        assert_eq!(all_names(&hardened)[1], "agent", "{own}");
    }
}

#[test]
fn who_says_which_container_it_is_decides() {
    let settings = settings();
    let task_of = |name: &str| {
        task(serde_json::json!([
            { "name": "dd", "image": "example.com/observability:1" },
            { "name": name, "image": "datadog/agent:7.80.0" }
        ]))
    };
    let says = |name: &str| Settings { existing_container: Some(name.to_owned()), ..settings.clone() };
    let named = harden_twice(task_of("observability"), &with_agent(&says("dd")));
    assert_eq!(all_names(&named), ["datadog-init", "dd", "observability"]);
    assert!(
        container(&named, "observability").get("environment").is_null(),
        "it has the Agent's image and is not wired"
    );

    let none = harden_twice(task_of("observability"), &with_agent(&says("")));
    assert_eq!(all_names(&none), ["datadog-init", "datadog-agent", "dd", "observability"]);
    let custom = Settings { image: "example.com/custom:1".into(), ..says("") };
    let own_image = harden_twice(task_of("observability"), &with_agent(&custom));
    assert_eq!(all_names(&own_image), ["datadog-init", "datadog-agent", "dd", "observability"]);
    let taken = sentences(&harden(task_of("datadog-agent"), &with_agent(&says(""))).collisions);
    assert_eq!(taken.len(), 1, "{taken:#?}");
    assert!(taken[0].contains("has the name of the Datadog Agent and is another container"), "{}", taken[0]);

    let missing = harden(task_of("observability"), &with_agent(&says("observabilty")));
    assert!(missing.collisions.iter().all(Collision::is_in_what_was_asked_for));
    assert_eq!(
        sentences(&missing.collisions),
        [
            "Container \"observabilty\" is said to be the Datadog Agent, and none has this name. Did you mean existing_container = \"observability\"?"
        ]
    );
    assert_eq!(all_names(&missing), ["dd", "observability"], "nothing is added");
    for unknown in [serde_json::json!("?"), serde_json::json!({ "name": "?", "image": "a:1" })] {
        let open = harden(task(serde_json::json!([unknown])), &with_agent(&says("dd")));
        assert_eq!(open.collisions, []);
        assert!(open.document.get("containerDefinitions").is_unknown(), "{unknown}");
    }
}

#[test]
fn an_image_that_is_not_known_yet_may_be_the_agents_where_something_speaks_for_it() {
    for (own, is_open) in [
        (with_signs(serde_json::json!({ "image": "?" })), true),
        (serde_json::json!({ "name": "web", "image": "?" }), false),
        (with_signs(serde_json::json!({ "image": "example.com/observability:1", "command": "?" })), true),
        (serde_json::json!({ "name": "web", "image": "example.com/observability:1", "command": "?" }), false),
    ] {
        let hardened = harden(beside_an_application(&own), &Hardening::default());
        assert_eq!(hardened.document.get("containerDefinitions").is_unknown(), is_open, "{own}");
    }
}

#[test]
fn the_image_of_an_init_container_is_not_the_agent() {
    let settings = settings();
    let copies = |parts: serde_json::Value| {
        let mut init = with_signs(parts);
        init["name"] = "prepare".into();
        init["essential"] = false.into();
        init
    };
    let dd = serde_json::json!({ "name": "dd", "image": OWN,
        "secrets": [{ "name": "DD_API_KEY", "valueFrom": "arn:key" }],
        "dependsOn": [{ "containerName": "prepare", "condition": "SUCCESS" }] });
    for init in [
        copies(serde_json::json!({ "image": OWN, "command": ["cp", "-r", "/etc/datadog-agent/.", "/c"] })),
        // The image's own script prepares and ends.
        copies(
            serde_json::json!({ "image": OWN, "environment": [{ "name": "ENTRYPOINT", "value": "init-config" }] }),
        ),
        // Who waits for its end knows that it ends.
        copies(serde_json::json!({ "image": "datadog/agent:7.80.0" })),
    ] {
        let hardened = harden(task(serde_json::json!([init, dd])), &with_agent(&settings));
        assert_eq!(hardened.collisions, [], "{init}");
        assert_eq!(all_names(&hardened), ["datadog-init", "prepare", "dd"], "{init}");
    }
}
