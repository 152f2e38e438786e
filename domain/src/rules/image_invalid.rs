//! `image-invalid`

use super::prelude::*;
use crate::rofs::image_grammar::{ImageFlaw, image_flaw};

/// An image that no registry can have.
pub(super) static RULE: Rule = Rule {
    name: "image-invalid",
    topic: Topic::Form,
    summary: "The image cannot be pulled under this name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every image is a reference as registries have them: a repository in small letters, in front of it at most a \
             registry with its port, behind it at most one tag and one digest. Blanks, a scheme such as https://, an empty tag, \
             two tags and a digest that is not sha256: with 64 hexadecimal digits are found.",
    matters: "ECS rejects an image with characters that it does not accept, and nobody can pull anything else that is not a reference: \
              the task does not start.",
    evidence: Evidence {
        source: "Grammar of distribution/reference, which Docker and containerd read images with; answers of \
                 RegisterTaskDefinition on record in amazon-ecs-render-task-definition issue 49 and OctopusDeploy issue \
                 10026; API model of Amazon ECS for digests.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "image": "https://example.com/shop:1.4.2" }] }"#,
    ),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app", "image": "example.com/shop:1.4.2" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].image"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        // An empty image is a missing one.
        let Some(image) = found.text(container.get("image")).filter(|image| !image.is_empty()) else {
            continue;
        };
        let Some(flaw) = image_flaw(image) else { continue };
        let says = format!("has the image {}, {}.{}", quoted(image), what(flaw), answer(flaw));
        let finding =
            found.in_container(container, container.path().key("image"), says, fix(container, image, flaw));
        if flaw == ImageFlaw::UpperCaseRegistry {
            // Some versions of the grammar take it for a registry, which nobody can reach.
            finding.severity = Severity::Warning;
        }
    }
}

fn what(flaw: ImageFlaw) -> String {
    match flaw {
        ImageFlaw::Blank => "which has a blank or the end of a line in it".to_owned(),
        ImageFlaw::Scheme => "which is a URL; an image has no scheme".to_owned(),
        ImageFlaw::Character(letter) => format!("which has the character \"{letter}\" that no image has"),
        ImageFlaw::UpperCase => "whose repository has capital letters; registries accept small ones only".to_owned(),
        ImageFlaw::UpperCaseRegistry => {
            "which begins with capital letters and is taken for a registry of that name".to_owned()
        }
        ImageFlaw::Component => {
            "in which a part between slashes is empty or has a dot, a hyphen or an underscore in the wrong place".to_owned()
        }
        ImageFlaw::TooLong => "in which registry and repository have more than 255 characters".to_owned(),
        ImageFlaw::Port => "in which the port of the registry is not a number".to_owned(),
        ImageFlaw::EmptyTag => "which has a colon and no tag behind it".to_owned(),
        ImageFlaw::TwoTags => "which has two tags".to_owned(),
        ImageFlaw::Tag => {
            "in which the tag begins with a dot or a hyphen, has brackets or has more than 128 characters".to_owned()
        }
        ImageFlaw::Digest => {
            "in which the digest is none: it is \"sha256:\" and 64 hexadecimal digits in small letters".to_owned()
        }
    }
}

/// What ECS answers, where that is on record.
fn answer(flaw: ImageFlaw) -> String {
    match flaw {
        ImageFlaw::Blank | ImageFlaw::Character(_) => {
            would_answer("Container.image contains invalid characters.")
        }
        _ => " The task would not start.".to_owned(),
    }
}

fn fix(container: &Container<'_>, image: &str, flaw: ImageFlaw) -> Fix {
    let write = |image: String| match image_flaw(&image) {
        None if !image.is_empty() => Some(Fix::from(Edit::set(container, "image", image))),
        _ => None,
    };
    let (written, advice) = match flaw {
        ImageFlaw::Blank => (write(image.split_whitespace().collect()), ""),
        ImageFlaw::Scheme => (write(without_scheme(image)), ""),
        ImageFlaw::UpperCase | ImageFlaw::UpperCaseRegistry => {
            (write(lower_case(image)), "If the repository has another name in the registry, write that.")
        }
        ImageFlaw::EmptyTag => (
            write(
                image.replacen(":@", "@", 1).trim_end_matches(':').to_owned()
                    + if image.contains('@') { "" } else { ":1.2.3" },
            ),
            if image.contains('@') {
                ""
            } else {
                "This is an example: write the full version that is to run."
            },
        ),
        ImageFlaw::TwoTags => {
            let last = image.rfind(':').unwrap_or(image.len());
            (write(image[..last].to_owned()), "Or keep the other one of the two tags.")
        }
        ImageFlaw::Digest => {
            let named = image.split('@').next().unwrap_or_default();
            let is_tagged = Image::parse(named).is_some_and(|image| image.tag.is_some());
            let example = if is_tagged { named.to_owned() } else { format!("{named}:1.2.3") };
            (
                write(example),
                "That runs what the tag stands for. For a digest, copy it whole from the registry.",
            )
        }
        ImageFlaw::Character(_)
        | ImageFlaw::Component
        | ImageFlaw::TooLong
        | ImageFlaw::Port
        | ImageFlaw::Tag => (None, ""),
    };
    match written {
        Some(fix) => fix.and(advice),
        None => "Write the image as the registry has it, such as example.com/shop:1.4.2.".into(),
    }
}

/// A URL as an image. That of a page at Docker Hub has the repository behind a path of its own.
fn without_scheme(image: &str) -> String {
    let rest = image.split_once("://").map_or(image, |(_, rest)| rest);
    let page = rest.strip_prefix("hub.docker.com/");
    let repository = page.and_then(|page| page.strip_prefix("r/").or(page.strip_prefix("_/")));
    repository.unwrap_or(rest).trim_end_matches('/').to_owned()
}

/// The same in small letters, but for its tag.
fn lower_case(image: &str) -> String {
    let last_part = image.rfind('/').map_or(0, |slash| slash + 1);
    let end = image[last_part..].find([':', '@']).map_or(image.len(), |end| last_part + end);
    image[..end].to_ascii_lowercase() + &image[end..]
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn each_is_found_once_with_what_to_write() {
        let long = format!("app:{}", "t".repeat(129));
        for (image, fix) in [
            (" ", "Write the image as the registry has it, such as example.com/shop:1.4.2."),
            ("example.com/app:1.0\\n", "Write \"image\": \"example.com/app:1.0\"."),
            ("https://example.com/app:1.0", "Write \"image\": \"example.com/app:1.0\"."),
            ("https://hub.docker.com/r/library/nginx:1.27", "Write \"image\": \"library/nginx:1.27\"."),
            (
                "example.com/App/Web:V1",
                "Write \"image\": \"example.com/app/web:V1\". If the repository has another name in the registry, write that.",
            ),
            (
                "Acme/app:1.0",
                "Write \"image\": \"acme/app:1.0\". If the repository has another name in the registry, write that.",
            ),
            (
                "example.com/app:",
                "Write \"image\": \"example.com/app:1.2.3\". This is an example: write the full version that is to run.",
            ),
            ("app:1.4:2", "Write \"image\": \"app:1.4\". Or keep the other one of the two tags."),
            (
                "app:1.4@sha256:abc",
                "Write \"image\": \"app:1.4\". That runs what the tag stands for. For a digest, copy it whole from the registry.",
            ),
            ("a,b", "Write the image as the registry has it, such as example.com/shop:1.4.2."),
            (&long, "Write the image as the registry has it, such as example.com/shop:1.4.2."),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}"}}]}}"#);
            let findings = findings_of("image-invalid", &document);
            let [finding] = findings.as_slice() else { panic!("{image}: {findings:?}") };
            assert_eq!(finding.fix_text(), fix, "{image}");
            assert_eq!(findings_of("floating-image-tag", &document), [], "{image}");
        }
    }

    #[test]
    fn what_is_missing_or_not_known_yet_is_for_others() {
        for image in
            ["", "<unknown>", "<IMAGE>", "${image}", "localhost:5000/app", "REGISTRY.example.com/app:V1"]
        {
            let document = format!(r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}"}}]}}"#);
            assert_eq!(findings_of("image-invalid", &document), [], "{image}");
        }
    }
}
