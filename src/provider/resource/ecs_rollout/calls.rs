//! The looks and calls of a rollout, each answered with what `rollout` is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::Semaphore;

use crate::ecs::Arn;
use crate::ecs_client::{
    Controller, Deployment as EcsDeployment, EcsClient, EcsError, Ended, ErrorKind, Fitness, Patience,
    Service,
};
use crate::ordered::ordered;
use crate::rollout::{Deployment, Event, Home, Plan, ServiceId, Sight, TaskDefinitionArn};

/// How many of a service's newest deployments are described: what is older cannot matter for a move that begins now.
const DESCRIBED: usize = 3;

/// How many looks are made at a time. More of them together would all end late, because the rate of reads is the same for all;
/// of what the first ones show, the calls are made while the next ones look.
const LOOKS_AT_A_TIME: usize = 4;

/// Calls ECS for one rollout.
pub(super) struct Calls {
    pub(super) client: Arc<EcsClient>,
    pub(super) patience: Patience,
    pub(super) plan: Plan,
    /// Keys of services that may be moved.
    pub(super) moving: BTreeSet<String>,
    /// Task definitions of service revisions, which never change.
    revisions: Mutex<BTreeMap<String, String>>,
    definitions: Mutex<BTreeMap<String, Fitness>>,
    /// Whose turn it is to look.
    looks: Semaphore,
}

/// What a call came to.
#[derive(Default)]
pub(super) struct Told {
    pub(super) events: Vec<(String, Event)>,
    /// What ended a call before its answer.
    pub(super) ended: Option<Ended>,
    /// An error that is about more than one service.
    pub(super) error: Option<EcsError>,
}

/// What is known of a service.
#[derive(Debug, Clone)]
pub(super) enum Found {
    There(Box<Service>),
    Missing,
    Error(String),
}

impl Calls {
    pub(super) fn new(
        client: Arc<EcsClient>,
        patience: Patience,
        plan: Plan,
        moving: BTreeSet<String>,
    ) -> Self {
        Self {
            client,
            patience,
            plan,
            moving,
            revisions: Mutex::default(),
            definitions: Mutex::default(),
            looks: Semaphore::new(LOOKS_AT_A_TIME),
        }
    }

    fn service(&self, key: &str) -> Option<&ServiceId> {
        self.plan.moves.get(key).map(|wanted| &wanted.service)
    }

    /// Looks at services, and says what each is.
    pub(super) async fn find(&self, keys: &[String], told: &mut Told) -> BTreeMap<String, Found> {
        let mut by_cluster: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for key in keys {
            if let Some(id) = self.service(key) {
                by_cluster.entry(&id.cluster).or_default().push((key, &id.service));
            }
        }
        let mut found = BTreeMap::new();
        for (cluster, services) in by_cluster {
            let names: Vec<String> = services.iter().map(|(_, name)| (*name).to_owned()).collect();
            let described = self.client.describe_services(cluster, &names, &self.patience).await;
            for (key, name) in services {
                let one = match &described {
                    Ok(described) => {
                        let service = described.found.iter().find(|it| it.name == name && it.is_active());
                        service.map_or(Found::Missing, |it| Found::There(Box::new(it.clone())))
                    }
                    Err(error) if error.kind == ErrorKind::NotFound => Found::Missing,
                    Err(error) => Found::Error(error.message.clone()),
                };
                found.insert(key.to_owned(), one);
            }
            if let Err(error) = described
                && error.kind != ErrorKind::NotFound
            {
                told.note(error);
            }
        }
        found
    }

    /// Looks whether services are there and can be moved.
    pub(super) async fn survey(&self, keys: Vec<String>) -> Told {
        let mut told = Told::default();
        for (key, found) in self.find(&keys, &mut told).await {
            let event = match found {
                Found::Missing => Event::Missing,
                Found::Error(why) => Event::Unseen(why),
                Found::There(service) => match self.obstacle(&key, &service, &mut told).await {
                    Some(why) => Event::Unmovable(why),
                    None => Event::Seen(sight(&service, Vec::new())),
                },
            };
            told.events.push((key, event));
        }
        told
    }

    /// Why this service cannot be moved to what the plan wants, if it is to be moved at all.
    pub(super) async fn obstacle(&self, key: &str, service: &Service, told: &mut Told) -> Option<String> {
        if !self.moving.contains(key) {
            return None;
        }
        if service.controller != Controller::Ecs {
            return Some(other_controller(&service.controller));
        }
        let target = self.plan.moves.get(key)?.target.as_deref()?;
        let home = TaskDefinitionArn::parse(target)?.home;
        if let Some(difference) = home_of(&service.arn).difference(&home) {
            return Some(format!("{target} is of {difference}"));
        }
        match self.definition(target).await {
            Ok(Some(fitness)) => misfit(&fitness, target, service),
            Ok(None) => Some(format!("ECS knows no task definition {target}")),
            Err(error) => {
                let why = format!("{target} could not be looked at: {}", error.message);
                told.note(error);
                Some(why)
            }
        }
    }

    /// What a task definition is fit for; none where ECS knows none of that name.
    async fn definition(&self, arn: &str) -> Result<Option<Fitness>, EcsError> {
        let known = lock(&self.definitions).get(arn).cloned();
        match known.or_else(|| self.client.registered(arn)) {
            None => self.ask_for_definition(arn).await,
            known => Ok(known),
        }
    }

    async fn ask_for_definition(&self, arn: &str) -> Result<Option<Fitness>, EcsError> {
        let answer = match self.client.describe_task_definition(arn, &self.patience).await {
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
            answer => answer?,
        };
        let fitness = Fitness::of(&answer).map(|(_, fitness)| fitness);
        lock(&self.definitions).extend(fitness.clone().map(|fitness| (arn.to_owned(), fitness)));
        Ok(fitness)
    }

    /// Looks at services and at the deployments that matter.
    pub(super) async fn look(&self, looks: Vec<(String, Option<String>)>) -> Told {
        let mut told = Told::default();
        let _turn = self.looks.acquire().await;
        let keys: Vec<String> = looks.iter().map(|(key, _)| key.clone()).collect();
        let found = self.find(&keys, &mut told).await;
        let mut known = Vec::new();
        for (key, deployment) in looks {
            let service = match found.get(&key) {
                Some(Found::There(service)) => service.clone(),
                Some(Found::Error(why)) => {
                    told.events.push((key, Event::Unseen(why.clone())));
                    continue;
                }
                _ => {
                    told.events.push((key, Event::Missing));
                    continue;
                }
            };
            match self.listed(&key, deployment).await {
                Ok((described, listed)) => known.push((key, service, described, listed)),
                Err(error) => told.unseen(key, error),
            }
        }
        let arns: Vec<String> = known.iter().flat_map(|(_, _, described, _)| described.clone()).collect();
        let deployments = match self.described(&arns).await {
            Ok(deployments) => deployments,
            Err(error) => {
                let unseen = Event::Unseen(error.message.clone());
                told.events.extend(known.into_iter().map(|(key, ..)| (key, unseen.clone())));
                told.note(error);
                return told;
            }
        };
        for (key, service, described, listed) in known {
            let mut shown: BTreeMap<String, Deployment> = listed;
            shown.extend(
                described.iter().filter_map(|arn| Some((arn.clone(), deployments.get(arn)?.clone()))),
            );
            told.events.push((key, Event::Seen(sight(&service, shown.into_values().collect()))));
        }
        told
    }

    /// ARNs of the deployments of a service that are to be described, and all that a list shows.
    async fn listed(
        &self,
        key: &str,
        deployment: Option<String>,
    ) -> Result<(Vec<String>, BTreeMap<String, Deployment>), EcsError> {
        if let Some(deployment) = deployment {
            return Ok((vec![deployment], BTreeMap::new()));
        }
        let Some(id) = self.service(key) else { return Ok((Vec::new(), BTreeMap::new())) };
        let client = &self.client;
        let listed = client.list_service_deployments(&id.cluster, &id.service, None, &self.patience).await?;
        let newest = listed.iter().take(DESCRIBED).map(|one| one.arn.clone()).collect();
        let all = listed.iter().map(|one| (one.arn.clone(), deployment_of(one, &BTreeMap::new())));
        Ok((newest, ordered(all)))
    }

    /// Deployments with the task definitions of their revisions.
    async fn described(&self, arns: &[String]) -> Result<BTreeMap<String, Deployment>, EcsError> {
        if arns.is_empty() {
            return Ok(BTreeMap::new());
        }
        let described = self.client.describe_service_deployments(arns, &self.patience).await?.found;
        let revisions = described.iter().flat_map(|one| one.target.iter().chain(&one.sources));
        let unknown: BTreeSet<String> = {
            let known = lock(&self.revisions);
            ordered(revisions.filter(|arn| !known.contains_key(*arn)).cloned())
        };
        if !unknown.is_empty() {
            let unknown: Vec<String> = unknown.into_iter().collect();
            let found = self.client.describe_service_revisions(&unknown, &self.patience).await?.found;
            lock(&self.revisions).extend(found.into_iter().map(|one| (one.arn, one.task_definition)));
        }
        let revisions = lock(&self.revisions);
        Ok(ordered(described.iter().map(|one| (one.arn.clone(), deployment_of(one, &revisions)))))
    }

    /// Calls UpdateService.
    pub(super) async fn start(&self, key: String, to: String, force: bool) -> Told {
        let mut told = Told::default();
        let Some(id) = self.service(&key) else { return told };
        let client = &self.client;
        let answer = client.update_service(&id.cluster, &id.service, &to, force, &self.patience).await;
        tracing::info!(service = %id, task_definition = to, is_accepted = answer.is_ok(), "called UpdateService");
        let event = match &answer {
            Ok(_) => Event::Accepted,
            Err(error) => refusal(error),
        };
        told.events.push((key, event));
        told.ended = answer.err().and_then(|error| error.ended);
        told
    }

    /// Looks whether a task definition is ACTIVE.
    pub(super) async fn check(&self, key: String, arn: String) -> Told {
        let mut told = Told::default();
        // What was known before may have been deregistered since.
        let is_active = match self.ask_for_definition(&arn).await {
            Ok(fitness) => Ok(fitness.is_some_and(|fitness| fitness.is_active)),
            Err(error) => {
                let why = error.message.clone();
                told.note(error);
                Err(why)
            }
        };
        told.events.push((key, Event::Revision(is_active)));
        told
    }
}

impl Told {
    fn note(&mut self, error: EcsError) {
        self.ended = self.ended.or(error.ended);
        self.error = Some(error);
    }

    fn unseen(&mut self, key: String, error: EcsError) {
        self.events.push((key, Event::Unseen(error.message.clone())));
        self.note(error);
    }
}

/// Why a service cannot be given a task definition that is fit for this (what ECS answers is on record: fabfuel/ecs-deploy #133,
/// Cloud-CV/EvalAI #5167; read 2026-11).
fn misfit(fitness: &Fitness, arn: &str, service: &Service) -> Option<String> {
    if !fitness.is_active {
        return Some(format!("{arn} is not ACTIVE, so no service can be given it"));
    }
    let launch_type = service.launch_type.as_ref().filter(|_| !fitness.compatibilities.is_empty());
    if let Some(launch_type) = launch_type.filter(|it| !fitness.compatibilities.contains(it)) {
        return Some(format!("{arn} does not support the launch type {launch_type} of the service"));
    }
    match (fitness.is_awsvpc, service.has_network) {
        (true, false) => {
            Some(format!("{arn} has the network mode awsvpc, and the service has no network configuration"))
        }
        (false, true) => Some(format!(
            "the service has a network configuration, and {arn} has another network mode than awsvpc"
        )),
        _ => None,
    }
}

fn other_controller(controller: &Controller) -> String {
    let name = match controller {
        Controller::Ecs => "ECS",
        Controller::CodeDeploy => "CODE_DEPLOY",
        Controller::External => "EXTERNAL",
        Controller::Other(name) => name,
    };
    format!("its deployment controller is {name}, and UpdateService changes task definitions under ECS alone")
}

/// What a call of UpdateService that failed has done.
fn refusal(error: &EcsError) -> Event {
    match error.kind {
        ErrorKind::Ambiguous | ErrorKind::NoAnswer | ErrorKind::ServerError => Event::Lost,
        ErrorKind::Throttled
        | ErrorKind::Stopped
        | ErrorKind::OutOfTime
        | ErrorKind::UnknownHost
        | ErrorKind::Unreachable
        | ErrorKind::ProxyRefused => Event::NotSent,
        _ => Event::Refused(error.to_string()),
    }
}

fn sight(service: &Service, deployments: Vec<Deployment>) -> Sight {
    let going_on = service.rollouts.iter().find(|it| it.state.as_deref() == Some("IN_PROGRESS"));
    Sight {
        task_definition: service.task_definition.clone(),
        rolls_out: going_on.map(|rollout| rollout.task_definition.clone()),
        deployments,
    }
}

fn deployment_of(one: &EcsDeployment, revisions: &BTreeMap<String, String>) -> Deployment {
    let task_definition = |arn: &String| revisions.get(arn).cloned();
    let alarms = one.alarms.iter().filter(|guard| guard.status == "TRIGGERED");
    let alarms = alarms.flat_map(|guard| match guard.triggered.as_slice() {
        [] => vec!["an alarm without a name".to_owned()],
        names => names.to_vec(),
    });
    Deployment {
        id: one.arn.clone(),
        status: one.status.clone(),
        reason: one.reason.clone().unwrap_or_default(),
        source: one.sources.first().and_then(task_definition),
        target: one.target.as_ref().and_then(task_definition),
        alarms: alarms.collect(),
        created_at: one.created_at.map(since_1970).unwrap_or_default(),
        finished_at: one.finished_at.map(since_1970),
    }
}

fn since_1970(at: OffsetDateTime) -> Duration {
    Duration::try_from(at - OffsetDateTime::UNIX_EPOCH).unwrap_or_default()
}

/// Where the ARN of a service says that it is.
fn home_of(arn: &str) -> Home {
    Arn::parse(arn).map_or_else(Home::default, |arn| Home {
        partition: arn.partition.to_owned(),
        region: arn.region.to_owned(),
        account: arn.account.to_owned(),
    })
}

/// What the lock holds. A panic elsewhere leaves it whole: entries are only ever added.
fn lock<T>(place: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
