//! Every call travels as the same operation of the SDK. It is its own one on the wire, in the log and in an error.

use ddrofs::ecs_client::{EcsClient, EcsError};
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt;

use super::endpoint::{Endpoint, error, ok};
use super::log::Everything;
use super::{client, configuration, node, patient, signature};

const OPERATIONS: [&str; 18] = [
    "DeleteTaskDefinitions",
    "DeregisterTaskDefinition",
    "DescribeServiceDeployments",
    "DescribeServiceRevisions",
    "DescribeServices",
    "DescribeTaskDefinition",
    "DescribeTasks",
    "ListClusters",
    "ListServiceDeployments",
    "ListServices",
    "ListTagsForResource",
    "ListTaskDefinitionFamilies",
    "ListTaskDefinitions",
    "ListTasks",
    "RegisterTaskDefinition",
    "TagResource",
    "UntagResource",
    "UpdateService",
];

async fn call(client: &EcsClient, operation: &str) -> Result<(), EcsError> {
    let (one, patient) = (["a".to_owned()], patient());
    match operation {
        "DeleteTaskDefinitions" => client.delete_task_definitions(&one, &patient).await.map(drop),
        "DeregisterTaskDefinition" => client.deregister_task_definition("a", &patient).await.map(drop),
        "DescribeServiceDeployments" => client.describe_service_deployments(&one, &patient).await.map(drop),
        "DescribeServiceRevisions" => client.describe_service_revisions(&one, &patient).await.map(drop),
        "DescribeServices" => client.describe_services("a", &one, &patient).await.map(drop),
        "DescribeTaskDefinition" => client.describe_task_definition("a", &patient).await.map(drop),
        "DescribeTasks" => client.describe_tasks("a", &one, &patient).await.map(drop),
        "ListClusters" => client.list_clusters(&patient).await.map(drop),
        "ListServiceDeployments" => client.list_service_deployments("a", "b", None, &patient).await.map(drop),
        "ListServices" => client.list_services("a", &patient).await.map(drop),
        "ListTagsForResource" => client.list_tags_for_resource("a", &patient).await.map(drop),
        "ListTaskDefinitionFamilies" => client.list_task_definition_families(&patient).await.map(drop),
        "ListTaskDefinitions" => client.list_task_definitions("a", "ACTIVE", 1, &patient).await.map(drop),
        "ListTasks" => client.list_tasks("a", "b", &patient).await.map(drop),
        "RegisterTaskDefinition" => {
            client.register_task_definition(&node(json!({})), &patient).await.map(drop)
        }
        "TagResource" => client.tag_resource("a", &[].into(), &patient).await.map(drop),
        "UntagResource" => client.untag_resource("a", &one, &patient).await.map(drop),
        "UpdateService" => client.update_service("a", "b", "c", true, &patient).await.map(drop),
        other => panic!("nobody calls {other}"),
    }
}

#[tokio::test]
async fn every_call_has_its_own_name_on_the_wire_in_the_log_and_in_an_error() {
    for operation in OPERATIONS {
        let endpoint = Endpoint::start([ok("{}"), error(400, "AccessDeniedException", "no")]).await;
        let client = client(configuration(&endpoint)).await;
        let written = Everything::default();
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(written.clone()));
        call(&client, operation).await.unwrap();
        let denied = call(&client, operation).await.unwrap_err();
        drop(guard);

        let requests = endpoint.requests();
        assert_eq!(requests.len(), 2, "{operation}");
        for request in &requests {
            let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
            assert_eq!(request.header("x-amz-target"), target);
            assert!(request.header("authorization").contains(";x-amz-target"), "{operation} is not signed");
            assert_eq!(signature::of(request, "secretexample"), signature::claimed_by(request));
            assert!(!request.header("user-agent").contains("ListClusters"), "{request:?}");
        }
        assert_eq!(denied.operation, operation);
        assert_eq!(denied.required_actions()[0], format!("ecs:{operation}"));
        assert_eq!(written.operations(), [operation; 2]);
    }
}
