//! Plain Docker for several settings, compared with `tests/golden/docker/`, and the scripts really run. `UPDATE_EXPECT=1` rewrites
//! the golden files.

use std::fs;

use ddrofs::document::{Node, to_json};
use ddrofs::ecs::digest;
use ddrofs::render::{self, docker};
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{
    Apm, HealthCheck, LogConfiguration, Probe, Secret, Seeding, Settings, Store, Text,
};
use ddrofs::rofs::workload::VolumeKind;
use ddrofs::rofs::{assemble, config_dockerfile, dockerfile};
use ddrofs::rules::{DocumentKind, Severity, judge_document};
use proptest::prelude::*;

use super::{assert_sound, every_recorded, golden, shown};

use crate::docker_machine::{Machine, deeds};
use crate::scenarios::{self, everything, key_in_the_file, map, ports_in_place_of_sockets, unknown_parts};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// What a user has to say at least.
fn minimal() -> Settings {
    scenarios::minimal(Platform::Docker)
}

fn document(settings: &Settings) -> Node {
    render::of(settings.platform).document(&assemble(settings)).unwrap()
}

fn commands(settings: &Settings) -> String {
    let document = document(settings);
    docker::commands(&document, &digest(&to_json(&document).unwrap())).unwrap()
}

/// The arguments and the wiring as JSON, and the script.
fn check(name: &str, settings: &Settings) {
    assert_sound(name, settings);
    let wiring = docker::wiring(&assemble(settings));
    let made = Node::from([("document", document(settings)), ("wiring", wiring)]);
    golden("docker", &format!("{name}.json"), &(serde_json::to_string_pretty(&shown(&made)).unwrap() + "\n"));
    golden("docker", &format!("{name}.sh"), &commands(settings));
}

#[test]
fn what_every_platform_has_on_record() {
    every_recorded(Platform::Docker, check);
}

#[test]
fn everything_set() {
    check(
        "everything",
        &Settings {
            secrets: map(&[("DD_APP_KEY", "MY_APP_KEY")]),
            log_configuration: Some(LogConfiguration {
                log_driver: "json-file".into(),
                options: map(&[("max-size", "10m"), ("max-file", "3")]),
                secret_options: map(&[]),
            }),
            ..everything(minimal())
        },
    );
}

#[test]
fn a_key_from_a_file() {
    let key = key_in_the_file("/etc/datadog/api key");
    check("api_key_file", &Settings { api_key: Some(key), ..minimal() });
}

#[test]
fn an_agent_of_another_name_is_called_by_it() {
    let settings = Settings { container_name: "dd".to_owned(), ..minimal() };
    check("ports_of_another_name", &ports_in_place_of_sockets(settings));
}

/// The content of a file at a plain path and of one at a path that a shell and a builder would read otherwise.
fn with_files() -> Settings {
    let files = map(&[
        ("conf.d/redisdb.d/conf.yaml", "instances:\n  - host: $REDIS\n"),
        ("checks.d/it's mine.py", "# first\n"),
    ]);
    Settings { config_files: files, ..minimal() }
}

#[test]
fn texts_that_a_shell_would_read_otherwise() {
    check(
        "literal",
        &Settings {
            environment: map(&[
                ("A", "$HOME `id` $(id) ${B:-c}"),
                ("QUOTES", "it's \"so\" \\ it\nis"),
                ("EMPTY", ""),
                ("STARS", "* ? [a] ~ # !"),
            ]),
            health_check: Some(HealthCheck {
                probe: Probe::Program(vec!["sh".to_owned(), "-c".to_owned(), "test 'a' = \"$X\"".to_owned()]),
                ..HealthCheck::default()
            }),
            ..minimal()
        },
    );
}

#[test]
fn parts_known_only_at_apply() {
    let document = document(&unknown_parts(minimal()));
    assert_eq!(docker::commands(&document, "x"), None);
    golden(
        "docker",
        "unknown_parts.json",
        &(serde_json::to_string_pretty(&shown(&document)).unwrap() + "\n"),
    );
}

#[test]
fn dockerfiles_of_the_two_images() {
    let image = "public.ecr.aws/datadog/agent:7.81.1";
    let files = || ["conf.d/redisdb.d/conf.yaml", "checks.d/it's mine.py"];
    golden("docker", "config.Dockerfile", &config_dockerfile(image, files()));
    golden("docker", "volumes.Dockerfile", &dockerfile(image, files()));
}

#[test]
fn no_rule_has_anything_to_say_of_what_is_written() {
    // Whether user 100 may use the machine's socket is the machine's to say.
    let user = Settings { user: Some("100:999".into()), ..minimal() };
    let key = key_in_the_file("/etc/datadog/api_key");
    let file = Settings { api_key: Some(key), file_logging: true, ..minimal() };
    let of_an_image = Settings { seeding: Seeding::ImageVolumes, ..minimal() };
    for settings in
        [minimal(), user, file, of_an_image, with_files(), Settings { flares: false, ..minimal() }]
    {
        let judgement = judge_document(DocumentKind::Docker, &document(&settings), Some(&settings));
        let worth_a_word = judgement.findings.iter().filter(|finding| finding.severity <= Severity::Warning);
        let told: Vec<String> = worth_a_word.map(|one| format!("{} {}", one.rule, one.path)).collect();
        assert_eq!(told, [""; 0]);
    }
}

#[test]
fn what_is_the_engines_is_found_without_compose() {
    let of_an_image = Settings {
        image: "example.com/acme/datadog-agent".into(),
        seeding: Seeding::ImageVolumes,
        ..minimal()
    };
    for (settings, expected) in [
        (
            Settings { user: Some("100".into()), ..minimal() },
            "docker-socket-not-readable warning containers[1].user",
        ),
        (of_an_image, "config-volume-stale note containers[0].volumes[0]"),
    ] {
        let told = judge_document(DocumentKind::Docker, &document(&settings), Some(&settings)).findings;
        let told: Vec<String> =
            told.iter().map(|one| format!("{} {} {}", one.rule, one.severity_word(), one.path)).collect();
        assert!(told.iter().any(|one| one == expected), "{expected} is not in {told:?}");
    }
}

#[test]
fn what_is_wrong_is_found_at_the_argument() {
    let settings = Settings { image: "public.ecr.aws/datadog/agent:7.50.0".into(), ..minimal() };
    let mut document = document(&settings);
    let mut told = judge_document(DocumentKind::Docker, &document, None).findings;
    let Node::Object(members) = &mut document else { panic!("{document:?}") };
    let Some(Node::Array(containers)) = members.get_mut("containers") else { panic!("no containers") };
    let Node::Object(agent) = &mut containers[1] else { panic!("no Agent") };
    agent.insert("secrets".to_owned(), Node::Null);
    agent.insert("read_only".to_owned(), false.into());
    told.extend(judge_document(DocumentKind::Docker, &document, None).findings);
    let places: Vec<String> = told.iter().map(|one| format!("{} {}", one.rule, one.path)).collect();
    for expected in [
        "agent-version-too-old containers[1].image",
        "agent-api-key-missing containers[1].env",
        "root-filesystem-writable containers[1].read_only",
    ] {
        assert!(places.iter().any(|place| place == expected), "{expected} is not in {places:#?}");
    }
    let key = told.iter().find(|one| one.rule == "agent-api-key-missing").unwrap();
    key.fix.apply(&mut document);
    let left = judge_document(DocumentKind::Docker, &document, None).findings;
    assert!(left.iter().all(|one| one.rule != "agent-api-key-missing"), "{left:#?}");
}

#[test]
fn what_docker_has_no_words_for_is_refused() {
    for (kind, is_refused) in [
        (VolumeKind::Empty, true),
        (VolumeKind::Configuration, true),
        (VolumeKind::Tmpfs, false),
        (VolumeKind::HostPath("/x"), false),
    ] {
        let mut workload = assemble(&minimal());
        workload.volumes[0].kind = kind;
        let refused = render::of(Platform::Docker).document(&workload);
        assert_eq!(refused.is_err(), is_refused, "{kind:?}");
    }
}

/// Runs it and says whether it went well, with what it did.
fn run(machine: &Machine, settings: &Settings, variables: &[(&str, &str)]) -> (bool, Vec<String>, String) {
    let output = machine.run(&commands(settings), variables);
    let calls = machine.calls();
    assert!(!format!("{calls:?}").contains(KEY), "a key was among the arguments of a program");
    (output.status.success(), deeds(&calls), String::from_utf8(output.stderr).unwrap())
}

const WITH_KEY: &[(&str, &str)] = &[("DD_API_KEY", KEY)];
const IMAGE: &str = "public.ecr.aws/datadog/agent:7.81.1";

#[test]
fn a_script_that_is_run_twice_changes_nothing_the_second_time() {
    let named = |name: &str, settings: Settings| (name.to_owned(), settings);
    let ports = Settings { apm: Apm { socket: false, ..Apm::default() }, ..minimal() };
    for (name, settings) in [
        named("plain", minimal()),
        named("ports", ports),
        named("files", with_files()),
        named("healthy", Settings { wait_until_healthy: true, ..minimal() }),
        named("image", Settings { seeding: Seeding::ImageVolumes, ..minimal() }),
    ] {
        let machine = Machine::new(&format!("twice-{name}"));
        let (went_well, did, said) = run(&machine, &settings, WITH_KEY);
        assert!(went_well && did.last().unwrap() == "run datadog-agent", "{name}: {did:?} {said}");
        let before = machine.snapshot();
        let (went_well, did, said) = run(&machine, &settings, WITH_KEY);
        assert!(went_well, "{name}: {said}");
        assert_eq!(did, [""; 0], "{name}");
        assert_eq!(machine.snapshot(), before, "{name}");
    }
}

#[test]
fn volumes_come_first_then_the_copy_and_then_the_agent() {
    let machine = Machine::new("order");
    let settings = Settings { apm: Apm { socket: false, ..Apm::default() }, ..minimal() };
    let (_, did, _) = run(&machine, &settings, WITH_KEY);
    assert_eq!(
        did,
        [
            "volume create datadog-config".to_owned(),
            "volume create datadog-run".to_owned(),
            "volume create datadog-sockets".to_owned(),
            "network create datadog-agent".to_owned(),
            format!("pull {IMAGE}"),
            "run datadog-init".to_owned(),
            "run datadog-agent".to_owned(),
        ]
    );
    let env = fs::read_to_string(machine.state("container/datadog-agent/env")).unwrap();
    assert!(env.contains(&format!("DD_API_KEY={KEY}\n")), "{env}");
}

#[test]
fn what_has_changed_replaces_the_agent_after_the_copy() {
    const REPLACED: [&str; 4] =
        ["run datadog-init", "stop datadog-agent", "rm datadog-agent", "run datadog-agent"];
    let machine = Machine::new("changes");
    run(&machine, &minimal(), WITH_KEY);
    // The image behind the tag is another one.
    fs::write(machine.state("image/public.ecr.aws_datadog_agent_7.81.1"), "sha256:other\n").unwrap();
    assert_eq!(run(&machine, &minimal(), WITH_KEY).1, REPLACED);
    assert_eq!(run(&machine, &minimal(), WITH_KEY).1, [""; 0]);
    // The definition.
    let other = Settings { env: Some("prod".into()), ..minimal() };
    assert_eq!(run(&machine, &other, WITH_KEY).1, REPLACED);
    // The key.
    assert_eq!(run(&machine, &other, &[("DD_API_KEY", "other")]).1, REPLACED);
    assert_eq!(run(&machine, &other, &[("DD_API_KEY", "other")]).1, [""; 0]);
    // Nothing but a stop.
    fs::write(machine.state("container/datadog-agent/running"), "false\n").unwrap();
    assert_eq!(run(&machine, &other, &[("DD_API_KEY", "other")]).1, ["start datadog-agent"]);
}

#[test]
fn a_failure_leaves_the_agent_that_runs() {
    let machine = Machine::new("failures");
    // Before anything is there: no key, and nobody who answers.
    for (variables, is_down) in [(&[][..], false), (&[("DD_API_KEY", "")], false), (WITH_KEY, true)] {
        if is_down {
            fs::write(machine.state("down"), "").unwrap();
        }
        let (went_well, did, said) = run(&machine, &minimal(), variables);
        assert!(!went_well && did.is_empty() && !said.is_empty(), "{did:?} {said}");
    }
    fs::remove_file(machine.state("down")).unwrap();
    run(&machine, &minimal(), WITH_KEY);
    let before = machine.snapshot();
    fs::write(machine.state("init-fails"), "").unwrap();
    let other = Settings { env: Some("prod".into()), ..minimal() };
    let (went_well, did, said) = run(&machine, &other, WITH_KEY);
    assert!(!went_well && said.contains("datadog-init failed"), "{said}");
    assert_eq!(did, ["run datadog-init"]);
    fs::remove_file(machine.state("init-fails")).unwrap();
    let mut after = machine.snapshot();
    after.retain(|path, _| before.contains_key(path));
    assert_eq!(after, before);
    // An Agent that does not get healthy in its time.
    fs::write(machine.state("unhealthy"), "").unwrap();
    let waits = Settings { wait_until_healthy: true, ..minimal() };
    let (went_well, _, said) = run(&machine, &waits, WITH_KEY);
    assert!(!went_well && said.contains("is not healthy after 120 seconds"), "{said}");
}

#[test]
fn a_container_of_somebody_else_is_never_touched() {
    let machine = Machine::new("foreign");
    let theirs = machine.state("container/datadog-agent");
    fs::create_dir_all(&theirs).unwrap();
    for (file, text) in [("definition", ""), ("image", "sha256:x"), ("env", ""), ("running", "true")] {
        fs::write(theirs.join(file), text).unwrap();
    }
    let (went_well, did, said) = run(&machine, &minimal(), WITH_KEY);
    assert!(!went_well && said.contains("did not start"), "{said}");
    assert!(did.iter().all(|deed| deed.starts_with("volume create") || deed.starts_with("pull")), "{did:?}");
    assert_eq!(fs::read_to_string(theirs.join("running")).unwrap(), "true");
}

#[test]
fn a_secret_comes_from_the_variable_that_is_named_and_from_no_other() {
    let machine = Machine::new("secrets");
    let crossed = Settings {
        api_key: Some(Secret { store: Store::Environment, reference: "DD_APP_KEY".into() }),
        secrets: map(&[("DD_APP_KEY", "DD_API_KEY")]),
        ..minimal()
    };
    let (went_well, _, said) = run(&machine, &crossed, &[("DD_API_KEY", "one"), ("DD_APP_KEY", "two")]);
    assert!(went_well, "{said}");
    let env = fs::read_to_string(machine.state("container/datadog-agent/env")).unwrap();
    assert!(env.contains("DD_API_KEY=two\n") && env.contains("DD_APP_KEY=one\n"), "{env}");
}

/// The arguments that `sh` makes of some options.
fn arguments(options: &[String]) -> Vec<String> {
    let script = format!("printf '%s\\0' {}", options.join(" \\\n\t"));
    let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nothing that a user writes is anything but itself for the program that gets it.
    #[test]
    fn any_text_survives_the_shell(
        texts in prop::collection::vec("[^\0]{0,20}", 6),
        words in prop::collection::vec("[^\0]{1,12}", 1..4),
    ) {
        let [env, label, path, line, user, option] = texts.try_into().unwrap();
        let text = |text: &str| Node::from(text);
        let mut program = vec!["CMD".to_owned()];
        program.extend(words.iter().cloned());
        let container = Node::from([
            ("user", text(&user)),
            ("env", vec![format!("A={env}")].into()),
            ("labels", vec![Node::from([("label", text("l")), ("value", text(&label))])].into()),
            ("volumes", vec![Node::from([("host_path", text(&format!("/{path}"))), ("container_path", text("/x"))])].into()),
            ("healthcheck", vec![Node::from([("test", program.into())])].into()),
            ("log_opts", Node::from([("o", text(&option))])),
        ]);
        let got = arguments(&docker::options(&container));
        let value = |option: &str| {
            got.iter().position(|one| one == option).and_then(|at| got.get(at + 1)).cloned().unwrap_or_default()
        };
        prop_assert_eq!(value("--user"), user);
        prop_assert_eq!(value("--env"), format!("A={env}"));
        prop_assert_eq!(value("--label"), format!("l={label}"));
        prop_assert_eq!(value("--log-opt"), format!("o={option}"));
        let mount = value("--mount");
        let source = mount.strip_prefix("type=bind,").and_then(|rest| rest.strip_suffix(",target=/x"));
        let unquoted = source.map(|source| match source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => source.to_owned(),
        });
        prop_assert_eq!(unquoted, Some(format!("source=/{path}")));
        // The line of the health check is read by a shell once more.
        prop_assert_eq!(arguments(&[value("--health-cmd")]), words);
        let shell = Node::from([(
            "healthcheck",
            vec![Node::from([("test", vec!["CMD-SHELL".to_owned(), line.clone()].into())])].into(),
        )]);
        prop_assert_eq!(arguments(&docker::options(&shell)), ["--health-cmd".to_owned(), line]);
    }

    /// A whole script with whatever texts: the docker is told what the arguments of the resources say, and the second run changes
    /// nothing.
    #[test]
    fn whatever_the_settings_say_reaches_docker_as_it_is(
        values in prop::collection::btree_map("[A-Z]{1,4}", "[^\0\n]{0,16}", 0..4),
        labels in prop::collection::btree_map("[a-z.]{1,6}", "[^\0]{0,16}", 0..3),
        content in "[ -~\n\té]{0,24}",
        user in prop::option::of(prop::sample::select(vec!["0", "100"])),
        key in "[^\0\n]{1,12}",
    ) {
        let texts = |values: &std::collections::BTreeMap<String, String>| {
            values.iter().map(|(name, value)| (name.clone(), Text::Known(value.clone()))).collect()
        };
        let settings = Settings {
            environment: texts(&values),
            docker_labels: texts(&labels),
            config_files: [("conf.d/it's x.d/conf.yaml".to_owned(), Text::Known(content.clone()))].into(),
            user: user.map(Text::from),
            ..minimal()
        };
        let machine = Machine::new("whatever");
        let script = commands(&settings);
        let output = machine.run(&script, &[("DD_API_KEY", &key)]);
        prop_assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let calls = machine.calls();
        let runs: Vec<_> = calls.iter().filter(|call| call[0] == "run").collect();
        prop_assert_eq!(runs.len(), 2);
        let document = document(&settings);
        for (call, container) in runs.iter().zip(document.get("containers").items()) {
            let given = |option: &str| {
                call.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1].clone()).collect::<Vec<_>>()
            };
            let env: Vec<String> =
                container.get("env").items().iter().filter_map(Node::as_str).map(str::to_owned).collect();
            let handed = given("--env");
            prop_assert_eq!(&handed[..env.len()], env);
            let names: std::collections::BTreeSet<_> =
                handed.iter().map(|one| one.split('=').next().unwrap()).collect();
            prop_assert_eq!(names.len(), handed.len(), "no name twice");
            let labels: Vec<String> = container.get("labels").items().iter().map(|label| {
                format!("{}={}", label.get("label").as_str().unwrap(), label.get("value").as_str().unwrap())
            }).collect();
            prop_assert_eq!(&given("--label")[..labels.len()], labels);
            let words: Vec<&str> = container.get("command").items().iter().filter_map(Node::as_str).collect();
            prop_assert!(call.ends_with(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()));
            prop_assert!(call.contains(&"--read-only".to_owned()));
            let mounts = given("--mount");
            prop_assert_eq!(mounts.len(), container.get("volumes").items().len());
        }
        prop_assert!(runs[0].contains(&format!("CONFIG_FILE_CONF_D_IT_S_X_D_CONF_YAML={content}")), "{:?}", runs[0]);
        let before = machine.snapshot();
        prop_assert!(machine.run(&script, &[("DD_API_KEY", &key)]).status.success());
        prop_assert_eq!(deeds(&machine.calls()), [""; 0]);
        prop_assert_eq!(machine.snapshot(), before);
    }
}
