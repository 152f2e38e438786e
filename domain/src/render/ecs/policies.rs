//! Least-privilege policies for the two roles of a task.
//!
//! Reads ARNs and the image reference as text; looks nothing up.

use std::collections::BTreeMap;

use super::service_of;
use crate::document::Node;
use crate::ecs::Arn;
use crate::rofs::settings::{Settings, Text};

/// Actions that pull an image from a private ECR repository.
const PULL: [&str; 3] =
    ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
/// Actions with which the Agent reads about its cluster (what Datadog's own ECS module grants on Fargate, read
/// 2026-11). None of them supports a narrower resource than a whole cluster, and listing clusters none at all.
const OBSERVE: [&str; 3] =
    ["ecs:DescribeContainerInstances", "ecs:ListClusters", "ecs:ListContainerInstances"];

/// The policy for the task role: what the Agent itself calls.
pub fn task_role_policy() -> Node {
    let mut statements = Statements::default();
    for action in OBSERVE {
        statements.allow("DatadogAgentReadsCluster", action, "*".into());
    }
    statements.into_policy()
}

/// The policy for the execution role: what ECS calls to start the sidecars. A key of KMS that belongs to the
/// customer is not part of any setting, so `kms:Decrypt` is the reader's to add. Its list of statements is empty
/// where nothing is needed.
pub fn execution_role_policy(settings: &Settings) -> Node {
    // Whether a repository of ECR has to be read is in the reference alone: all of it waits for that.
    let Text::Known(image) = &settings.image else { return policy(Node::Unknown) };
    let mut statements = Statements::default();
    let region =
        settings.log_configuration.as_ref().and_then(|log| match log.options.get("awslogs-region") {
            Some(Text::Known(region)) => Some(region.as_str()),
            _ => None,
        });
    let partition = secret_arns(settings)
        .find_map(|arn| {
            arn.known().and_then(Arn::parse).filter(Arn::is_in_a_partition).map(|arn| arn.partition)
        })
        .or(region.map(Arn::partition_of_region))
        .unwrap_or("aws");
    for arn in secret_arns(settings) {
        allow_secret(&mut statements, arn, partition);
    }
    if let Some(log) = &settings.log_configuration {
        match &log.log_driver {
            // Not even whether logs are written with this role is known.
            Text::Unknown => return policy(Node::Unknown),
            Text::Known(driver) if driver == "awslogs" => {
                allow_logs(&mut statements, &log.options, partition);
            }
            Text::Known(_) => {}
        }
    }
    if let Some(repository) = PrivateRepository::of(image) {
        statements.allow("PullImage", "ecr:GetAuthorizationToken", "*".into());
        for action in PULL {
            statements.allow("PullLayers", action, repository.arn().into());
        }
    }
    statements.into_policy()
}

/// Every ARN that ECS resolves to start the sidecars, the API key first.
fn secret_arns(settings: &Settings) -> impl Iterator<Item = Secret<'_>> {
    let api_key =
        settings.api_key.as_ref().map(|key| Secret { text: &key.reference, service: service_of(key.store) });
    let credentials = settings
        .repository_credentials
        .as_ref()
        .map(|arn| Secret { text: arn, service: Some("secretsmanager") });
    let options = settings.log_configuration.iter().flat_map(|log| log.secret_options.values());
    let others = settings.secrets.values().chain(options).map(|text| Secret { text, service: None });
    api_key.into_iter().chain(credentials).chain(others)
}

/// The ARN of a secret, and the service it belongs to where the setting says so.
#[derive(Clone, Copy)]
struct Secret<'a> {
    text: &'a Text,
    service: Option<&'static str>,
}

impl<'a> Secret<'a> {
    fn known(&self) -> Option<&'a str> {
        match self.text {
            Text::Known(text) => Some(text),
            Text::Unknown => None,
        }
    }
}

fn allow_secret(statements: &mut Statements, arn: Secret<'_>, partition: &str) {
    const READ_SECRETS: (&str, &str) = ("ReadSecrets", "secretsmanager:GetSecretValue");
    const READ_PARAMETERS: (&str, &str) = ("ReadParameters", "ssm:GetParameters");
    let Some(text) = arn.known() else {
        match arn.service {
            Some("ssm") => statements.allow(READ_PARAMETERS.0, READ_PARAMETERS.1, Node::Unknown),
            Some(_) => statements.allow(READ_SECRETS.0, READ_SECRETS.1, Node::Unknown),
            // It may turn out to be either.
            None => statements.undecided = true,
        }
        return;
    };
    match text.split(':').nth(2) {
        Some("secretsmanager") => {
            // What follows the seventh part selects a JSON key or a version and is no part of the resource.
            let resource: Vec<_> = text.splitn(8, ':').take(7).collect();
            statements.allow(READ_SECRETS.0, READ_SECRETS.1, resource.join(":").into());
        }
        Some("ssm") => statements.allow(READ_PARAMETERS.0, READ_PARAMETERS.1, text.into()),
        Some(_) => {}
        // A parameter of the task's own region and account may be given by its name alone.
        None => {
            let resource = format!("arn:{partition}:ssm:*:*:parameter/{}", text.trim_start_matches('/'));
            statements.allow(READ_PARAMETERS.0, READ_PARAMETERS.1, resource.into());
        }
    }
}

fn allow_logs(statements: &mut Statements, options: &BTreeMap<String, Text>, partition: &str) {
    let option = |name: &str| options.get(name);
    let group = match (option("awslogs-group"), option("awslogs-region")) {
        (Some(Text::Unknown), _) | (_, Some(Text::Unknown)) => Node::Unknown,
        (None, _) => return,
        (Some(Text::Known(group)), region) => {
            let (region, partition) = match region {
                Some(Text::Known(region)) => (region.as_str(), Arn::partition_of_region(region)),
                _ => ("*", partition),
            };
            // The account is the role's own whatever is written here, because a log group takes no log events from
            // another account's role; the ARN of a secret may be another account's, so it is not taken from there.
            format!("arn:{partition}:logs:{region}:*:log-group:{group}:*").into()
        }
    };
    for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
        statements.allow("WriteLogs", action, group.clone());
    }
    match option("awslogs-create-group") {
        Some(Text::Known(create)) if create == "true" => {
            statements.allow("CreateLogGroup", "logs:CreateLogGroup", group);
        }
        Some(Text::Unknown) => statements.undecided = true,
        _ => {}
    }
}

/// A private ECR repository, read from `<account>.dkr.ecr.<region>.<domain>/<name>:<tag>`.
struct PrivateRepository<'a> {
    account: &'a str,
    region: &'a str,
    name: &'a str,
}

impl<'a> PrivateRepository<'a> {
    fn of(image: &'a str) -> Option<Self> {
        let (host, name) = image.split_once('/')?;
        let (account, rest) = host.split_once(".dkr.ecr")?;
        let (region, _) = rest.strip_prefix("-fips").unwrap_or(rest).strip_prefix('.')?.split_once('.')?;
        let name = name.split(['@', ':']).next()?;
        account.bytes().all(|byte| byte.is_ascii_digit()).then_some(PrivateRepository {
            account,
            region,
            name,
        })
    }

    fn arn(&self) -> String {
        let partition = Arn::partition_of_region(self.region);
        format!("arn:{partition}:ecr:{}:{}:repository/{}", self.region, self.account, self.name)
    }
}

/// Statements under construction: by name, with actions and resources in order and none twice.
#[derive(Default)]
struct Statements {
    by_sid: BTreeMap<&'static str, Statement>,
    /// Whether a further statement may turn out to be needed.
    undecided: bool,
}

#[derive(Default)]
struct Statement {
    actions: Vec<&'static str>,
    resources: Vec<Node>,
}

impl Statements {
    fn allow(&mut self, sid: &'static str, action: &'static str, resource: Node) {
        let statement = self.by_sid.entry(sid).or_default();
        if !statement.actions.contains(&action) {
            statement.actions.push(action);
        }
        // Two unknown ARNs may be two different ones.
        if resource.is_unknown() && statement.actions[0] == action || !statement.resources.contains(&resource)
        {
            statement.resources.push(resource);
        }
    }

    fn into_policy(self) -> Node {
        if self.undecided {
            return policy(Node::Unknown);
        }
        let statements = self.by_sid.into_iter().map(|(sid, statement)| {
            Node::from([
                ("Sid", Node::from(sid)),
                ("Effect", "Allow".into()),
                ("Action", statement.actions.into()),
                ("Resource", Node::Array(statement.resources)),
            ])
        });
        policy(Node::Array(statements.collect()))
    }
}

fn policy(statements: Node) -> Node {
    Node::from([("Version", Node::from("2012-10-17")), ("Statement", statements)])
}
