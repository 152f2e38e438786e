//! Image references, `registry/repository:tag@digest`, and which of them are the Agent's.

use super::agent_version::is_windows;
use super::image_grammar::{self, ImageFlaw, Parts, image_flaw};

/// The parts of an image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    /// Registry and repository.
    pub repository: &'a str,
    /// Tag, where one is given.
    pub tag: Option<&'a str>,
    /// Digest, where one is given.
    pub digest: Option<&'a str>,
}

/// The repository of an image, as far as the Agent is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentRepository {
    /// The Agent, in one of Datadog's registries or in a mirror that keeps the path: the tag says its version.
    Datadog,
    /// A repository of somebody's own that is called after the Agent: what its tags say is up to its owner.
    Own,
    /// Another program of Datadog's, such as DogStatsD alone.
    OtherProgram,
    /// Any other.
    Nobodys,
}

/// Where Datadog publishes, by the part of the path before the image's name.
const NAMESPACES: [&str; 4] = ["datadog", "datadoghq", "registry.datadoghq.com", "datadoghq.azurecr.io"];

/// Datadog's other programs, by the words in the name of their images: names that a mirror keeps (Datadog's registries and the
/// Dockerfiles of its repositories, read 2026-11).
const OTHERS: [&[&str]; 18] = [
    &["dogstatsd"],
    &["cluster", "agent"],
    &["cws", "instrumentation"],
    &["serverless", "init"],
    &["serverless", "compat"],
    &["lambda", "extension"],
    &["private", "action", "runner"],
    &["synthetics", "private", "location"],
    &["observability", "pipelines"],
    &["apm", "inject"],
    &["dd", "lib"],
    &["docker", "dd", "agent"],
    &["agent", "data", "plane"],
    &["agentless", "scanner"],
    &["datadog", "operator"],
    &["ddot", "collector"],
    &["otel", "agent"],
    &["trace", "agent"],
];

impl<'a> Image<'a> {
    /// Takes a reference apart; none for what is none. Which image it is shows even beside a digest that is none.
    pub fn parse(text: &'a str) -> Option<Self> {
        if !matches!(image_flaw(text), None | Some(ImageFlaw::Digest)) {
            return None;
        }
        let Parts { repository, tag, digest } = image_grammar::parts(text);
        Some(Self { repository, tag, digest })
    }

    /// Whether its registry is a private one of Amazon ECR: `account.dkr.ecr.region.amazonaws.com`, or
    /// `account.dkr-ecr.region.on.aws` on both kinds of network.
    pub(crate) fn is_in_private_ecr(&self) -> bool {
        let registry = self.repository.split('/').next().unwrap_or_default();
        let mut labels = registry.split('.').skip(1);
        matches!((labels.next(), labels.next()), (Some("dkr"), Some("ecr")) | (Some("dkr-ecr"), Some(_)))
    }

    /// Whether it says by its tag, or by its place in Microsoft's registry, that it is made for Windows. `dotnet/framework`
    /// exists for Windows only (Microsoft Artifact Registry, seen 2026-11).
    pub fn is_for_windows(&self) -> bool {
        let of_microsoft = self.repository.strip_prefix("mcr.microsoft.com/").is_some_and(|path| {
            path.starts_with("windows/") || path == "windows" || path.starts_with("dotnet/framework/")
        });
        of_microsoft || self.tag.is_some_and(|tag| tag.split('-').any(is_windows))
    }

    /// Which image it is, as far as the Agent is concerned.
    pub fn agent_repository(&self) -> AgentRepository {
        let mut parts = self.repository.rsplit('/');
        let last = parts.next().unwrap_or_default();
        let before = parts.next().unwrap_or_default();
        let words: Vec<&str> = last.split(['-', '_', '.']).collect();
        let follow = |pair: [&str; 2]| words.windows(2).any(|words| words == pair);
        let is_in_a_folder_of_datadog = NAMESPACES.contains(&before);
        if last == "agent" && is_in_a_folder_of_datadog {
            return AgentRepository::Datadog;
        }
        let is_other = OTHERS.iter().any(|other| words.windows(other.len()).any(|words| words == *other));
        let is_agents = words.first() == Some(&"agent") && before.split(['-', '_', '.']).any(is_datadog);
        let is_called_so = follow(["datadog", "agent"])
            || follow(["dd", "agent"])
            || words.iter().any(|word| matches!(*word, "datadogagent" | "ddagent"));
        if is_other {
            AgentRepository::OtherProgram
        } else if is_agents || is_called_so {
            AgentRepository::Own
        } else if is_in_a_folder_of_datadog && self.is_in_a_registry_of_datadog() {
            AgentRepository::OtherProgram
        } else {
            AgentRepository::Nobodys
        }
    }

    /// Whether it is Datadog's Agent, in one of Datadog's registries or in a mirror that keeps the path.
    pub fn is_datadog_agent(&self) -> bool {
        self.agent_repository() == AgentRepository::Datadog
    }

    /// Whether it is Datadog's Agent as Datadog publishes it. A mirror may hold an image that somebody built on it.
    pub(crate) fn is_as_published(&self) -> bool {
        self.is_datadog_agent() && self.is_in_a_registry_of_datadog()
    }

    /// Whether it is where Datadog itself publishes.
    fn is_in_a_registry_of_datadog(&self) -> bool {
        let registry = match self.repository.rsplit_once('/') {
            Some((registry, _)) => registry,
            None => return false,
        };
        let registry =
            registry.strip_suffix("/datadog").or(registry.strip_suffix("/datadoghq")).unwrap_or(registry);
        matches!(
            registry,
            "datadog" | "docker.io" | "index.docker.io" | "registry-1.docker.io" | "public.ecr.aws"
        ) || matches!(registry, "registry.datadoghq.com" | "datadoghq.azurecr.io")
            || registry == "gcr.io"
            || registry.ends_with(".gcr.io")
    }
}

fn is_datadog(word: &str) -> bool {
    matches!(word, "datadog" | "datadoghq")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_taken_apart() {
        let image = Image::parse("localhost:5000/team/app:1.2@sha256:ab").unwrap();
        assert_eq!(image.repository, "localhost:5000/team/app");
        assert_eq!(image.tag, Some("1.2"));
        assert_eq!(image.digest, Some("sha256:ab"));
        assert_eq!(Image::parse("localhost:5000/app").unwrap().tag, None);
    }

    #[test]
    fn a_template_is_not_a_reference() {
        for text in
            ["", "{{image}}", "app:${tag}", "<IMAGE>", "my app", "https://example.com/app", "App", "app:"]
        {
            assert_eq!(Image::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_agent_is_told_from_others_by_its_repository() {
        for (repository, whose) in [
            ("datadog/agent", AgentRepository::Datadog),
            ("docker.io/datadog/agent", AgentRepository::Datadog),
            ("public.ecr.aws/datadog/agent", AgentRepository::Datadog),
            ("gcr.io/datadoghq/agent", AgentRepository::Datadog),
            ("eu.gcr.io/datadoghq/agent:7", AgentRepository::Datadog),
            ("registry.datadoghq.com/agent", AgentRepository::Datadog),
            ("datadoghq.azurecr.io/agent", AgentRepository::Datadog),
            (
                "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/datadog/agent",
                AgentRepository::Datadog,
            ),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog-agent:7.70.0", AgentRepository::Own),
            ("ghcr.io/acme/datadog-agent-custom", AgentRepository::Own),
            ("acme/base-datadog-agent", AgentRepository::Own),
            ("acme/datadog_agent", AgentRepository::Own),
            ("acme/dd-agent", AgentRepository::Own),
            ("acme/datadogagent", AgentRepository::Own),
            ("datadog/agent-dev:nightly-main", AgentRepository::Own),
            ("registry.example.com/datadog-mirror/agent", AgentRepository::Own),
            ("registry.example.com/datadog/agent-custom", AgentRepository::Own),
            ("datadog/dogstatsd", AgentRepository::OtherProgram),
            ("gcr.io/datadoghq/dogstatsd:7.60.0", AgentRepository::OtherProgram),
            ("registry.example.com/mirror/dogstatsd", AgentRepository::OtherProgram),
            ("datadog/cluster-agent", AgentRepository::OtherProgram),
            ("acme/datadog-cluster-agent", AgentRepository::OtherProgram),
            ("public.ecr.aws/datadog/cws-instrumentation", AgentRepository::OtherProgram),
            ("datadog/serverless-init", AgentRepository::OtherProgram),
            ("datadog/docker-dd-agent", AgentRepository::OtherProgram),
            ("gcr.io/datadoghq/dd-lib-java-init", AgentRepository::OtherProgram),
            ("datadog/something-new", AgentRepository::OtherProgram),
            ("registry.datadoghq.com/something-new", AgentRepository::OtherProgram),
            ("agent", AgentRepository::Nobodys),
            ("grafana/agent", AgentRepository::Nobodys),
            ("acme/add-agent", AgentRepository::Nobodys),
            ("acme/datadog", AgentRepository::Nobodys),
            ("acme/datadog-agentless", AgentRepository::Nobodys),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/datadog/orders", AgentRepository::Nobodys),
            ("buildkite/agent", AgentRepository::Nobodys),
        ] {
            assert_eq!(Image::parse(repository).unwrap().agent_repository(), whose, "{repository}");
        }
    }
}
