use std::collections::BTreeMap;

use super::*;
use crate::rofs::platform::{KubernetesKind, LaunchType, Platform};
use crate::rofs::settings::{Apm, Dogstatsd, Secret, Seeding, Text};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn sound() -> Settings {
    let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf";
    Settings { api_key: Some(Secret::stored(arn.into())), ..Settings::default() }
}

fn map(entries: &[(&str, &str)]) -> BTreeMap<String, Text> {
    entries.iter().map(|(name, value)| ((*name).to_owned(), Text::from(*value))).collect()
}

/// Setting and summary of each problem; no text may quote a key.
fn found(settings: &Settings) -> Vec<(&'static str, &'static str)> {
    let problems = problems(settings);
    for problem in &problems {
        let texts = format!("{} {} {}", problem.summary, problem.detail, problem.fix);
        assert!(!texts.contains(KEY) && !texts.contains("hidden"), "{texts}");
        assert!(!problem.fix.is_empty() && problem.detail.ends_with('.'), "{texts}");
    }
    problems.iter().map(|problem| (problem.setting, problem.summary)).collect()
}

#[test]
fn sound_settings_have_no_problem() {
    assert_eq!(found(&sound()), []);
}

#[test]
fn the_api_key_has_one_source_and_is_never_shown() {
    let with = |api_key, secrets| Settings { api_key, secrets, ..sound() };
    let parameter = |text: &str| Some(Secret::parameter(text.into()));
    assert_eq!(found(&with(None, map(&[]))), [("api_key_secret_arn", "No API key")]);
    assert_eq!(found(&with(None, map(&[("DD_API_KEY", "arn:hidden")]))), []);
    assert_eq!(found(&with(Some(Secret::parameter(Text::Unknown)), map(&[]))), []);
    assert_eq!(
        found(&with(parameter(KEY), map(&[]))),
        [("api_key_parameter_arn", "API key in place of its ARN")]
    );
    assert_eq!(
        found(&with(sound().api_key, map(&[("DD_API_KEY", "arn:hidden")]))),
        [("secrets", "API key given twice")]
    );
}

#[test]
fn variables_that_would_break_the_pattern_are_refused() {
    let with = |environment: &[(&str, &str)]| Settings { environment: map(environment), ..sound() };
    assert_eq!(found(&with(&[("DD_API_KEY", KEY)])), [("environment", "API key in plain text")]);
    assert_eq!(found(&with(&[("DD_APP_KEY", "hidden")])), [("environment", "Key in plain text")]);
    assert_eq!(found(&with(&[("OTHER_KEY", KEY)])), [("environment", "Key in plain text")]);
    assert_eq!(
        found(&with(&[("ENTRYPOINT", "agent")])),
        [("environment", "ENTRYPOINT starts another program")]
    );
    assert_eq!(found(&with(&[("A B", "x")])), [("environment", "Not a name of a variable")]);
    for (name, value) in [
        ("ECS_FARGATE", "false"),
        ("DD_DISABLE_FILE_LOGGING", "false"),
        ("DD_APM_ENABLED", "false"),
        ("DD_DOGSTATSD_SOCKET", "/other.sock"),
        ("DD_APM_RECEIVER_PORT", "9126"),
    ] {
        assert_eq!(
            found(&with(&[(name, value)])),
            [("environment", "Variable contradicts a setting")],
            "{name}"
        );
    }
    assert_eq!(found(&with(&[("ECS_FARGATE", "true"), ("DD_SITE", "datadoghq.eu"), ("DD_X", KEY)])), []);
}

#[test]
fn a_variable_that_marks_a_platform_is_the_platforms() {
    let of = |kind| Platform::Kubernetes(kind);
    let sidecar = KubernetesKind::default();
    let node = of(KubernetesKind { per_node: true, ..sidecar });
    let own = "Variable contradicts a setting";
    let foreign = "Variable of another platform";
    for (platform, variable, value, expected) in [
        (node, "KUBERNETES", "yes", None),
        (node, "KUBERNETES", "true", Some((own, "set `mode`"))),
        (of(sidecar), "KUBERNETES", "yes", Some((own, "set `mode`"))),
        (of(sidecar), "DD_EKS_FARGATE", "true", Some((own, "set `eks_fargate`"))),
        (of(sidecar), "ECS_FARGATE", "true", Some((foreign, "Remove ECS_FARGATE from `environment`."))),
        (Platform::Compose, "KUBERNETES", "yes", Some((foreign, "Remove KUBERNETES from `environment`."))),
        (Platform::default(), "KUBERNETES", "yes", Some((foreign, "Remove KUBERNETES from `environment`."))),
        (Platform::Ecs(LaunchType::Ec2), "ECS_FARGATE", "true", Some((own, "set `launch_type`"))),
    ] {
        let settings = Settings { platform, environment: map(&[(variable, value)]), ..sound() };
        let told = problems(&settings).into_iter().find(|problem| problem.setting == "environment");
        let told = told.map(|problem| (problem.summary, problem.fix));
        let (summary, fix) = told.unzip();
        assert_eq!(summary, expected.map(|(summary, _)| summary), "{platform:?} {variable}={value}");
        if let (Some(fix), Some((_, wanted))) = (fix, expected) {
            assert!(fix.contains(wanted), "{platform:?} {variable}={value}: {fix}");
        }
    }
    let secrets = map(&[("KUBERNETES", "datadog-secret/kubernetes")]);
    for (platform, summary) in
        [(node, "Secret replaces a variable of the pattern"), (Platform::Compose, foreign)]
    {
        let settings = Settings { platform, secrets: secrets.clone(), ..sound() };
        let told: Vec<_> = problems(&settings).into_iter().filter(|one| one.setting == "secrets").collect();
        assert_eq!(told.iter().map(|one| one.summary).collect::<Vec<_>>(), [summary], "{platform:?}");
    }
}

#[test]
fn a_name_is_not_in_environment_and_secrets() {
    let both =
        Settings { environment: map(&[("A", "hidden")]), secrets: map(&[("A", "arn:hidden")]), ..sound() };
    assert_eq!(found(&both), [("environment", "Variable is in environment and in secrets")]);
    let owned = Settings { secrets: map(&[("DD_APM_ENABLED", "arn:hidden")]), ..sound() };
    assert_eq!(found(&owned), [("secrets", "Secret replaces a variable of the pattern")]);
}

#[test]
fn paths_the_agent_writes_stay_in_writable_directories() {
    let with = |value, file_logging| Settings {
        environment: map(&[("DD_LOG_FILE", value)]),
        file_logging,
        ..sound()
    };
    let outside = [("environment", "Path of the Agent outside its writable directories")];
    assert_eq!(found(&with("/opt/datadog-agent/run/agent.log", false)), []);
    assert_eq!(found(&with("/var/log/datadog/agent.log", true)), []);
    assert_eq!(found(&with("/var/log/datadog/agent.log", false)), outside);
    assert_eq!(found(&with("/opt/datadog-agent/running/agent.log", false)), outside);
    assert_eq!(found(&with("/opt/datadog-agent/run/../agent.log", false)), outside);
}

#[test]
fn two_containers_have_two_names() {
    let same = Settings { init_container_name: "datadog-agent".to_owned(), ..sound() };
    assert_eq!(found(&same), [("init_container_name", "Both containers have one name")]);
}

#[test]
fn a_port_is_one() {
    for (port, is_one) in [(0, false), (1, true), (65_535, true), (65_536, false)] {
        let settings = Settings { apm: Apm { port: Some(port), ..Apm::default() }, ..sound() };
        let expected: &[_] = if is_one { &[] } else { &[("apm.port", "Number out of range")] };
        assert_eq!(found(&settings), expected, "{port}");
    }
}

#[test]
fn switches_need_their_listener() {
    let off = Settings {
        apm: Apm { enabled: false, profiling: Some(true), data_streams: Some(false), ..Apm::default() },
        dogstatsd: Dogstatsd { enabled: false, port: Some(8125), ..Dogstatsd::default() },
        ..sound()
    };
    assert_eq!(
        found(&off),
        [
            ("apm.profiling", "Setting without its listener"),
            ("dogstatsd.port", "Setting without its listener")
        ]
    );
}

#[test]
fn tags_and_site_are_what_the_agent_reads() {
    let odd = Settings {
        tags: map(&[("team", "a b"), ("ok", "x")]),
        site: Some("\"datadoghq.com\"".into()),
        ..sound()
    };
    assert_eq!(found(&odd), [("tags", "Tag that would fall apart"), ("site", "Not a site")]);
}

#[test]
fn a_site_is_judged_as_the_variable_is() {
    for (site, fix) in [
        ("https://app.datadoghq.eu", Some("Write it as in site = \"datadoghq.eu\".")),
        ("us5", Some("Write it as in site = \"us5.datadoghq.com\".")),
        ("my site", Some("Write it as in site = \"datadoghq.com\".")),
        ("us5.datadoghq.com", None),
        // A warning of the rule about DD_SITE.
        ("datadog.com", None),
        ("eu2.datadoghq.com", None),
    ] {
        let settings = Settings { site: Some(site.into()), ..Settings::default() };
        let problems = problems(&settings);
        let found = problems.iter().find(|problem| problem.setting == "site");
        assert_eq!(found.map(|problem| problem.fix.as_str()), fix, "{site}");
    }
}

/// Key, summary and fix of each problem of these files.
fn of_files(files: &[(&str, &str)]) -> Vec<(String, &'static str, String)> {
    let settings = Settings { config_files: map(files), ..sound() };
    assert!(found(&settings).iter().all(|(setting, _)| *setting == "config_files"));
    problems(&settings).into_iter().map(|one| (one.key.unwrap_or_default(), one.summary, one.fix)).collect()
}

#[test]
fn each_file_that_cannot_be_written_is_told_at_its_key() {
    for (path, summary, fix) in [
        ("", "A file without a path", "Write it as in \"conf.d/redisdb.d/conf.yaml\"."),
        ("/etc/datadog-agent/conf.d/x.yaml", "An absolute path", "Write it as \"conf.d/x.yaml\"."),
        ("/etc/passwd", "An absolute path", "Write it as in \"conf.d/redisdb.d/conf.yaml\"."),
        ("/etc/datadog-agent/../x", "An absolute path", "Write it as in \"conf.d/redisdb.d/conf.yaml\"."),
        (
            "conf.d/../../x",
            "A path that leads out of the directory",
            "Write the path from /etc/datadog-agent on, without `..`.",
        ),
        ("conf.d", "A folder in place of a file", "Write the path of a file, as in \"conf.d/conf.yaml\"."),
        (
            "conf.d/redisdb.d/",
            "A folder in place of a file",
            "Write the path of a file, as in \"conf.d/redisdb.d/conf.yaml\".",
        ),
        (".", "A folder in place of a file", "Write it as in \"conf.d/redisdb.d/conf.yaml\"."),
        ("x\ty.yaml", "A path with control characters", "Write the path without it."),
        ("x\0", "A path with control characters", "Write the path without it."),
        ("auth_token", "A file that the Agent writes itself", "Remove it."),
        ("./ipc_cert.pem", "A file that the Agent writes itself", "Remove it."),
        (
            "conf.d/disk.d/conf.yaml.default",
            "A file that the image removes at start",
            "Write it as \"conf.d/disk.d/conf.yaml\".",
        ),
    ] {
        assert_eq!(
            of_files(&[(path, "hidden: true")]),
            [(path.to_owned(), summary, fix.to_owned())],
            "{path}"
        );
    }
    assert_eq!(of_files(&[(&"x".repeat(300), "a")])[0].1, "A name that is too long");
}

#[test]
fn files_that_can_be_written_have_no_problem() {
    let files = [
        ("conf.d/redisdb.d/conf.yaml", "a: b\r\n\tc\u{c}\n"),
        ("conf.d/redisdb.d/auto_conf.yaml", "\u{e9}\u{1f600}"),
        ("conf.d/x.d/conf.yaml.default", "ad_identifiers: [_ecs_fargate]"),
        ("./checks.d/x.py", "\n"),
        ("datadog.yaml", "# nothing"),
        ("datadog.yaml.default", "a"),
    ];
    assert_eq!(of_files(&files), []);
    let unknown = [("conf.d/x.d/conf.yaml.default".to_owned(), Text::Unknown)];
    assert_eq!(found(&Settings { config_files: unknown.into(), ..sound() }), []);
}

#[test]
fn a_content_is_text_and_says_something() {
    for (content, summary) in [
        ("", "A file without a content"),
        ("hidden\0", "Content that is not text"),
        ("hidden\u{1b}[0m", "Content that is not text"),
        ("hidden\u{9b}", "Content that is not text"),
    ] {
        let told = of_files(&[("x.yaml", content)]);
        assert_eq!(told.iter().map(|one| one.1).collect::<Vec<_>>(), [summary], "{content:?}");
    }
}

#[test]
fn two_keys_of_one_file_and_a_file_above_another_are_told_with_both() {
    let told = of_files(&[("./a.yaml", "hidden"), ("a.yaml", "hidden")]);
    let fix = "Remove one of them, or write both as \"a.yaml\".".to_owned();
    assert_eq!(told, [("a.yaml".to_owned(), "Two contents for one file", fix)]);
    let told = of_files(&[("a", "x"), ("a-b", "x"), ("a/b/c", "x"), ("ab", "x")]);
    assert_eq!(
        told.iter().map(|one| (one.0.as_str(), one.1)).collect::<Vec<_>>(),
        [("a", "A file where a folder has to be")]
    );
}

#[test]
fn all_of_it_is_told_at_once() {
    let told = of_files(&[("", ""), ("../x", "\0"), ("auth_token", "a"), ("conf.d/", "a")]);
    assert_eq!(told.len(), 6, "{told:?}");
}

#[test]
fn files_of_an_image_with_volumes_come_with_the_image() {
    let files = map(&[("conf.d/redisdb.d/conf.yaml", "hidden")]);
    let image_volumes = Settings { seeding: Seeding::ImageVolumes, ..sound() };
    assert_eq!(found(&image_volumes), []);
    let settings = Settings { config_files: files, ..image_volumes };
    assert_eq!(found(&settings), [("config_files", "Files that nobody writes")]);
    let fix = problems(&settings).remove(0).fix;
    let lines = "\n  COPY conf.d/redisdb.d/conf.yaml /etc/datadog-agent/conf.d/redisdb.d/conf.yaml\n  VOLUME [\"/etc/datadog-agent\", ";
    assert!(fix.contains(lines), "{fix}");
}

#[test]
fn a_main_file_without_the_listener_is_told_where_the_agent_does_not_look_by_itself() {
    let off = "log_level: warn\nautoconfig_from_environment: false # hidden\n";
    let listens = format!("{off}listeners:\n  - name: ecs\n");
    let by_variable = map(&[("DD_AUTOCONFIG_FROM_ENVIRONMENT", "false")]);
    let on = map(&[("DD_AUTOCONFIG_FROM_ENVIRONMENT", "true")]);
    let extra = map(&[("DD_EXTRA_LISTENERS", "ecs")]);
    let told: &[_] = &[("config_files", "An Agent that finds no container")];
    for (path, content, environment, expected) in [
        ("datadog.yaml", off, BTreeMap::new(), told),
        ("./datadog.yaml", off, BTreeMap::new(), told),
        ("datadog.yaml", "log_level: warn", by_variable, told),
        ("datadog.yaml", off, on, &[]),
        ("datadog.yaml", off, extra, &[]),
        ("datadog.yaml", &listens, BTreeMap::new(), &[]),
        ("datadog.yaml", "log_level: warn", BTreeMap::new(), &[]),
        ("system-probe.yaml", off, BTreeMap::new(), &[]),
    ] {
        let settings = Settings { config_files: map(&[(path, content)]), environment, ..sound() };
        assert_eq!(found(&settings), expected, "{path} {content}");
    }
    let unknown = [("datadog.yaml".to_owned(), Text::Unknown)].into();
    assert_eq!(found(&Settings { config_files: unknown, ..sound() }), []);
}
