//! A thousand services that move at the request rates of ECS, and a wave of them that fails and goes back.
//!
//! The local ECS endpoint has ECS's own buckets, and refuses what is beyond them. A thousand calls of UpdateService take
//! three minutes at five a second, so the clock of the endpoint and of the provider goes faster.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::applied::Endpoint;
use super::terraform::Workspace;
use super::watch::{Usage, watch_any};

/// Services of the fleet, each of a family of its own.
const SERVICES: u32 = 1_000;

/// How fast the clock goes. At 20 times, the token that is kept back of 20 a second is worth 2.5 ms, less than a busy machine
/// takes to wake a task.
const SPEED: &str = "5";

/// The waves, as numbers of services: the second one fails.
const WAVES: [u32; 3] = [100, 600, 1_000];

/// A service of the second wave whose deployment fails, after half of the wave.
const FAILS: &str = "s0350";

/// What the rollout costs, and what it leaves behind.
pub(super) struct Moves {
    /// Of the provider process whose wave failed and went back, and of the one that moved the rest afterwards.
    pub(super) applies: [Usage; 2],
    /// Attempts that were refused for the rate.
    pub(super) throttled: u64,
    /// Services that are not where their wave should have left them: the first wave moved, everybody else is where it was.
    pub(super) misplaced: u64,
}

/// Fails in the second wave, and goes on to the end.
pub(super) fn measure(workspace: &Workspace) -> Result<Moves, Box<dyn Error>> {
    let folder = tempfile::tempdir_in(workspace.scratch())?;
    let endpoint = Endpoint::start(workspace.provider(), &["--speed", SPEED])?;
    let fleet = Fleet::create(&endpoint, SERVICES)?;
    let percent = |count: u32| count * 100 / SERVICES;
    let waves = WAVES.map(|count| format!("  wave {{\n    percent = {}\n  }}\n", percent(count))).concat();
    let rest = format!("{waves}  max_concurrent = 200\n  on_failure = \"rollback\"\n");
    std::fs::write(folder.path().join("main.tf"), fleet.rollout(&endpoint, &rest))?;
    endpoint.control("POST", "outcomes", &json!({"outcome": "succeeds", "seconds": 20}).to_string())?;
    let fails = json!({"service": FAILS, "outcome": "tasks-fail", "seconds": 20});
    endpoint.control("POST", "outcomes", &fails.to_string())?;
    endpoint.control("POST", "rates", r#"{"on": true}"#)?;
    endpoint.control("DELETE", "requests", "")?;
    let apply = || {
        let apply = ["apply", "-auto-approve", "-input=false", "-no-color"];
        watch_any(workspace.start_in(folder.path(), &apply, SPEED.parse()?)?, workspace.provider())
    };
    let (failed, ended) = apply()?;
    if ended.success() {
        return Err("the wave that was to fail did not".into());
    }
    let throttled = endpoint.throttled()?;
    endpoint.control("POST", "rates", r#"{"on": false}"#)?;
    let has = fleet.has(&endpoint)?;
    let misplaced = fleet.names.iter().enumerate().filter(|(number, name)| {
        let is_of_the_first = *number < WAVES[0] as usize;
        let expected = fleet.revision(name, if is_of_the_first { 2 } else { 1 });
        has.get(*name) != Some(&expected)
    });
    let misplaced = misplaced.count() as u64;
    endpoint.control("POST", "outcomes", &json!({"outcome": "succeeds", "seconds": 20}).to_string())?;
    endpoint.control("POST", "rates", r#"{"on": true}"#)?;
    endpoint.control("DELETE", "requests", "")?;
    let (moved, ended) = apply()?;
    if !ended.success() {
        return Err(format!("the rest of the rollout: {}", complaint(folder.path())).into());
    }
    Ok(Moves { applies: [failed, moved], throttled: throttled + endpoint.throttled()?, misplaced })
}

pub(super) fn complaint(folder: &std::path::Path) -> String {
    std::fs::read_to_string(folder.join("stderr.txt")).unwrap_or_default().chars().take(2_000).collect()
}

/// Services at the endpoint, in the cluster `prod`, each on revision 1 of a family of its name. There is a revision 2.
pub(super) struct Fleet {
    pub(super) names: Vec<String>,
}

impl Fleet {
    pub(super) fn create(endpoint: &Endpoint, count: u32) -> Result<Self, Box<dyn Error>> {
        let fleet = Self { names: (0..count).map(|number| format!("s{number:0>4}")).collect() };
        endpoint.act("CreateCluster", &json!({"clusterName": "prod"}))?;
        for name in &fleet.names {
            let container = json!({"name": "app", "image": "app:1", "memory": 64});
            let body = json!({"family": name, "containerDefinitions": [container]});
            endpoint.act("RegisterTaskDefinition", &body)?;
            endpoint.act("RegisterTaskDefinition", &body)?;
            let breaker = json!({"deploymentCircuitBreaker": {"enable": true, "rollback": true}});
            let body = json!({"cluster": "prod", "serviceName": name, "taskDefinition": format!("{name}:1"),
                              "desiredCount": 1, "deploymentConfiguration": breaker});
            endpoint.act("CreateService", &body)?;
        }
        Ok(fleet)
    }

    pub(super) fn revision(&self, name: &str, revision: u32) -> String {
        format!("arn:aws:ecs:eu-central-1:123456789012:task-definition/{name}:{revision}")
    }

    /// A rollout of all of them to revision 2.
    fn rollout(&self, endpoint: &Endpoint, rest: &str) -> String {
        let mut text = super::configurations::provider_at(&endpoint.url);
        text.push_str("resource \"ddrofs_ecs_rollout\" \"prod\" {\n  cluster = \"prod\"\n  services = {\n");
        for name in &self.names {
            // A text can always be written to.
            let _ = writeln!(text, "    {name} = \"{}\"", self.revision(name, 2));
        }
        let _ = writeln!(text, "  }}\n{rest}}}");
        text
    }

    /// The task definition of each service.
    fn has(&self, endpoint: &Endpoint) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
        let mut has = BTreeMap::new();
        for names in self.names.chunks(10) {
            let answer = endpoint.act("DescribeServices", &json!({"cluster": "prod", "services": names}))?;
            let text = |service: &Value, key: &str| service[key].as_str().unwrap_or_default().to_owned();
            let services = answer["services"].as_array().into_iter().flatten();
            has.extend(
                services.map(|service| (text(service, "serviceName"), text(service, "taskDefinition"))),
            );
        }
        Ok(has)
    }
}
