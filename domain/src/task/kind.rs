//! What a tree was made from, and how sentences call what is around the containers there.

use super::TaskDefinition;

/// What a tree was made from: what is around the containers differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DocumentKind {
    /// A task definition of ECS.
    #[default]
    TaskDefinition,
    /// A Compose file, as [`crate::compose::workload`] reads it.
    Compose,
    /// Containers of Docker alone, as [`crate::docker::workload`] reads them.
    Docker,
    /// A Pod of Kubernetes, as [`crate::kubernetes::workloads`] reads it.
    Kubernetes,
    /// A group of a job of Nomad, as [`crate::nomad::workloads`] reads it.
    Nomad,
}

/// How sentences call what a kind of document has.
pub struct Words {
    /// The document.
    pub document: &'static str,
    /// Who reads it.
    pub reader: &'static str,
    /// One of what is in it.
    pub container: &'static str,
    /// What runs.
    pub whole: &'static str,
    /// Where what runs is.
    pub place: &'static str,
    /// When an empty volume is empty.
    pub at_first: &'static str,
    /// What an Agent does without its configuration.
    pub blind: &'static str,
    /// The key of a read-only root filesystem.
    pub read_only_root: &'static str,
    /// Where a secret that is a variable comes from, where that is not AWS.
    pub secrets_come_from: &'static str,
}

const ECS: Words = Words {
    document: "task definition",
    reader: "ECS",
    container: "container",
    whole: "the task",
    place: "on ECS",
    at_first: "when the task starts",
    blind: "collect no ecs.fargate metrics",
    read_only_root: "readonlyRootFilesystem",
    secrets_come_from: "",
};

const COMPOSE: Words = Words {
    document: "Compose file",
    reader: "Compose",
    container: "service",
    whole: "the project",
    place: "on Docker",
    at_first: "while it is new",
    blind: "run without its default configuration and checks",
    read_only_root: "read_only",
    secrets_come_from: "the variable of that name of whoever runs it, or from .env",
};

const DOCKER: Words = Words {
    document: "list of containers",
    reader: "Docker",
    container: "container",
    whole: "the workload",
    secrets_come_from: "the variable of that name of whoever runs the script",
    ..COMPOSE
};

const KUBERNETES: Words = Words {
    document: "manifest",
    reader: "Kubernetes",
    container: "container",
    whole: "the Pod",
    place: "on Kubernetes",
    at_first: "when the Pod starts",
    blind: "run without its default configuration and checks",
    read_only_root: "readOnlyRootFilesystem",
    secrets_come_from: "a Secret of the Pod's namespace",
};

const NOMAD: Words = Words {
    document: "job",
    reader: "Nomad",
    container: "task",
    whole: "the allocation",
    place: "on Nomad",
    at_first: "when the allocation starts",
    blind: "run without its default configuration and checks",
    read_only_root: "readonly_rootfs",
    secrets_come_from: "the Nomad variable of that path, which has to be put there first",
};

impl DocumentKind {
    /// How sentences call what it has.
    pub fn words(self) -> &'static Words {
        match self {
            DocumentKind::TaskDefinition => &ECS,
            DocumentKind::Compose => &COMPOSE,
            DocumentKind::Docker => &DOCKER,
            DocumentKind::Kubernetes => &KUBERNETES,
            DocumentKind::Nomad => &NOMAD,
        }
    }
}

impl TaskDefinition<'_> {
    /// How sentences call what the document has.
    pub(crate) fn words(&self) -> &'static Words {
        self.kind.words()
    }

    /// Whether it is a task definition of ECS.
    pub(crate) fn is_of_ecs(&self) -> bool {
        self.kind == DocumentKind::TaskDefinition
    }
}
