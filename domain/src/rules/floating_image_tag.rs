//! `floating-image-tag`

use super::prelude::*;
use crate::rofs::agent_version::{GateKind, gates};
use crate::rofs::settings::{DEFAULT_IMAGE, Settings};

/// An image that can be a different one tomorrow.
pub(super) static RULE: Rule = Rule {
    name: "floating-image-tag",
    topic: Topic::Security,
    summary: "The image tag moves",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "Every image has a digest or a tag that always means the same image. The tags latest and stable, no tag at all, and \
             for the Datadog Agent a partial version such as 7 or 7.81 are found. It is a warning for the Agent, and a note for \
             any other image.",
    matters: "A tag that moves can mean a different image each time a task starts. Nobody can say at plan \
              time what will run, a rollback does not bring the old image back, and for the Agent nobody can \
              say whether it runs on a read-only root filesystem.",
    evidence: Evidence {
        source: "Datadog-agent deploy_mutable_image_tags.yml; README of aws-for-fluent-bit on its tags \
                 latest and stable.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "image": "example.com/shop" }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].image"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(image) = found.text(container.get("image")).and_then(Image::parse) else { continue };
        if image.digest.is_some() {
            continue;
        }
        let moves = match image.tag {
            None => "has an image without a tag, which means latest.".to_owned(),
            Some(tag) if moves(tag) || is_an_agent_that_moves(&image) => {
                format!("has an image with the tag {}, which moves.", quoted(tag))
            }
            Some(_) => continue,
        };
        let version = match Image::parse(DEFAULT_IMAGE).and_then(|image| image.tag) {
            Some(version) if image.is_datadog_agent() => version,
            _ => "1.2.3",
        };
        let pinned = format!("{}:{version}", image.repository);
        let finding = found.in_container(
            container,
            container.path().key("image"),
            moves,
            Fix::from(Edit::set(container, "image", pinned))
                .and("This is an example: write the full version that is to run. A digest will do, too."),
        );
        // Which version of an application runs is up to its owner; which Agent runs decides whether it starts.
        if !image.is_datadog_agent() {
            finding.severity = Severity::Note;
        }
    }
}

/// Tags whose names say that they follow the newest image.
fn moves(tag: &str) -> bool {
    tag.split(['-', '_', '.']).any(|word| matches!(word, "latest" | "stable" | "nightly" | "edge"))
}

/// The Agent's tags such as `7` and `7.81` follow the newest release of that version.
fn is_an_agent_that_moves(image: &Image<'_>) -> bool {
    let reference = format!("{}:{}", image.repository, image.tag.unwrap_or_default());
    let gates = || gates(&Settings { image: reference.as_str().into(), ..Settings::default() });
    image.is_datadog_agent() && gates().iter().any(|gate| gate.kind == GateKind::NotPinned)
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn tags_that_move_are_told_from_those_that_stay() {
        for (image, count) in [
            ("nginx", 1),
            ("nginx:latest", 1),
            ("localhost:5000/nginx", 1),
            ("amazon/aws-for-fluent-bit:init-latest", 1),
            ("datadog/agent:7", 1),
            ("datadog/agent:7.81-jmx", 1),
            ("datadog/agent:7.81.1", 0),
            ("postgres:9.6", 0),
            ("nginx@sha256:00ff", 0),
            ("nginx:latest@sha256:00ff", 0),
            ("{{ image }}", 0),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}"}}]}}"#);
            assert_eq!(findings_of("floating-image-tag", &document).len(), count, "{image}");
        }
    }
}
