//! Where the local ECS endpoint and moto both have an opinion, they agree; where they are known to differ, the
//! difference is written down here.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::{Credentials, Region};
use aws_sdk_ecs::types::{
    Compatibility, ContainerDefinition, NetworkMode, PortMapping, Tag, TaskDefinition, TaskDefinitionField,
    TaskDefinitionStatus, TransportProtocol,
};

use crate::harness::Moto;
use crate::harness::local_ecs::LocalEcs;

const FAMILY: &str = "second-opinion";

fn client(url: &str) -> Client {
    Client::from_conf(
        aws_sdk_ecs::Config::builder()
            .behavior_version_latest()
            .endpoint_url(url)
            .region(Region::new("ap-northeast-1"))
            .credentials_provider(Credentials::new("AKIATEST", "secret", None, None, "test"))
            .build(),
    )
}

async fn register(client: &Client) -> TaskDefinition {
    let container = ContainerDefinition::builder()
        .name("app")
        .image("nginx:1.27")
        .port_mappings(
            PortMapping::builder().container_port(80).host_port(80).protocol(TransportProtocol::Tcp).build(),
        )
        .build();
    client
        .register_task_definition()
        .family(FAMILY)
        .cpu("256")
        .memory("512")
        .network_mode(NetworkMode::Awsvpc)
        .requires_compatibilities(Compatibility::Fargate)
        .container_definitions(container)
        .tags(Tag::builder().key("team").value("platform").build())
        .send()
        .await
        .unwrap()
        .task_definition
        .unwrap()
}

/// What one of them says, step by step, in words that can be compared.
async fn story(url: &str) -> Vec<String> {
    let client = client(url);
    let mut lines = Vec::new();
    let first = register(&client).await;
    let second = register(&client).await;
    let container = &first.container_definitions()[0];
    lines.push(format!("registered {:?} and {}", first.task_definition_arn(), second.revision()));
    lines.push(format!("size {:?} {:?} mode {:?}", first.cpu(), first.memory(), first.network_mode()));
    lines.push(format!("container cpu {} essential {:?}", container.cpu(), container.essential()));
    lines.push(format!("port {:?}", container.port_mappings()[0]));
    let empty = |list: Option<usize>| list == Some(0);
    lines.push(format!(
        "empty lists: environment {} mount points {} volumes from {}",
        empty(container.environment.as_ref().map(Vec::len)),
        empty(container.mount_points.as_ref().map(Vec::len)),
        empty(container.volumes_from.as_ref().map(Vec::len)),
    ));

    let described = client
        .describe_task_definition()
        .task_definition(FAMILY)
        .include(TaskDefinitionField::Tags)
        .send()
        .await
        .unwrap();
    lines.push(format!("newest {}", described.task_definition().unwrap().revision()));
    lines.push(format!("tags {:?}", described.tags()));

    let arn = second.task_definition_arn().unwrap();
    client
        .tag_resource()
        .resource_arn(arn)
        .tags(Tag::builder().key("stage").value("prod").build())
        .send()
        .await
        .unwrap();
    client.untag_resource().resource_arn(arn).tag_keys("team").send().await.unwrap();
    let tags = client.list_tags_for_resource().resource_arn(arn).send().await.unwrap();
    lines.push(format!("tags after {:?}", tags.tags()));

    let gone = client.deregister_task_definition().task_definition(arn).send().await.unwrap();
    lines.push(format!("deregistered {:?}", gone.task_definition().unwrap().status()));
    let inactive = client.describe_task_definition().task_definition(arn).send().await.unwrap();
    lines.push(format!("still there {:?}", inactive.task_definition().unwrap().status()));
    let active = client.list_task_definitions().family_prefix(FAMILY).send().await.unwrap();
    lines.push(format!("active {:?}", active.task_definition_arns()));
    let inactive = client
        .list_task_definitions()
        .family_prefix(FAMILY)
        .status(TaskDefinitionStatus::Inactive)
        .send()
        .await
        .unwrap();
    lines.push(format!("inactive {:?}", inactive.task_definition_arns()));
    lines.push(format!("next {}", register(&client).await.revision()));
    let missing =
        client.describe_task_definition().task_definition("second-opinion:99").send().await.unwrap_err();
    let missing = missing.into_service_error();
    lines.push(format!("missing is a client exception: {}", missing.is_client_exception()));
    lines
}

#[tokio::test]
async fn moto_tells_the_same_story_as_the_local_endpoint() {
    let local = LocalEcs::start();
    assert_eq!(story(&local.url()).await, story(&Moto::shared().url()).await);
}

/// All differences are moto's: real ECS refuses the first and skips inactive revisions in the second. (moto also
/// adds neither protocol nor host port to a port mapping, which is why the story above sends both.)
#[tokio::test]
async fn moto_accepts_and_finds_what_the_service_does_not() {
    let local = LocalEcs::start();
    for (url, accepts, newest) in [(local.url(), false, Some(1)), (Moto::shared().url(), true, Some(2))] {
        let client = client(&url);
        let odd = client
            .register_task_definition()
            .family("second-opinion-odd")
            .cpu("256")
            .memory("65536")
            .network_mode(NetworkMode::Awsvpc)
            .requires_compatibilities(Compatibility::Fargate)
            .container_definitions(ContainerDefinition::builder().name("app").image("nginx:1.27").build())
            .send()
            .await;
        assert_eq!(odd.is_ok(), accepts, "{url}");

        let small = || {
            client
                .register_task_definition()
                .family("second-opinion-latest")
                .container_definitions(
                    ContainerDefinition::builder().name("a").image("a:1").memory(64).build(),
                )
                .send()
        };
        small().await.unwrap();
        small().await.unwrap();
        let latest = "second-opinion-latest";
        client.deregister_task_definition().task_definition(format!("{latest}:2")).send().await.unwrap();
        let found = client.describe_task_definition().task_definition(latest).send().await.ok();
        let found = found.and_then(|answer| answer.task_definition).map(|definition| definition.revision());
        assert_eq!(found, newest, "{url}");
    }
}
