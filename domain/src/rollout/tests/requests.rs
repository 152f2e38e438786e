//! What is wrong with a request is said, all of it at once, and the waves are those that were asked for.

use std::time::Duration;

use super::super::{
    Home, OnFailure, Place, Plan, Request, ServiceId, TaskDefinitionArn, WaveRequest, Weight,
};

const MINUTE: Duration = Duration::from_secs(60);

fn arn(revision: u64) -> String {
    format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:{revision}")
}

fn request(keys: &[&str], waves: Vec<WaveRequest>) -> Request {
    Request {
        services: keys.iter().map(|key| ((*key).to_owned(), Some(arn(2)))).collect(),
        cluster: Some("prod".to_owned()),
        waves,
        max_concurrent: 10,
        max_failures: 0,
        on_failure: OnFailure::Stop,
        timeout: 60 * MINUTE,
        home: Home {
            partition: "aws".to_owned(),
            region: "eu-west-1".to_owned(),
            account: "123456789012".to_owned(),
        },
    }
}

fn keys(keys: &[&str]) -> WaveRequest {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    WaveRequest { services: Some(keys), ..WaveRequest::default() }
}

fn percent(percent: i64) -> WaveRequest {
    WaveRequest { percent: Some(percent), ..WaveRequest::default() }
}

/// Place and summary of everything that is wrong.
fn problems(request: &Request) -> Vec<(Place, String)> {
    let (plan, problems) = request.plan();
    let is_error = problems.iter().any(|problem| problem.weight == Weight::Error);
    assert_eq!(plan.is_none(), is_error, "{problems:?}");
    problems.into_iter().map(|problem| (problem.place, problem.summary)).collect()
}

fn waves(request: &Request) -> Vec<Vec<String>> {
    let (plan, problems) = request.plan();
    let plan: Plan = plan.unwrap_or_else(|| panic!("{problems:?}"));
    plan.waves.into_iter().map(|wave| wave.keys).collect()
}

#[test]
fn without_a_wave_all_move_at_once() {
    assert_eq!(waves(&request(&["a", "b"], vec![])), [["a", "b"]]);
}

#[test]
fn percents_count_what_moved_before_and_leave_out_whom_a_wave_names() {
    let all = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let asked = request(&all, vec![keys(&["d"]), percent(25), percent(75), keys(&["a"]), percent(100)]);
    assert_eq!(waves(&asked), [vec!["d"], vec!["b"], vec!["c", "e", "f", "g"], vec!["a"], vec!["h"]]);
    let odd = request(&["a", "b", "c"], vec![percent(1), percent(34), percent(100)]);
    assert_eq!(waves(&odd), [vec!["a"], vec!["b"], vec!["c"]], "rounded up");
}

#[test]
fn a_percentage_that_adds_nobody_is_a_warning() {
    let asked = request(&["a"], vec![keys(&["a"]), percent(50), percent(100)]);
    let (plan, problems) = asked.plan();
    assert!(plan.is_some());
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.weight == Weight::Warning));
}

#[test]
fn every_mistake_has_its_place() {
    let found = |asked: &Request| problems(asked).into_iter().map(|(place, _)| place).collect::<Vec<_>>();
    assert_eq!(found(&request(&[], vec![])), [Place::Services]);
    assert_eq!(found(&request(&["a", "b"], vec![keys(&["a"]), keys(&["a", "b"])])), [Place::WaveServices(1)]);
    assert_eq!(found(&request(&["a", "b"], vec![keys(&["a"])])), [Place::Services], "b is left");
    assert_eq!(found(&request(&["a"], vec![keys(&[]), percent(100)])), [Place::WaveServices(0)]);
    assert_eq!(found(&request(&["a"], vec![keys(&["a", "x"])])), [Place::WaveServices(0)]);
    assert_eq!(found(&request(&["a"], vec![WaveRequest::default(), percent(100)])), [Place::Wave(0)]);
    let both = WaveRequest { percent: Some(100), ..keys(&["a"]) };
    assert_eq!(found(&request(&["a"], vec![both])), [Place::Wave(0)]);
    assert_eq!(
        found(&request(&["a", "b"], vec![percent(101), percent(0)])),
        [Place::Percent(0), Place::Percent(1)]
    );
    assert_eq!(
        found(&request(&["a", "b", "c"], vec![percent(60), percent(50), percent(100)])),
        [Place::Percent(1)]
    );
    assert_eq!(found(&request(&["a", "b"], vec![percent(100), keys(&["b"])])), [Place::Percent(0)]);
    let numbers = Request { max_concurrent: 0, max_failures: -1, ..request(&["a"], vec![]) };
    assert_eq!(found(&numbers), [Place::MaxConcurrent, Place::MaxFailures]);
}

#[test]
fn a_bake_time_beyond_the_timeout_is_an_error() {
    let week = WaveRequest { bake_time: 7 * 24 * 60 * MINUTE, ..percent(100) };
    assert_eq!(problems(&request(&["a"], vec![week]))[0].0, Place::BakeTime(0));
    let for_ever = WaveRequest { bake_time: Duration::MAX, ..percent(50) };
    let asked = request(&["a", "b"], vec![for_ever.clone(), WaveRequest { percent: Some(100), ..for_ever }]);
    assert!(matches!(problems(&asked)[0].0, Place::BakeTime(_)));
    let hour = WaveRequest { bake_time: 60 * MINUTE, ..percent(100) };
    assert_eq!(problems(&request(&["a"], vec![hour])), []);
}

#[test]
fn services_and_task_definitions_of_another_place_are_errors() {
    let mut asked = request(&["a"], vec![]);
    let summary = |asked: &Request| problems(asked)[0].1.clone();
    for wrong in [
        "arn:aws:ecs:eu-west-1:210987654321:task-definition/shop:2",
        "arn:aws:ecs:us-east-1:123456789012:task-definition/shop:2",
        "arn:aws-cn:ecs:eu-west-1:123456789012:task-definition/shop:2",
    ] {
        asked.services.insert("a".to_owned(), Some(wrong.to_owned()));
        assert_eq!(summary(&asked), "A task definition of another place", "{wrong}");
    }
    for wrong in [
        "",
        "shop:2",
        "shop",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop",
        "arn:aws:ecs:eu-west-1:123456789012:service/prod/a",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:0",
    ] {
        asked.services.insert("a".to_owned(), Some(wrong.to_owned()));
        assert_eq!(summary(&asked), "Not the ARN of a task definition", "{wrong}");
    }
    let other = request(&["arn:aws:ecs:us-east-1:123456789012:service/prod/a"], vec![]);
    assert_eq!(summary(&other), "A service of another place");
    for wrong in
        ["", "a/b/c", "a b", "arn:aws:iam::1:role/x", "arn:aws:ecs:eu-west-1:123456789012:cluster/prod"]
    {
        assert_eq!(summary(&request(&[wrong], vec![])), "Not a service", "{wrong}");
    }
}

#[test]
fn one_service_under_two_keys_is_an_error() {
    let arn = "arn:aws:ecs:eu-west-1:123456789012:service/prod/a";
    assert_eq!(problems(&request(&["a", "prod/a", "other/a"], vec![])).len(), 1);
    assert_eq!(problems(&request(&["a", arn], vec![]))[0].1, "One service under two keys");
}

#[test]
fn a_service_is_named_in_every_usual_way() {
    let read = |text: &str, cluster: Option<&str>| {
        ServiceId::parse(text, cluster).map(|(id, _)| id.to_string()).unwrap_or_default()
    };
    assert_eq!(read("orders", None), "default/orders");
    assert_eq!(read("orders", Some("arn:aws:ecs:eu-west-1:123456789012:cluster/prod")), "prod/orders");
    assert_eq!(read("arn:aws:ecs:eu-west-1:123456789012:service/orders", Some("prod")), "prod/orders");
    assert_eq!(read("arn:aws:ecs:eu-west-1:123456789012:service/live/orders", Some("prod")), "live/orders");
}

#[test]
fn only_an_older_revision_of_the_same_family_is_older() {
    let parse = |text: &str| TaskDefinitionArn::parse(text).unwrap();
    let (old, new) = (parse(&arn(2)), parse(&arn(10)));
    assert!(old.is_older_than(&new) && !new.is_older_than(&old) && !old.is_older_than(&old));
    let other = parse("arn:aws:ecs:eu-west-1:123456789012:task-definition/cart:11");
    assert!(!old.is_older_than(&other));
}

#[test]
fn the_least_time_is_bake_times_and_the_rate_of_update_service() {
    let names: Vec<String> = (0..300).map(|number| format!("s{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let waves = vec![WaveRequest { bake_time: MINUTE, ..percent(10) }, percent(100)];
    let plan = request(&names, waves).plan().0.unwrap();
    assert_eq!(plan.least_duration(300), Duration::from_secs(60 + 50));
    assert_eq!(plan.least_duration(0), MINUTE);
}
