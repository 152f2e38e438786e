//! Which kind of failure an answer is.

use ddrofs::ecs_client::{Configuration, EcsError, ErrorKind};
use serde_json::json;

use super::endpoint::{Answer, Endpoint, error, ok};
use super::{client, configuration, node, patient};

/// The error of one call without repeats.
async fn describe(answer: Answer) -> EcsError {
    let endpoint = Endpoint::start([answer]).await;
    let configuration = Configuration { max_retries: Some(0), ..configuration(&endpoint) };
    client(configuration).await.describe_task_definition("web", &patient()).await.unwrap_err()
}

async fn register(answer: Answer) -> EcsError {
    let endpoint = Endpoint::start([answer]).await;
    let configuration = Configuration { max_retries: Some(0), ..configuration(&endpoint) };
    client(configuration)
        .await
        .register_task_definition(&node(json!({ "family": "web" })), &patient())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn the_code_decides_wherever_it_stands() {
    let namespaced = "com.amazonaws.ecs#AccessDeniedException";
    for (answer, kind, code) in [
        (error(400, "AccessDeniedException", "no"), ErrorKind::AccessDenied, "AccessDeniedException"),
        (error(400, namespaced, "no"), ErrorKind::AccessDenied, "AccessDeniedException"),
        (error(403, "AccessDenied", "no"), ErrorKind::AccessDenied, "AccessDenied"),
        (error(400, "ThrottlingException", "Rate exceeded"), ErrorKind::Throttled, "ThrottlingException"),
        (error(400, "LimitExceededException", "50 tags"), ErrorKind::LimitExceeded, "LimitExceededException"),
        (error(400, "InvalidParameterException", "bad"), ErrorKind::Rejected, "InvalidParameterException"),
        (error(400, "ClientException", "bad"), ErrorKind::Rejected, "ClientException"),
        (error(400, "ExpiredTokenException", "old"), ErrorKind::ExpiredCredentials, "ExpiredTokenException"),
        (
            error(400, "UnrecognizedClientException", "who"),
            ErrorKind::UnknownKey,
            "UnrecognizedClientException",
        ),
        // A revision is gone only where ECS says so of it.
        (error(400, "ClusterNotFoundException", "gone"), ErrorKind::Other, "ClusterNotFoundException"),
        (error(500, "ServerException", "oops"), ErrorKind::ServerError, "ServerException"),
        (error(400, "NeverHeardOf", "?"), ErrorKind::Other, "NeverHeardOf"),
    ] {
        let failed = describe(answer).await;
        assert_eq!((failed.kind, failed.code.as_deref()), (kind, Some(code)), "{failed}");
        assert_eq!(failed.operation, "DescribeTaskDefinition");
    }
    let in_header =
        Answer::without_type(400).with_header("x-amzn-errortype", "ThrottlingException:http://x/");
    assert_eq!(describe(in_header).await.kind, ErrorKind::Throttled);
}

#[tokio::test]
async fn message_and_request_id_of_the_service_are_kept() {
    let answer = error(400, "ClientException", "Role is not valid")
        .with_header("x-amzn-requestid", "5ab1f6e4-0000-4000-8000-000000000001");
    let failed = describe(answer).await;
    assert_eq!(failed.message, "Role is not valid");
    assert_eq!(failed.kind, ErrorKind::RoleNotValid);
    assert_eq!(failed.request_id.as_deref(), Some("5ab1f6e4-0000-4000-8000-000000000001"));
    assert_eq!(
        failed.to_string(),
        "DescribeTaskDefinition: Role is not valid \
         (ClientException, HTTP status 400, request id 5ab1f6e4-0000-4000-8000-000000000001)"
    );
}

#[tokio::test]
async fn only_the_one_sentence_of_ecs_means_that_a_task_definition_is_gone() {
    let sentence = "Unable to describe task definition.";
    assert_eq!(describe(error(400, "ClientException", sentence)).await.kind, ErrorKind::NotFound);
    assert_eq!(describe(error(400, "AccessDeniedException", sentence)).await.kind, ErrorKind::AccessDenied);
    assert_eq!(describe(error(400, "ThrottlingException", sentence)).await.kind, ErrorKind::Throttled);
    assert_eq!(describe(error(400, "ClientException", "Unable to describe")).await.kind, ErrorKind::Rejected);
    assert_eq!(register(error(400, "ClientException", sentence)).await.kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn a_denied_call_names_the_actions_it_needs() {
    let denied = register(error(400, "AccessDeniedException", "not authorized")).await;
    assert_eq!(denied.required_actions()[..2], ["ecs:RegisterTaskDefinition", "iam:PassRole"]);
    let denied = describe(error(400, "AccessDeniedException", "not authorized")).await;
    assert_eq!(denied.required_actions(), ["ecs:DescribeTaskDefinition"]);
    assert!(describe(error(400, "ClientException", "bad")).await.required_actions().is_empty());
}

#[tokio::test]
async fn a_registration_whose_fate_is_unknown_is_ambiguous() {
    assert_eq!(register(error(500, "ServerException", "oops")).await.kind, ErrorKind::Ambiguous);
    assert_eq!(register(error(503, "ServiceUnavailable", "later")).await.kind, ErrorKind::Ambiguous);
    let endpoint = Endpoint::start_resetting().await;
    let client = client(configuration(&endpoint)).await;
    let failed =
        client.register_task_definition(&node(json!({ "value": "hunter2" })), &patient()).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Ambiguous, "{failed}");
    assert_eq!(endpoint.requests().len(), 1);
    assert!(!format!("{failed} {failed:?}").contains("hunter2"));
}

#[tokio::test]
async fn an_endpoint_nobody_listens_on_is_unreachable_soon_and_never_ambiguous() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let mut configuration = configuration(&endpoint);
    // The port of a listener that is gone again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    configuration.endpoints.ecs = Some(format!("http://127.0.0.1:{port}"));
    let client = client(configuration).await;
    let started = std::time::Instant::now();
    let failed = client.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Unreachable, "{failed}");
    assert_eq!(
        client.describe_task_definition("web", &patient()).await.unwrap_err().kind,
        ErrorKind::Unreachable
    );
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
