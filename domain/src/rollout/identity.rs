//! What a service and a task definition are called.

/// Where something lives at AWS. An empty part is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// Such as `aws` or `aws-cn`.
    pub partition: String,
    /// Such as `eu-west-1`.
    pub region: String,
    /// Twelve digits.
    pub account: String,
}

impl Home {
    /// What is different there, in words; none where nothing that is known on both sides differs.
    pub fn difference(&self, other: &Home) -> Option<String> {
        let parts = [
            ("partition", &self.partition, &other.partition),
            ("region", &self.region, &other.region),
            ("account", &self.account, &other.account),
        ];
        let differs = |(_, here, there): &(&str, &String, &String)| {
            !here.is_empty() && !there.is_empty() && here != there
        };
        let (part, here, there) = parts.into_iter().find(differs)?;
        Some(format!("{part} {there}, and not of {here}"))
    }
}

/// `arn:PARTITION:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDefinitionArn {
    /// Where it was registered.
    pub home: Home,
    /// The family.
    pub family: String,
    /// The number at its end.
    pub revision: u64,
}

impl TaskDefinitionArn {
    /// Takes it apart; none for any other text, the ARN of a family without a revision among them.
    pub fn parse(text: &str) -> Option<Self> {
        let (home, rest) = of_ecs(text)?;
        let (family, revision) = rest.strip_prefix("task-definition/")?.split_once(':')?;
        let is_family = !family.is_empty()
            && family.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
        let revision = revision.parse().ok().filter(|number| *number > 0 && is_family)?;
        Some(Self { home, family: family.to_owned(), revision })
    }

    /// Whether this is an older revision of the same family.
    pub fn is_older_than(&self, other: &TaskDefinitionArn) -> bool {
        self.home == other.home && self.family == other.family && self.revision < other.revision
    }
}

/// A service of ECS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceId {
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the service.
    pub service: String,
}

impl ServiceId {
    /// Reads `service`, `cluster/service` or the ARN of a service. Without a cluster it is in `cluster`, a name or an
    /// ARN, or else in ECS's own `default`. The error says what the text should be.
    pub fn parse(text: &str, cluster: Option<&str>) -> Result<(Self, Home), String> {
        let (home, rest) = match of_ecs(text) {
            Some((home, rest)) => {
                let rest =
                    rest.strip_prefix("service/").ok_or("is the ARN of something other than a service")?;
                (home, rest)
            }
            None if text.starts_with("arn:") => {
                return Err("is an ARN of something that is not in ECS".to_owned());
            }
            None => (Home::default(), text),
        };
        let (cluster, service) = match rest.split_once('/') {
            Some((cluster, service)) => (cluster, service),
            None => (cluster.map_or("default", cluster_name), rest),
        };
        if !is_name(cluster) || !is_name(service) {
            return Err(
                "is not a service: write `service`, `cluster/service` or the ARN of a service".to_owned()
            );
        }
        Ok((Self { cluster: cluster.to_owned(), service: service.to_owned() }, home))
    }
}

impl std::fmt::Display for ServiceId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.cluster, self.service)
    }
}

/// The name of a cluster that is given as a name or an ARN.
fn cluster_name(text: &str) -> &str {
    of_ecs(text).and_then(|(_, rest)| rest.strip_prefix("cluster/")).unwrap_or(text)
}

/// Names of clusters and services: up to 255 letters, digits, hyphens and underscores (API reference, read 2026-11).
fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

/// Home and the part after the account of an ARN of ECS.
fn of_ecs(text: &str) -> Option<(Home, &str)> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, rest] = parts.as_slice() else { return None };
    let is_whole = *arn == "arn" && *service == "ecs" && !partition.is_empty() && !region.is_empty();
    let home = Home {
        partition: (*partition).to_owned(),
        region: (*region).to_owned(),
        account: (*account).to_owned(),
    };
    (is_whole && !account.is_empty()).then_some((home, rest))
}
