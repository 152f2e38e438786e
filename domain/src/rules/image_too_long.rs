//! `image-too-long`

use super::prelude::*;
use crate::ecs::shapes::limits::IMAGE_LENGTH;

/// An image reference that is longer than ECS says it may be.
pub(super) static RULE: Rule = Rule {
    name: "image-too-long",
    topic: Topic::Form,
    summary: "The image reference is too long",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "An image reference has at most 255 characters, its tag and digest included.",
    matters: "ECS documents this limit, so the registration is expected to fail.",
    evidence: Evidence {
        source: "API reference of ContainerDefinition, image.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "image": "example.com/a-team-with-a-rather-long-name/a-department-with-a-rather-long-name/a-product-with-a-rather-long-name/a-service-with-a-rather-long-name:a-branch-with-a-rather-long-name-1.4.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
  ]
}"#,
    ),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app", "image": "example.com/shop:1.4.2" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].image"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(text) = found.text(container.get("image")) else { continue };
        let count = text.chars().count();
        // A name that is too long by itself is no name of an image.
        let Some(image) = Image::parse(text).filter(|image| image.repository.len() <= IMAGE_LENGTH) else {
            continue;
        };
        if count <= IMAGE_LENGTH {
            continue;
        }
        let shorter = match (image.tag, image.digest) {
            (Some(_), Some(digest)) => format!("{}@{digest}", image.repository),
            _ => image.repository.to_owned(),
        };
        let fix = match shorter.len() <= IMAGE_LENGTH && image.digest.is_some() {
            true => {
                Fix::from(Edit::set(container, "image", shorter)).and("Beside a digest, a tag has no effect.")
            }
            false => "Give the image a shorter name or a shorter tag.".into(),
        };
        found.in_container(
            container,
            container.path().key("image"),
            format!("has an image reference of {count} characters, and ECS allows {IMAGE_LENGTH}."),
            fix,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn the_limit_itself_passes() {
        let parts = ["a".repeat(120), "b".repeat(124)];
        for (tag, expected) in [("1.4.2.3", 0), ("1.4.2.34", 0), ("1.4.2.345", 0), ("1.4.2.3456", 1)] {
            let image = format!("{}/{}:{tag}", parts[0], parts[1]);
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}"}}]}}"#);
            assert_eq!(findings_of(RULE.name, &document).len(), expected, "{} characters", image.len());
        }
    }
}
