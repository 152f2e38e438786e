//! What registering adds, drops and refuses.

use aws_sdk_ecs::types::{
    Compatibility, ContainerCondition, ContainerDefinition, ContainerDependency, HealthCheck,
    KernelCapabilities, KeyValuePair, LinuxParameters, LogConfiguration, LogDriver, MountPoint, NetworkMode,
    PortMapping, Secret, Tag, Volume,
};
use serde_json::{Value, json};

use super::endpoint::LocalEcs;
use super::{app, client, client_with_key, refusal, register};

fn named(name: &str) -> ContainerDefinition {
    ContainerDefinition::builder().name(name).image("nginx:1.27").build()
}

fn depends_on(container: &str, condition: ContainerCondition) -> ContainerDependency {
    ContainerDependency::builder()
        .container_name(container)
        .condition(condition)
        .build()
        .expect("both are set")
}

#[tokio::test]
async fn arns_carry_the_region_of_the_signature_and_the_account_of_the_key() {
    let server = LocalEcs::start();
    let tokyo = register(&client(&server, "ap-northeast-1"), "web", vec![app()]).await.unwrap();
    let china = register(&client(&server, "cn-north-1"), "web", vec![app()]).await.unwrap();
    let role = client_with_key(&server, "us-east-1", "ASIALOCALROLE210987654321");
    let assumed = register(&role, "web", vec![app()]).await.unwrap();

    assert_eq!(
        tokyo.task_definition_arn(),
        Some("arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web:1")
    );
    assert_eq!(
        china.task_definition_arn(),
        Some("arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/web:1")
    );
    assert_eq!(
        assumed.task_definition_arn(),
        Some("arn:aws:ecs:us-east-1:210987654321:task-definition/web:1")
    );
    assert_eq!(assumed.registered_by(), Some("arn:aws:sts::210987654321:assumed-role/local/session"));
}

#[tokio::test]
async fn the_answer_has_the_defaults_the_service_adds() {
    let server = LocalEcs::start();
    let container = ContainerDefinition::builder()
        .name("app")
        .image("nginx:1.27")
        .environment(KeyValuePair::builder().name("ZED").value("1").build())
        .environment(KeyValuePair::builder().name("ALPHA").value("2").build())
        .environment(KeyValuePair::builder().name("NOTHING").build())
        .port_mappings(PortMapping::builder().container_port(80).build())
        .mount_points(MountPoint::builder().source_volume("data").container_path("/data").build())
        .health_check(HealthCheck::builder().command("CMD").command("true").build().unwrap())
        .linux_parameters(
            LinuxParameters::builder()
                .capabilities(KernelCapabilities::builder().drop("ALL").build())
                .build(),
        )
        .build();
    let answer = client(&server, "us-east-1")
        .register_task_definition()
        .family("web")
        .cpu(".25 vCPU")
        .memory("0.5GB")
        .network_mode(NetworkMode::Awsvpc)
        .requires_compatibilities(Compatibility::Fargate)
        .container_definitions(container)
        .volumes(Volume::builder().name("data").build())
        .send()
        .await
        .unwrap();
    let definition = answer.task_definition.unwrap();
    let container = &definition.container_definitions()[0];

    assert_eq!((definition.cpu(), definition.memory()), (Some("256"), Some("512")));
    assert_eq!(definition.status().unwrap().as_str(), "ACTIVE");
    assert!(definition.compatibilities().contains(&Compatibility::Fargate));
    assert!(definition.registered_at().is_some());
    assert_eq!(definition.volumes()[0].host().unwrap().source_path(), None);
    assert_eq!(container.essential(), Some(true));
    assert!(container.system_controls.as_ref().is_some_and(Vec::is_empty));
    assert_eq!(container.port_mappings()[0].host_port(), Some(80));
    assert_eq!(container.port_mappings()[0].protocol().unwrap().as_str(), "tcp");
    let environment: Vec<_> = container.environment().iter().filter_map(KeyValuePair::name).collect();
    assert_eq!(environment, ["ALPHA", "ZED"]);
    let check = container.health_check().unwrap();
    assert_eq!((check.interval(), check.timeout(), check.retries()), (Some(30), Some(5), Some(3)));
    let capabilities = container.linux_parameters().unwrap().capabilities().unwrap();
    assert!(capabilities.add.as_ref().is_some_and(Vec::is_empty));
}

#[test]
fn keys_the_model_does_not_know_are_dropped_without_a_word() {
    let server = LocalEcs::start();
    let mut body = definition();
    body["readonlyRootFs"] = json!(true);
    body["containerDefinitions"][0]["readOnlyRootFilesystem"] = json!(true);
    let answer = server.act("us-east-1", "RegisterTaskDefinition", &body).unwrap();

    assert_eq!(answer["taskDefinition"].get("readonlyRootFs"), None);
    assert_eq!(answer["taskDefinition"]["containerDefinitions"][0].get("readOnlyRootFilesystem"), None);
}

#[test]
fn values_of_another_type_cannot_be_read() {
    let server = LocalEcs::start();
    for (pointer, value) in [
        ("/containerDefinitions/0/memory", json!("512")),
        ("/containerDefinitions/0/environment", json!({"A": "b"})),
        ("/containerDefinitions/0/command", json!([null])),
        ("/containerDefinitions", json!({})),
        ("/cpu", json!(256)),
    ] {
        let mut body = definition();
        *body.pointer_mut(pointer).expect("the sample has every pointer") = value;
        let refused = server.act("us-east-1", "RegisterTaskDefinition", &body).unwrap_err();
        assert!(refused.starts_with("SerializationException"), "{pointer}: {refused}");
    }
}

fn definition() -> Value {
    json!({
        "family": "web",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [
            {"name": "app", "image": "nginx:1.27", "memory": 128, "environment": [], "command": []},
        ],
    })
}

/// Refusals whose words are on record: one change of a good definition each, and the words.
#[test]
fn refusals_use_the_recorded_words() {
    let server = LocalEcs::start();
    let cases: &[(&str, Value, &str)] = &[
        (
            "/memory",
            json!("1024000"),
            "No Fargate configuration exists for given values: 256 CPU, 1024000 memory.",
        ),
        ("/networkMode", json!("bridge"), "Fargate only supports network mode 'awsvpc'."),
        ("/pidMode", json!("host"), "Tasks using the Fargate launch type do not support pidMode 'host'"),
        ("/ipcMode", json!("task"), "Fargate compatible task definitions do not support ipcMode"),
        ("/containerDefinitions/0/privileged", json!(true), "the 'privileged' setting be 'false'"),
        (
            "/containerDefinitions/0/memory",
            json!(1024),
            "The 'memory' setting for container 'app' is greater",
        ),
        ("/containerDefinitions/0/essential", json!(false), "doesn't have any essential container"),
        ("/containerDefinitions/0/hostname", json!("x"), "hostname is not supported on container when"),
        (
            "/containerDefinitions/0/mountPoints",
            json!([{"sourceVolume": "data", "containerPath": "/data"}]),
            "Unknown volume 'data'.",
        ),
        (
            "/containerDefinitions/0/secrets",
            json!([{"name": "KEY", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/key"}]),
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
        ),
        (
            "/containerDefinitions/0/dependsOn",
            json!([{"containerName": "init", "condition": "START"}]),
            "Cannot depend on container init because it does not exist.",
        ),
        (
            "/containerDefinitions/0/linuxParameters",
            json!({"capabilities": {"add": ["SYS_ADMIN"]}}),
            "SYS_ADMIN is not allowed on Fargate.",
        ),
        (
            "/containerDefinitions/0/logConfiguration",
            json!({"logDriver": "awslogs", "options": {"awslogs-region": "us-east-1"}}),
            "Log driver awslogs requires options: awslogs-group",
        ),
    ];
    for (pointer, value, words) in cases {
        let mut body = definition();
        let (parent, key) = pointer.rsplit_once('/').expect("every pointer has a slash");
        body.pointer_mut(parent).expect("the sample has the parent")[key] = value.clone();
        let refused = server.act("us-east-1", "RegisterTaskDefinition", &body).unwrap_err();
        assert!(refused.contains(words), "{pointer}: {refused}");
    }
    assert!(server.act("us-east-1", "RegisterTaskDefinition", &definition()).is_ok());
}

#[tokio::test]
async fn only_the_first_of_two_problems_is_told() {
    let server = LocalEcs::start();
    let waiting = ContainerDefinition::builder()
        .name("app")
        .image("nginx:1.27")
        .depends_on(depends_on("nobody", ContainerCondition::Start))
        .mount_points(MountPoint::builder().source_volume("nothing").container_path("/x").build())
        .build();
    let (code, message) = register(&client(&server, "us-east-1"), "web", vec![waiting]).await.unwrap_err();

    assert_eq!(code, "ClientException");
    assert_eq!(message, "Cannot depend on container nobody because it does not exist.");
}

#[tokio::test]
async fn success_cannot_be_awaited_from_an_essential_container() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let waiting = |essential| {
        let init =
            ContainerDefinition::builder().name("init").image("busybox:1").essential(essential).build();
        let app = ContainerDefinition::builder()
            .name("app")
            .image("nginx:1.27")
            .depends_on(depends_on("init", ContainerCondition::Success))
            .build();
        vec![init, app]
    };

    let (_, message) = register(&client, "web", waiting(true)).await.unwrap_err();
    assert!(message.contains("cannot be an essential container"), "{message}");
    assert!(register(&client, "web", waiting(false)).await.is_ok());
}

#[tokio::test]
async fn a_secret_may_not_share_a_name_with_a_variable() {
    let server = LocalEcs::start();
    let container = ContainerDefinition::builder()
        .name("app")
        .image("nginx:1.27")
        .environment(KeyValuePair::builder().name("KEY").value("1").build())
        .secrets(Secret::builder().name("KEY").value_from("arn:aws:ssm:::parameter/key").build().unwrap())
        .build();
    let (_, message) = register(&client(&server, "us-east-1"), "web", vec![container]).await.unwrap_err();
    assert!(message.contains("such as 'KEY'"), "{message}");
}

#[tokio::test]
async fn a_refused_definition_uses_no_revision_number() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let log = LogConfiguration::builder().log_driver(LogDriver::Syslog).build().unwrap();
    let bad = ContainerDefinition::builder().name("app").image("nginx:1.27").log_configuration(log).build();
    let (_, message) = register(&client, "web", vec![bad]).await.unwrap_err();
    assert!(message.starts_with("syslog is not a valid log driver."), "{message}");
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 1);
}

#[tokio::test]
async fn container_names_are_unique_and_at_most_ten() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let (_, twice) = register(&client, "web", vec![named("app"), named("app")]).await.unwrap_err();
    assert!(twice.contains("must be unique"), "{twice}");
    let eleven = (0..11).map(|number| named(&format!("c{number}"))).collect();
    assert!(register(&client, "web", eleven).await.is_err());
}

#[tokio::test]
async fn tags_are_kept_apart_from_the_definition_and_checked() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let tagged = |key: &str| {
        client
            .register_task_definition()
            .family("web")
            .container_definitions(ContainerDefinition::builder().name("app").image("a:1").memory(64).build())
            .tags(Tag::builder().key(key).value("platform").build())
            .send()
    };

    let answer = tagged("team").await.unwrap();
    assert_eq!(answer.tags()[0].key(), Some("team"));
    let (code, _) = refusal(&tagged("aws:team").await.unwrap_err());
    assert_eq!(code, "InvalidParameterException");
}
