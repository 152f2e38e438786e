//! A place to register at: the local endpoint or moto, and what a person with another tool sees and does there.
//!
//! Speaks through the AWS SDK and never through the provider, so that what the provider did is seen from outside.

use std::future::Future;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::{Credentials, Region};
use aws_sdk_ecs::types::{ContainerDefinition, Tag, TaskDefinition, TaskDefinitionField};

use super::local_ecs::LocalEcs;
use super::{Moto, workspace};

/// The region every story works in unless it says otherwise.
pub(crate) const REGION: &str = "ap-northeast-1";

/// Where a story registers.
#[derive(Debug)]
pub(crate) enum Backend {
    Local(LocalEcs),
    Moto(&'static Moto),
}

impl Backend {
    /// A local endpoint of this test's own.
    pub(crate) fn local() -> Self {
        Self::Local(LocalEcs::start())
    }

    /// The moto server all tests share.
    pub(crate) fn moto() -> Self {
        Self::Moto(Moto::shared())
    }

    /// The local endpoint, for stories that disturb it or look at what it was sent.
    pub(crate) fn server(&self) -> &LocalEcs {
        match self {
            Self::Local(server) => server,
            Self::Moto(_) => panic!("this story needs the local endpoint"),
        }
    }

    /// How often the local endpoint was asked to register something.
    pub(crate) fn registrations(&self) -> usize {
        self.server().requests_of("RegisterTaskDefinition").len()
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Local(server) => server.url(),
            Self::Moto(server) => server.url(),
        }
    }

    /// The required provider and a provider block that talks to this place.
    pub(crate) fn provider(&self) -> String {
        workspace::provider_block(&self.url())
    }

    /// The definition of that name, with its tags; none where there is none.
    pub(crate) fn definition(&self, name: &str) -> Option<(TaskDefinition, Vec<Tag>)> {
        self.ask(async |client| {
            let request =
                client.describe_task_definition().task_definition(name).include(TaskDefinitionField::Tags);
            let answer = request.send().await.ok()?;
            Some((answer.task_definition?, answer.tags.unwrap_or_default()))
        })
    }

    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS` of a revision; `MISSING` where there is none.
    pub(crate) fn status(&self, name: &str) -> String {
        let status = self.definition(name).and_then(|(definition, _)| definition.status);
        status.map_or("MISSING".to_owned(), |status| status.as_str().to_owned())
    }

    /// Registers a small definition of this family, as a pipeline might.
    pub(crate) fn register_foreign(&self, family: &str, image: &str) -> String {
        self.ask(async |client| {
            let app =
                ContainerDefinition::builder().name("app").image(image).memory(128).essential(true).build();
            let answer =
                client.register_task_definition().family(family).container_definitions(app).send().await;
            let definition = answer.expect("the definition is fine").task_definition;
            definition.and_then(|definition| definition.task_definition_arn).expect("it has an ARN")
        })
    }

    /// Registers the newest revision of a family once more with another image of one container, and another memory of the
    /// task where one is given, as a pipeline deploys.
    pub(crate) fn redeploy(
        &self,
        family: &str,
        container: &str,
        image: &str,
        memory: Option<&str>,
    ) -> String {
        let (newest, _) = self.definition(family).expect("there is a revision");
        let mut containers = newest.container_definitions().to_vec();
        for one in containers.iter_mut().filter(|one| one.name() == Some(container)) {
            one.image = Some(image.to_owned());
        }
        self.ask(async |client| {
            let request = client
                .register_task_definition()
                .family(family)
                .set_container_definitions(Some(containers))
                .set_volumes(newest.volumes)
                .set_cpu(newest.cpu)
                .set_memory(memory.map(str::to_owned).or(newest.memory))
                .set_network_mode(newest.network_mode)
                .set_requires_compatibilities(newest.requires_compatibilities)
                .set_runtime_platform(newest.runtime_platform)
                .set_execution_role_arn(newest.execution_role_arn);
            let definition = request.send().await.expect("it was registered before").task_definition;
            definition.and_then(|definition| definition.task_definition_arn).expect("it has an ARN")
        })
    }

    /// Deregisters a revision.
    pub(crate) fn deregister(&self, arn: &str) {
        self.ask(async |client| {
            client
                .deregister_task_definition()
                .task_definition(arn)
                .send()
                .await
                .expect("the revision exists")
        });
    }

    /// Registers a task definition whose root filesystem is as told, and has a service run it.
    pub(crate) fn deploy(&self, cluster: &str, service: &str, read_only: bool) {
        self.ask(async |client| {
            client.create_cluster().cluster_name(cluster).send().await.expect("a cluster can be made twice");
            let app = ContainerDefinition::builder()
                .name("app")
                .image("shop/app:1.0")
                .memory(128)
                .essential(true)
                .readonly_root_filesystem(read_only)
                .build();
            let registration = client.register_task_definition().family(service).container_definitions(app);
            registration.send().await.expect("the definition is fine");
            let creation = client.create_service().cluster(cluster).service_name(service);
            creation.task_definition(service).desired_count(1).send().await.expect("the service is fine");
        });
    }

    fn ask<Answer>(&self, question: impl AsyncFnOnce(Client) -> Answer) -> Answer {
        let client = Client::from_conf(
            aws_sdk_ecs::Config::builder()
                .behavior_version_latest()
                .endpoint_url(self.url())
                .region(Region::new(REGION))
                .credentials_provider(Credentials::new("AKIAOUTSIDE", "secret", None, None, "test"))
                .build(),
        );
        wait(question(client))
    }
}

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs only a few file descriptors")
        .block_on(future)
}
