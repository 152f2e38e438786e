//! Reads an account: clusters, services, tasks, families and revisions of one region after the other.
//!
//! Every call is one that only reads. A call that fails is told and costs what it was about; what ends all calls alike,
//! such as credentials that nobody knows, ends the audit. A revision is judged as soon as it is there, and its document is not kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::iter;

use crate::ecs_client::{
    self, EcsClient, EcsClients, EcsError, ErrorKind, Patience, SERVICES_OF_A_CALL, TASKS_OF_A_CALL,
};
use crate::ordered::ordered;

use super::assemble::{Answers, family_of};
use super::judged::judge;
use super::model::{Revision, Unread};

/// Calls that are under way at once. ECS's rates are kept by the client; this hides the time on the way.
const AT_ONCE: usize = 8;

/// What is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Regions; none is the default region.
    pub regions: Vec<String>,
    /// Names or ARNs of clusters; none is all of them. With clusters, families that nothing runs there are left out.
    pub clusters: Vec<String>,
    /// Patterns of names of services and families, `*` standing for anything; none is all of them.
    pub include: Vec<String>,
    /// Patterns of those that are left out.
    pub exclude: Vec<String>,
}

impl Wanted {
    fn is_wanted(&self, name: &str) -> bool {
        let is_named = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, name));
        (self.include.is_empty() || is_named(&self.include)) && !is_named(&self.exclude)
    }

    fn is_wanted_cluster(&self, arn: &str) -> bool {
        self.clusters.is_empty() || self.clusters.iter().any(|cluster| is_cluster(cluster, arn))
    }
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The region.
    pub region: &'a str,
    /// What is being read, a few words.
    pub reading: &'static str,
    /// How many of them are there.
    pub done: usize,
    /// How many there are.
    pub of: usize,
}

/// Who is told how far the reading is.
pub type OnProgress<'a> = dyn FnMut(Progress<'_>) + Send + 'a;

/// Reads what is wanted. An error is one that keeps all calls from being answered.
pub async fn read(
    clients: &EcsClients,
    wanted: &Wanted,
    patience: &Patience,
    progress: &mut OnProgress<'_>,
) -> Result<Vec<Answers>, EcsError> {
    let mut regions = Vec::new();
    let asked: Vec<Option<&str>> = match wanted.regions.is_empty() {
        true => vec![None],
        false => wanted.regions.iter().map(|region| Some(region.as_str())).collect(),
    };
    for region in asked {
        let client = clients.for_region(region).await?;
        let answers = Answers { region: client.region().to_owned(), ..Answers::default() };
        let mut reader = Reader { client, wanted, patience, answers };
        reader.read(progress).await?;
        regions.push(reader.answers);
    }
    Ok(regions)
}

struct Reader<'a> {
    client: Arc<EcsClient>,
    wanted: &'a Wanted,
    patience: &'a Patience,
    answers: Answers,
}

impl Reader<'_> {
    async fn read(&mut self, progress: &mut OnProgress<'_>) -> Result<(), EcsError> {
        self.read_clusters().await?;
        let clusters = self.answers.clusters.clone();
        for (number, cluster) in clusters.iter().enumerate() {
            self.tell(progress, "clusters", number, clusters.len());
            self.read_services(cluster).await?;
            self.read_tasks(cluster).await?;
        }
        let families = self.families().await?;
        self.read_newest(families, progress).await?;
        self.read_running(progress).await
    }

    async fn read_clusters(&mut self) -> Result<(), EcsError> {
        let listed = self.client.list_clusters(self.patience).await;
        let is_listed = listed.is_ok();
        let all = self.told(listed, "ListClusters")?.unwrap_or_default();
        let wanted = self.wanted;
        self.answers.clusters = match is_listed {
            true => all.into_iter().filter(|arn| wanted.is_wanted_cluster(arn)).collect(),
            // Whoever names clusters needs no list of them.
            false => wanted.clusters.clone(),
        };
        for cluster in wanted.clusters.iter().filter(|_| is_listed) {
            if !self.answers.clusters.iter().any(|arn| is_cluster(cluster, arn)) {
                self.lost(
                    format!("cluster {cluster}"),
                    "There is no active cluster of that name.".to_owned(),
                );
            }
        }
        Ok(())
    }

    async fn read_services(&mut self, cluster: &str) -> Result<(), EcsError> {
        let listed = self.client.list_services(cluster, self.patience).await;
        let arns = self.told(listed, &format!("ListServices of {cluster}"))?.unwrap_or_default();
        let is_wanted = |arn: &String| self.wanted.is_wanted(arn.rsplit('/').next().unwrap_or(arn));
        let arns: Vec<String> = arns.into_iter().filter(is_wanted).collect();
        for batch in arns.chunks(SERVICES_OF_A_CALL) {
            let described = self.client.describe_services(cluster, batch, self.patience).await;
            let what = format!("DescribeServices of {}", batch.join(", "));
            let Some(described) = self.told(described, &what)? else { continue };
            self.answers.services.extend(described.found);
            self.lose_each(described.failures);
        }
        Ok(())
    }

    async fn read_tasks(&mut self, cluster: &str) -> Result<(), EcsError> {
        let listed = self.client.list_all_tasks(cluster, self.patience).await;
        let arns = self.told(listed, &format!("ListTasks of {cluster}"))?.unwrap_or_default();
        for batch in arns.chunks(TASKS_OF_A_CALL) {
            let described = self.client.describe_tasks(cluster, batch, self.patience).await;
            let what = format!("DescribeTasks of {} tasks of {cluster}", batch.len());
            let Some(described) = self.told(described, &what)? else { continue };
            // What a service runs, its description says.
            self.answers.tasks.extend(described.found.into_iter().filter(ecs_client::Task::is_standalone));
            // A task that ended in between is no loss.
            self.lose_each(described.failures.into_iter().filter(|failure| !failure.is_missing()).collect());
        }
        Ok(())
    }

    /// The families whose newest revision is asked for.
    async fn families(&mut self) -> Result<BTreeSet<String>, EcsError> {
        let mut families: BTreeSet<String> =
            ordered(self.running().iter().map(|arn| family_of(arn).to_owned()));
        if self.wanted.clusters.is_empty() {
            let listed = self.client.list_task_definition_families(self.patience).await;
            let listed = self.told(listed, "ListTaskDefinitionFamilies")?.unwrap_or_default();
            families.extend(listed.into_iter().filter(|family| self.wanted.is_wanted(family)));
        }
        Ok(families)
    }

    async fn read_newest(
        &mut self,
        families: BTreeSet<String>,
        progress: &mut OnProgress<'_>,
    ) -> Result<(), EcsError> {
        let families: Vec<String> = families.into_iter().collect();
        let found = self.describe_each(&families, "families", progress).await?;
        for (family, revision) in found {
            // A family without an active revision has no newest one. Some emulators answer with an inactive one.
            let newest = revision.filter(|(_, revision)| revision.status == "ACTIVE");
            let arn = newest.map(|(arn, revision)| {
                self.answers.revisions.insert(arn.clone(), revision);
                arn
            });
            self.answers.newest.insert(family, arn);
        }
        Ok(())
    }

    async fn read_running(&mut self, progress: &mut OnProgress<'_>) -> Result<(), EcsError> {
        let missing: Vec<String> =
            ordered(self.running().into_iter().filter(|arn| !self.answers.revisions.contains_key(arn)));
        let found = self.describe_each(&missing, "revisions", progress).await?;
        let found = found.into_iter().filter_map(|(asked, revision)| Some((asked, revision?.1)));
        self.answers.revisions.extend(found);
        Ok(())
    }

    /// Every revision that something runs.
    fn running(&self) -> BTreeSet<String> {
        let services = self.answers.services.iter().flat_map(ecs_client::Service::task_definitions);
        let tasks = self.answers.tasks.iter().map(|task| task.task_definition.as_str());
        ordered(services.chain(tasks).filter(|arn| !arn.is_empty()).map(str::to_owned))
    }

    /// Describes and judges each, several at once. Who has none keeps its place in the answer.
    async fn describe_each(
        &mut self,
        ids: &[String],
        reading: &'static str,
        progress: &mut OnProgress<'_>,
    ) -> Result<BTreeMap<String, Option<(String, Revision)>>, EcsError> {
        let (client, patience) = (Arc::clone(&self.client), self.patience);
        let describe = |id: String| {
            let client = Arc::clone(&client);
            async move {
                let answer = client.describe_task_definition(&id, patience).await;
                (id, answer)
            }
        };
        let mut answers = iter(ids.iter().cloned().map(describe)).buffer_unordered(AT_ONCE);
        let mut found = BTreeMap::new();
        while let Some((id, answer)) = answers.next().await {
            let answer = self.told(answer, &format!("DescribeTaskDefinition of {id}"))?;
            let judged = answer.and_then(|answer| self.judged(&id, answer));
            found.insert(id, judged);
            self.tell(progress, reading, found.len(), ids.len());
        }
        Ok(found)
    }

    fn judged(&mut self, id: &str, answer: crate::document::Node) -> Option<(String, Revision)> {
        let judged = match ecs_client::Revision::of(answer) {
            Some(revision) => judge(&revision).map(|judged| (revision.arn.as_str().to_owned(), judged)),
            None => Err("The answer names no revision.".to_owned()),
        };
        judged.map_err(|why| self.lost(format!("DescribeTaskDefinition of {id}"), why)).ok()
    }

    /// What was answered; none where only this was not, which is told.
    fn told<T>(&mut self, answer: Result<T, EcsError>, what: &str) -> Result<Option<T>, EcsError> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.ended.is_none() && is_of_one_call(error.kind) => {
                self.lost(what.to_owned(), why(&error));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn lose_each(&mut self, failures: Vec<ecs_client::Failure>) {
        for failure in failures {
            self.lost(failure.arn, format!("ECS does not describe it: {}.", failure.reason));
        }
    }

    fn lost(&mut self, what: String, why: String) {
        let region = self.answers.region.clone();
        self.answers.unread.push(Unread { region, what, why });
    }

    fn tell(&self, progress: &mut OnProgress<'_>, reading: &'static str, done: usize, of: usize) {
        progress(Progress { region: &self.answers.region, reading, done, of });
    }
}

/// Whether the next call may fare better.
fn is_of_one_call(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::AccessDenied
            | ErrorKind::Throttled
            | ErrorKind::Rejected
            | ErrorKind::LimitExceeded
            | ErrorKind::NoAnswer
            | ErrorKind::ServerError
            | ErrorKind::Other
    )
}

/// Why a call was not answered, in a sentence.
fn why(error: &EcsError) -> String {
    match error.required_actions() {
        [] => format!("{error}."),
        actions => format!("Access is denied. The policy has to allow {}.", actions.join(", ")),
    }
}

/// Whether a cluster that was named is the one with this ARN.
fn is_cluster(named: &str, arn: &str) -> bool {
    named == arn || arn.rsplit('/').next() == Some(named)
}

/// Whether a name is of a pattern, in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, is_one) in [
            ("orders", "orders", true),
            ("orders", "orders-2", false),
            ("orders*", "orders-2", true),
            ("*orders", "my-orders", true),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("a*a", "a", false),
            ("*-api-*", "shop-api-v1", true),
        ] {
            assert_eq!(matches(pattern, name), is_one, "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_left_out_is_left_out_although_it_is_included() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let wanted = Wanted { include: texts(&["shop-*"]), exclude: texts(&["*-test"]), ..Wanted::default() };
        let is_wanted = ["shop-api", "shop-test", "billing"].map(|name| wanted.is_wanted(name));
        assert_eq!(is_wanted, [true, false, false]);
        assert!(Wanted::default().is_wanted("anything"));
    }
}
