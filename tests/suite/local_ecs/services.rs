//! Clusters, services, their deployments and tasks.

use std::time::Duration;

use serde_json::{Value, json};

use super::endpoint::{Ending, LocalEcs, Outcome, Subject};
use super::post;

const REGION: &str = "eu-west-1";

fn act(server: &LocalEcs, operation: &str, body: Value) -> Value {
    server.act(REGION, operation, &body).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
}

fn refused(server: &LocalEcs, operation: &str, body: Value) -> String {
    server.act(REGION, operation, &body).expect_err("it was accepted")
}

/// Registers a revision for EC2 in bridge mode, and answers its ARN.
fn register(server: &LocalEcs, family: &str) -> String {
    let container = json!({"name": "app", "image": "app:1", "memory": 64});
    let answer =
        act(server, "RegisterTaskDefinition", json!({"family": family, "containerDefinitions": [container]}));
    answer["taskDefinition"]["taskDefinitionArn"].as_str().unwrap().to_owned()
}

/// A cluster `prod` whose service `web` runs the first of two revisions completely; both revisions' ARNs.
fn deployed(server: &LocalEcs, configuration: Value) -> [String; 2] {
    let arns = [register(server, "web"), register(server, "web")];
    act(server, "CreateCluster", json!({"clusterName": "prod"}));
    server.deployments_of(Subject::All, Outcome::new(Ending::Succeeds, Duration::ZERO));
    let service = json!({"cluster": "prod", "serviceName": "web", "taskDefinition": arns[0], "desiredCount": 2,
                         "deploymentConfiguration": configuration});
    act(server, "CreateService", service);
    arns
}

fn update(server: &LocalEcs, arn: &str) -> Value {
    act(server, "UpdateService", json!({"cluster": "prod", "service": "web", "taskDefinition": arn}))["service"].clone()
}

fn service(server: &LocalEcs) -> Value {
    act(server, "DescribeServices", json!({"cluster": "prod", "services": ["web"]}))["services"][0].clone()
}

/// Every deployment of the service as it is described, the newest first.
fn deployments(server: &LocalEcs) -> Vec<Value> {
    let listed = act(server, "ListServiceDeployments", json!({"cluster": "prod", "service": "web"}));
    let arns: Vec<&Value> = listed["serviceDeployments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["serviceDeploymentArn"])
        .collect();
    let described = act(server, "DescribeServiceDeployments", json!({"serviceDeploymentArns": arns}));
    assert_eq!(described["failures"], json!([]));
    described["serviceDeployments"].as_array().unwrap().clone()
}

fn task_definition_of(server: &LocalEcs, revision: &Value) -> Value {
    let described = act(server, "DescribeServiceRevisions", json!({"serviceRevisionArns": [revision]}));
    described["serviceRevisions"][0]["taskDefinition"].clone()
}

/// Revisions and states of the service's `deployments`.
fn rollouts(service: &Value) -> Vec<(Value, Value, Value)> {
    let rollouts = service["deployments"].as_array().unwrap().iter();
    rollouts
        .map(|it| (it["status"].clone(), it["taskDefinition"].clone(), it["rolloutState"].clone()))
        .collect()
}

/// Lets time pass until the newest deployment is over, and describes it.
fn over(server: &LocalEcs) -> Value {
    server.set_speed(1e6);
    loop {
        let newest = deployments(server).remove(0);
        let status = newest["status"].as_str().unwrap();
        if ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].contains(&status) {
            return newest;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

const AN_HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_deployment_goes_on_with_the_time_of_the_endpoint() {
    let server = LocalEcs::start();
    let [first, second] = deployed(&server, json!({}));
    assert_eq!(rollouts(&service(&server)), [(json!("PRIMARY"), json!(first), json!("COMPLETED"))]);
    server.deployments_of(Subject::Service("web".to_owned()), Outcome::new(Ending::Succeeds, AN_HOUR));
    let updated = update(&server, &second);
    assert_eq!(updated["taskDefinition"], json!(second));
    let both = [
        (json!("PRIMARY"), json!(second), json!("IN_PROGRESS")),
        (json!("ACTIVE"), json!(first), json!("COMPLETED")),
    ];
    assert_eq!(rollouts(&updated), both);
    let begun = deployments(&server).remove(0);
    assert_eq!((&begun["status"], begun.get("finishedAt")), (&json!("PENDING"), None));
    assert_eq!(updated["currentServiceDeployment"], begun["serviceDeploymentArn"]);
    assert_eq!(task_definition_of(&server, &begun["sourceServiceRevisions"][0]["arn"]), json!(first));
    assert_eq!(task_definition_of(&server, &begun["targetServiceRevision"]["arn"]), json!(second));
    let ended = over(&server);
    assert_eq!((&ended["status"], ended["finishedAt"].is_number()), (&json!("SUCCESSFUL"), true));
    assert_eq!(rollouts(&service(&server)), [(json!("PRIMARY"), json!(second), json!("COMPLETED"))]);
    assert!(service(&server).get("currentServiceDeployment").is_none());
}

#[test]
fn what_is_deployed_already_is_no_deployment_unless_it_is_forced() {
    let server = LocalEcs::start();
    let [first, _] = deployed(&server, json!({}));
    update(&server, &first);
    assert_eq!(deployments(&server).len(), 1);
    act(&server, "UpdateService", json!({"cluster": "prod", "service": "web", "forceNewDeployment": true}));
    assert_eq!(deployments(&server).len(), 2);
}

#[test]
fn failing_tasks_end_a_deployment_as_the_service_has_it() {
    for (breaker, alarms, ending, status, runs) in [
        (json!({"enable": true, "rollback": true}), json!({}), Ending::TasksFail, "ROLLBACK_SUCCESSFUL", 0),
        (json!({"enable": true, "rollback": true}), json!({}), Ending::RollbackFails, "ROLLBACK_FAILED", 0),
        (json!({"enable": true, "rollback": false}), json!({}), Ending::TasksFail, "STOPPED", 1),
        (
            json!({}),
            json!({"enable": true, "rollback": true, "alarmNames": ["slow"]}),
            Ending::Alarm,
            "ROLLBACK_SUCCESSFUL",
            0,
        ),
        (json!({}), json!({"enable": false, "alarmNames": ["slow"]}), Ending::Alarm, "SUCCESSFUL", 1),
    ] {
        let server = LocalEcs::start();
        let configuration = json!({"deploymentCircuitBreaker": breaker, "alarms": alarms});
        let arns = deployed(&server, configuration.clone());
        server.deployments_of(Subject::TaskDefinition(arns[1].clone()), Outcome::new(ending, AN_HOUR));
        update(&server, &arns[1]);
        let ended = over(&server);
        assert_eq!(ended["status"], json!(status), "{configuration}");
        let now = service(&server);
        assert_eq!(now["taskDefinition"], json!(arns[runs]), "{configuration}");
        if status == "ROLLBACK_SUCCESSFUL" {
            assert_eq!(task_definition_of(&server, &ended["rollback"]["serviceRevisionArn"]), json!(arns[0]));
            assert_eq!(rollouts(&now), [(json!("PRIMARY"), json!(arns[0]), json!("COMPLETED"))]);
        }
        let [watched, guarded] = ["alarms", "deploymentCircuitBreaker"].map(|guard| &ended[guard]["status"]);
        assert_eq!(
            (ending == Ending::Alarm && status != "SUCCESSFUL"),
            watched == &json!("TRIGGERED"),
            "{watched}"
        );
        assert_eq!(ending != Ending::Alarm, guarded == &json!("TRIGGERED"), "{guarded}");
    }
}

#[test]
fn without_a_guard_a_failing_deployment_goes_on_until_another_one_begins() {
    let server = LocalEcs::start();
    let [first, second] = deployed(&server, json!({}));
    server.deployments_of(Subject::All, Outcome::new(Ending::TasksFail, Duration::ZERO));
    update(&server, &second);
    let failing = deployments(&server).remove(0);
    assert_eq!(
        (&failing["status"], &failing["deploymentCircuitBreaker"]["failureCount"]),
        (&json!("IN_PROGRESS"), &json!(10))
    );
    update(&server, &first);
    let [newest, stopped, _] = &deployments(&server)[..] else { panic!("three deployments") };
    assert_eq!(stopped["status"], json!("STOPPED"));
    let sources: Vec<Value> = newest["sourceServiceRevisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| task_definition_of(&server, &source["arn"]))
        .collect();
    assert_eq!(sources, [json!(first), json!(second)]);
}

#[test]
fn a_deployment_is_stopped_on_request_with_or_without_a_rollback() {
    for (how, status, runs) in [("ROLLBACK", "ROLLBACK_SUCCESSFUL", 0), ("ABORT", "STOPPED", 1)] {
        let server = LocalEcs::start();
        let arns = deployed(&server, json!({}));
        server.deployments_of(Subject::All, Outcome::new(Ending::Hangs, AN_HOUR));
        update(&server, &arns[1]);
        let stop =
            json!({"serviceDeploymentArn": deployments(&server)[0]["serviceDeploymentArn"], "stopType": how});
        act(&server, "StopServiceDeployment", stop.clone());
        assert_eq!(over(&server)["status"], json!(status));
        assert_eq!(service(&server)["taskDefinition"], json!(arns[runs]));
        assert!(refused(&server, "StopServiceDeployment", stop).starts_with("ConflictException"));
    }
}

#[test]
fn an_update_is_refused_as_ecs_refuses_it() {
    let server = LocalEcs::start();
    let [first, second] = deployed(&server, json!({}));
    act(&server, "DeregisterTaskDefinition", json!({"taskDefinition": second}));
    let fargate = json!({"family": "fargate", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
                         "memory": "512", "containerDefinitions": [{"name": "app", "image": "app:1"}]});
    act(&server, "RegisterTaskDefinition", fargate);
    let balanced = json!([{"containerName": "app", "containerPort": 80}]);
    for (name, further) in [
        ("blue-green", json!({"deploymentController": {"type": "CODE_DEPLOY"}, "taskDefinition": first})),
        ("external", json!({"deploymentController": {"type": "EXTERNAL"}})),
        ("gone", json!({"taskDefinition": first})),
        ("balanced", json!({"taskDefinition": first, "loadBalancers": balanced})),
        (
            "on-fargate",
            json!({"taskDefinition": "fargate:1", "launchType": "FARGATE",
                              "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}}),
        ),
    ] {
        let mut body = json!({"cluster": "prod", "serviceName": name});
        body.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        act(&server, "CreateService", body);
    }
    act(&server, "DeleteService", json!({"cluster": "prod", "service": "gone"}));
    let other = json!({"family": "other", "containerDefinitions": [{"name": "other", "image": "app:1", "memory": 64}]});
    act(&server, "RegisterTaskDefinition", other);
    for (cluster, service, arn, told) in [
        ("prod", "web", "web:2", "ClientException: TaskDefinition is inactive"),
        ("prod", "web", "web:9", "ClientException: TaskDefinition not found."),
        (
            "prod",
            "web",
            "fargate:1",
            "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
        (
            "prod",
            "on-fargate",
            "web:1",
            "InvalidParameterException: Task definition does not support launch_type FARGATE.",
        ),
        (
            "prod",
            "balanced",
            "other:1",
            "InvalidParameterException: The container app does not exist in the task definition.",
        ),
        (
            "prod",
            "blue-green",
            "web:1",
            "InvalidParameterException: Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.",
        ),
        (
            "prod",
            "external",
            "web:1",
            "InvalidParameterException: Unable to update task definition on services with an EXTERNAL deployment controller.",
        ),
        ("prod", "gone", "web:1", "ServiceNotActiveException: Service was not ACTIVE."),
        ("prod", "nobody", "web:1", "ServiceNotFoundException: Service not found."),
        ("test", "web", "web:1", "ClusterNotFoundException: Cluster not found."),
    ] {
        let body = json!({"cluster": cluster, "service": service, "taskDefinition": arn});
        assert_eq!(refused(&server, "UpdateService", body), told);
    }
    assert_eq!(deployments(&server).len(), 1);
}

#[test]
fn lists_come_in_pages_and_what_is_not_there_is_a_failure() {
    let server = LocalEcs::start();
    assert_eq!(act(&server, "ListClusters", json!({})), json!({"clusterArns": []}));
    let [first, _] = deployed(&server, json!({}));
    for number in 0..11 {
        let service =
            json!({"cluster": "prod", "serviceName": format!("more-{number}"), "taskDefinition": first});
        act(&server, "CreateService", service);
    }
    let page = act(&server, "ListServices", json!({"cluster": "prod"}));
    assert_eq!(page["serviceArns"].as_array().unwrap().len(), 10);
    let rest = act(&server, "ListServices", json!({"cluster": "prod", "nextToken": page["nextToken"]}));
    assert_eq!((rest["serviceArns"].as_array().unwrap().len(), rest.get("nextToken")), (2, None));
    let described =
        act(&server, "DescribeServices", json!({"cluster": "prod", "services": ["web", "nobody"]}));
    let missing = "arn:aws:ecs:eu-west-1:123456789012:service/prod/nobody";
    assert_eq!(described["failures"], json!([{"arn": missing, "reason": "MISSING"}]));
    assert_eq!(
        described["services"][0]["serviceArn"],
        json!("arn:aws:ecs:eu-west-1:123456789012:service/prod/web")
    );
    let eleven = vec!["web"; 11];
    assert!(
        refused(&server, "DescribeServices", json!({"cluster": "prod", "services": eleven}))
            .starts_with("InvalidParameter")
    );
}

#[test]
fn tasks_are_those_of_services_and_those_that_were_run() {
    let server = LocalEcs::start();
    let [first, second] = deployed(&server, json!({}));
    let task =
        act(&server, "RunTask", json!({"cluster": "prod", "taskDefinition": second}))["tasks"][0]["taskArn"]
            .clone();
    let listed = |further: Value| {
        let mut body = json!({"cluster": "prod"});
        body.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        act(&server, "ListTasks", body)["taskArns"].as_array().unwrap().clone()
    };
    assert_eq!(listed(json!({"family": "web"})).len(), 3);
    assert_eq!(listed(json!({"serviceName": "web"})).len(), 2);
    assert_eq!(listed(json!({"family": "we"})).len(), 0);
    let described = act(&server, "DescribeTasks", json!({"cluster": "prod", "tasks": listed(json!({}))}));
    let of: Vec<&Value> =
        described["tasks"].as_array().unwrap().iter().map(|it| &it["taskDefinitionArn"]).collect();
    assert_eq!(of, [&json!(second), &json!(first), &json!(first)]);
    act(&server, "StopTask", json!({"cluster": "prod", "task": task}));
    assert_eq!(listed(json!({})).len(), 2);
    assert_eq!(listed(json!({"desiredStatus": "STOPPED"})), [task]);
}

#[tokio::test]
async fn the_control_url_says_how_deployments_go() {
    let server = LocalEcs::start();
    let [_, second] =
        deployed(&server, json!({"deploymentCircuitBreaker": {"enable": true, "rollback": false}}));
    let outcome = json!({"service": "web", "outcome": "tasks-fail", "seconds": 0}).to_string();
    assert_eq!(post(&server, "/_control/outcomes", &[], &outcome).await.0, 200);
    assert_eq!(post(&server, "/_control/outcomes", &[], r#"{"outcome": "explodes"}"#).await.0, 400);
    update(&server, &second);
    assert_eq!(deployments(&server)[0]["status"], json!("STOPPED"));
}
