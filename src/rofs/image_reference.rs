//! Image references, `registry/repository:tag@digest`, and which of them are the Agent's.

use super::agent_version::is_windows;

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

impl<'a> Image<'a> {
    /// Takes a reference apart; none for what cannot be one, such as a template that nobody filled in.
    pub fn parse(text: &'a str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:/@".contains(&byte);
        if text.is_empty() || !text.bytes().all(allowed) {
            return None;
        }
        let (named, digest) = match text.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (text, None),
        };
        // A colon before the last slash belongs to the registry's port.
        let last_part = named.rfind('/').map_or(0, |slash| slash + 1);
        let (repository, tag) = match named[last_part..].find(':') {
            Some(colon) => (&named[..last_part + colon], Some(&named[last_part + colon + 1..])),
            None => (named, None),
        };
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

    /// Whether it is Datadog's Agent, in one of Datadog's registries or in a mirror that keeps the path.
    pub fn is_datadog_agent(&self) -> bool {
        let mut parts = self.repository.rsplit('/');
        let (last, before) = (parts.next(), parts.next());
        last == Some("agent")
            && before.is_some_and(|before| {
                matches!(before, "datadog" | "datadoghq" | "registry.datadoghq.com" | "datadoghq.azurecr.io")
            })
    }
}

/// Whether these words, entry point and command together, start the Agent in a container of its image. No words at all
/// are the image's own, which do: it has a command and no entry point (datadog-agent Dockerfile, read 2026-11).
pub fn starts_the_agent<'a>(words: impl IntoIterator<Item = &'a str>) -> bool {
    let mut words = words.into_iter().peekable();
    words.peek().is_none()
        || words.any(|word| word.contains("entrypoint.sh") || matches!(word, "agent" | "/init"))
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
        for text in ["", "{{image}}", "app:${tag}", "<IMAGE>", "my app"] {
            assert_eq!(Image::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_agent_is_recognized_in_each_registry_and_in_mirrors() {
        for repository in [
            "datadog/agent",
            "docker.io/datadog/agent",
            "public.ecr.aws/datadog/agent",
            "gcr.io/datadoghq/agent",
            "registry.datadoghq.com/agent",
            "datadoghq.azurecr.io/agent",
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/datadog/agent",
        ] {
            assert!(Image::parse(repository).unwrap().is_datadog_agent(), "{repository}");
        }
        for repository in ["agent", "datadog/cluster-agent", "grafana/agent", "datadog/agent-dev"] {
            assert!(!Image::parse(repository).unwrap().is_datadog_agent(), "{repository}");
        }
    }

    #[test]
    fn a_command_of_another_program_does_not_start_the_agent() {
        for words in [&[][..], &["/bin/entrypoint.sh"], &["agent", "run"], &["/init"]] {
            assert!(starts_the_agent(words.iter().copied()), "{words:?}");
        }
        for words in [&["sh", "-c", "cp -r /etc/datadog-agent /config"][..], &["trace-agent"]] {
            assert!(!starts_the_agent(words.iter().copied()), "{words:?}");
        }
    }
}
