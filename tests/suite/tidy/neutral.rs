//! The pattern is written once, for every platform: in `domain/src/rofs/` only `platform/` names one.

use super::{TextFile, assert_none, rust_files};

/// Where platforms are told apart, and where names are kept that belong to images, their registries and their programs.
const MAY_NAME_THEM: [&str; 6] = [
    "domain/src/rofs/platform/mod.rs",
    "domain/src/rofs/platform/facts.rs",
    "domain/src/rofs/platform/words.rs",
    "domain/src/rofs/image_reference.rs",
    "domain/src/rofs/known_images.rs",
    "domain/src/rofs/known_names.rs",
];

/// Words for what only one platform has.
const WORDS: [&str; 32] = [
    "ARN",
    "arn",
    "AWS",
    "EC2",
    "ECS",
    "Ecs",
    "ECS_FARGATE",
    "FARGATE",
    "Fargate",
    "awslogs",
    "awsvpc",
    "dependsOn",
    "mountPoints",
    "valueFrom",
    "task_definition",
    "SecretsManager",
    "Compose",
    "compose",
    "depends_on",
    "env_file",
    "healthcheck",
    "mem_limit",
    "service_completed_successfully",
    "service_healthy",
    "stop_grace_period",
    "Kubernetes",
    "ConfigMap",
    "emptyDir",
    "Nomad",
    "Vault",
    "LaunchType",
    "launch_type",
];

#[test]
fn the_pattern_names_no_platform() {
    let files = rust_files();
    let pattern: Vec<_> = files.iter().filter(|file| is_of_the_pattern(&file.path)).collect();
    assert!(pattern.len() > 15, "the pattern has moved: only {} files of it were found", pattern.len());
    assert_none(pattern.into_iter().flat_map(named).collect());
}

fn is_of_the_pattern(path: &str) -> bool {
    path.starts_with("domain/src/rofs/") && !path.ends_with("/tests.rs") && !MAY_NAME_THEM.contains(&path)
}

/// Every line of the code that names a platform. Comments and evidence may cite what was read about one.
fn named(file: &TextFile) -> Vec<String> {
    let shipped = file.text.split("#[cfg(test)]").next().unwrap_or_default();
    let code = shipped.lines().enumerate().filter(|(_, line)| {
        let line = line.trim_start();
        !line.starts_with("//") && !line.starts_with("evidence: \"")
    });
    code.flat_map(|(number, line)| {
        let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words.filter(|word| WORDS.contains(word)).map(move |word| {
            format!("{}:{}: {word} is for domain/src/rofs/platform/ or a renderer", file.path, number + 1)
        })
    })
    .collect()
}

#[test]
fn a_platform_that_is_named_is_found() {
    let file = |text: &str| TextFile { path: "domain/src/rofs/x.rs".to_owned(), text: text.to_owned() };
    let of = |text: &str| named(&file(text));
    assert_eq!(
        of("let a = 1;\nset(\"ECS_FARGATE\", \"true\");"),
        ["domain/src/rofs/x.rs:2: ECS_FARGATE is for domain/src/rofs/platform/ or a renderer"]
    );
    assert_eq!(of("format!(\"ECS refuses the ARN\")").len(), 2);
    assert_eq!(of("format!(\"depends_on of Compose\")").len(), 2);
    assert_eq!(of("// ECS does so.\nevidence: \"ECS developer guide\",\nlet warning = specs;"), [""; 0]);
    assert_eq!(of("fn x() {}\n#[cfg(test)]\nmod tests { const A: &str = \"ECS\"; }"), [""; 0]);
}
