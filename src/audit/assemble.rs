//! From what ECS answered to the result: services beside their revisions, the figures, what to fix first.

use std::collections::{BTreeMap, BTreeSet};

use crate::ecs::Arn;
use crate::ecs_client;
use crate::ordered::ordered;

use super::model::{
    AgentState, Audit, CONTROLS, Cluster, Control, Family, Findings, Mending, Revision, Service,
    StandaloneTask, Summary, UNREAD, Unread, VERSION,
};

/// What was read of one region.
#[derive(Debug, Default)]
pub struct Answers {
    /// Its name.
    pub region: String,
    /// ARNs of the clusters.
    pub clusters: Vec<String>,
    /// The services of these clusters.
    pub services: Vec<ecs_client::Service>,
    /// Their tasks, those of services among them.
    pub tasks: Vec<ecs_client::Task>,
    /// ARN of the newest active revision, by family. A family of which that is not known is there without.
    pub newest: BTreeMap<String, Option<String>>,
    /// The revisions that were read, by ARN.
    pub revisions: BTreeMap<String, Revision>,
    /// What was not.
    pub unread: Vec<Unread>,
}

/// Puts the result together. Nothing is asked of anybody.
pub fn assemble(regions: Vec<Answers>) -> Audit {
    let mut audit = Audit {
        version: VERSION,
        accounts: BTreeSet::new(),
        regions: Vec::new(),
        summary: Summary::default(),
        fix_first: Vec::new(),
        clusters: Vec::new(),
        services: Vec::new(),
        families: Vec::new(),
        standalone_tasks: Vec::new(),
        revisions: BTreeMap::new(),
        unread: Vec::new(),
    };
    for answers in regions {
        add(&mut audit, answers);
    }
    audit.clusters.sort_unstable_by(|one, other| (&one.region, &one.name).cmp(&(&other.region, &other.name)));
    audit.services.sort_unstable_by(|one, other| {
        (&one.region, &one.cluster, &one.name).cmp(&(&other.region, &other.cluster, &other.name))
    });
    audit.families.sort_unstable_by(|one, other| (&one.region, &one.name).cmp(&(&other.region, &other.name)));
    audit.standalone_tasks.sort_unstable_by(|one, other| {
        (&one.region, &one.cluster, &one.arn).cmp(&(&other.region, &other.cluster, &other.arn))
    });
    // Answers come in any order, and equal accounts have equal audits.
    audit.unread.sort_unstable_by(|one, other| {
        (&one.region, &one.what, &one.why).cmp(&(&other.region, &other.what, &other.why))
    });
    audit.fix_first = fix_first(&audit);
    audit.summary = summary(&audit);
    audit
}

fn add(audit: &mut Audit, answers: Answers) {
    let Answers { region, clusters, services, tasks, newest, revisions, unread } = answers;
    let services: BTreeMap<String, ecs_client::Service> =
        ordered(services.into_iter().map(|service| (service.arn.clone(), service)));
    let services: Vec<Service> =
        services.values().map(|of| service(&region, of, &newest, &revisions)).collect();
    let tasks: BTreeMap<String, ecs_client::Task> =
        ordered(tasks.into_iter().map(|task| (task.arn.clone(), task)));
    let standalone_tasks = tasks.values().filter(|task| task.is_standalone());
    let tasks: Vec<StandaloneTask> = standalone_tasks.map(|task| standalone(&region, task)).collect();
    let clusters: BTreeSet<String> = ordered(clusters);
    for arn in clusters {
        let name = last_part(&arn).to_owned();
        audit.accounts.extend(account_of(&arn));
        audit.clusters.push(Cluster {
            region: region.clone(),
            services: services.iter().filter(|service| service.cluster == name).count(),
            standalone_tasks: tasks.iter().filter(|task| task.cluster == name).count(),
            name,
            arn,
        });
    }
    for (name, newest) in newest {
        let runs_it = |service: &&Service| service.running.iter().any(|arn| family_of(arn) == name);
        let services = services.iter().filter(runs_it).count();
        audit.families.push(Family { region: region.clone(), name, newest, services });
    }
    audit.accounts.extend(revisions.keys().filter_map(|arn| account_of(arn)));
    audit.services.extend(services);
    audit.standalone_tasks.extend(tasks);
    audit.revisions.extend(revisions);
    audit.unread.extend(unread);
    audit.regions.push(region);
}

fn service(
    region: &str,
    service: &ecs_client::Service,
    newest: &BTreeMap<String, Option<String>>,
    revisions: &BTreeMap<String, Revision>,
) -> Service {
    let running: Vec<String> = service.task_definitions().into_iter().map(str::to_owned).collect();
    let family = running.first().map(|arn| family_of(arn));
    let newest = family.and_then(|family| newest.get(family)).cloned().flatten();
    let seen: Vec<Option<&Revision>> = running.iter().map(|arn| revisions.get(arn)).collect();
    let newest_seen = newest.as_ref().and_then(|arn| revisions.get(arn));
    let controls: BTreeMap<&'static str, Control> = ordered(CONTROLS.iter().map(|control| {
        let verdicts = seen.iter().map(|revision| verdict(*revision, control));
        let running = verdicts.max_by_key(|verdict| weight(verdict)).unwrap_or(UNREAD);
        (*control, Control { running, newest: verdict(newest_seen, control) })
    }));
    let is_green_but_old = |control: &&&'static str| {
        let Control { running, newest } = controls[**control];
        running == "FAILED" && matches!(newest, "PASSED" | "NOT_APPLICABLE")
    };
    let green_but_old = CONTROLS.iter().filter(is_green_but_old).copied().collect();
    let agents = seen.iter().map(|revision| revision.map_or(AgentState::Unread, |revision| revision.agent));
    let versions = seen.iter().flatten().flat_map(|revision| &revision.agents);
    Service {
        region: region.to_owned(),
        cluster: last_part(&service.cluster_arn).to_owned(),
        name: service.name.clone(),
        arn: service.arn.clone(),
        status: service.status.clone(),
        desired_count: service.desired_count,
        is_behind: newest.as_ref().is_some_and(|newest| running.iter().any(|arn| arn != newest)),
        agent: agents.max().unwrap_or(AgentState::Unread),
        agent_version: versions.filter_map(|agent| agent.version.clone()).next(),
        running,
        newest,
        controls,
        green_but_old,
    }
}

fn standalone(region: &str, task: &ecs_client::Task) -> StandaloneTask {
    // arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID; of old accounts without the cluster.
    let mut parts = task.arn.rsplit('/');
    let cluster = parts.nth(1).filter(|part| !part.contains(':')).unwrap_or_default();
    StandaloneTask {
        region: region.to_owned(),
        cluster: cluster.to_owned(),
        arn: task.arn.clone(),
        group: task.group.clone(),
        revision: task.task_definition.clone(),
    }
}

fn verdict(revision: Option<&Revision>, control: &str) -> &'static str {
    let outcome = revision.and_then(|revision| revision.verdicts.get(control));
    outcome.map_or(UNREAD, |outcome| outcome.verdict)
}

/// Of several revisions that run the worst counts: what fails, then what nobody knows.
fn weight(verdict: &str) -> u8 {
    match verdict {
        "FAILED" => 4,
        UNREAD => 3,
        "UNDECIDED" => 2,
        "PASSED" => 1,
        _ => 0,
    }
}

fn fix_first(audit: &Audit) -> Vec<Mending> {
    let mut mendings: BTreeMap<&'static str, Mending> = BTreeMap::new();
    for service in &audit.services {
        let newest = service.newest.as_ref().and_then(|arn| audit.revisions.get(arn));
        let mut counted = BTreeSet::new();
        for finding in audit.running(service).flat_map(|revision| &revision.findings) {
            let mending = mendings.entry(finding.rule).or_insert(Mending {
                rule: finding.rule,
                summary: finding.summary,
                severity: finding.severity,
                control: finding.control,
                services: 0,
                services_mended_by_newest: 0,
            });
            if rank(finding.severity) < rank(mending.severity) {
                mending.severity = finding.severity;
            }
            mending.control = mending.control.or(finding.control);
            if counted.insert(finding.rule) {
                let is_mended = newest.is_some_and(|newest| {
                    newest.findings.iter().all(|in_newest| in_newest.rule != finding.rule)
                });
                mending.services += 1;
                mending.services_mended_by_newest += usize::from(is_mended);
            }
        }
    }
    let mut mendings: Vec<Mending> = mendings.into_values().collect();
    let order =
        |of: &Mending| (of.severity == "note", std::cmp::Reverse(of.services), rank(of.severity), of.rule);
    mendings.sort_unstable_by_key(order);
    mendings
}

fn rank(severity: &str) -> u8 {
    match severity {
        "error" => 0,
        "warning" => 1,
        _ => 2,
    }
}

fn summary(audit: &Audit) -> Summary {
    let mut findings = Findings::default();
    for finding in audit.revisions.values().flat_map(|revision| &revision.findings) {
        match finding.severity {
            "error" => findings.errors += 1,
            "warning" => findings.warnings += 1,
            _ => findings.notes += 1,
        }
    }
    let mut controls: BTreeMap<&'static str, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut agents = BTreeMap::new();
    for service in &audit.services {
        *agents.entry(service.agent.as_str()).or_default() += 1;
        for (control, verdicts) in &service.controls {
            *controls.entry(control).or_default().entry(verdicts.running).or_default() += 1;
        }
    }
    let counted = |is: fn(&Service) -> bool| audit.services.iter().filter(|service| is(service)).count();
    Summary {
        clusters: audit.clusters.len(),
        services: audit.services.len(),
        families: audit.families.len(),
        revisions: audit.revisions.len(),
        standalone_tasks: audit.standalone_tasks.len(),
        services_behind: counted(|service| service.is_behind),
        services_green_but_old: counted(|service| !service.green_but_old.is_empty()),
        unread: audit.unread.len(),
        findings,
        controls,
        agents,
    }
}

fn account_of(arn: &str) -> Option<String> {
    Arn::parse(arn).filter(Arn::is_in_an_account).map(|arn| arn.account.to_owned())
}

/// What an ARN is about, without the path to it.
fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The family of a revision's ARN, or of `family:revision`.
pub(super) fn family_of(arn: &str) -> &str {
    let name = last_part(arn);
    name.rsplit_once(':').map_or(name, |(family, _)| family)
}
