//! What holds for whatever settings: no name twice, every root read-only, every writable path mounted, and an
//! application that is wired twice is wired once.

use std::collections::{BTreeMap, BTreeSet};

use ddrofs::document::Node;
use ddrofs::merge::{Change, Hardening, ReadOnlyRoot, harden};
use ddrofs::render::ecs;
use ddrofs::rofs::settings::{Apm, Dogstatsd, Secret, Seeding, Settings, Text};
use ddrofs::rofs::workload::Role;
use ddrofs::rofs::{assemble, config_files, writable_paths};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![9 => "[a-z0-9/.:]{0,12}".prop_map(Text::Known), 1 => Just(Text::Unknown)]
}

/// Names that the pattern sets, refuses or has never heard of.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "DD_API_KEY",
            "DD_SITE",
            "DD_TAGS",
            "DD_ENV",
            "ECS_FARGATE",
            "ENTRYPOINT",
            "DD_APM_ENABLED",
            "DD_DISABLE_FILE_LOGGING",
            "DD_TRACE_AGENT_URL",
            "DD_DOGSTATSD_PORT",
        ])
        .prop_map(str::to_owned),
        "[A-Z]{1,3}",
    ]
}

fn values() -> impl Strategy<Value = BTreeMap<String, Text>> {
    prop::collection::btree_map(name(), text(), 0..6)
}

fn listener() -> impl Strategy<Value = (bool, bool, Option<i64>)> {
    (any::<bool>(), any::<bool>(), prop::option::of(1_i64..=65_535))
}

/// Files at paths that are fine, meet in one file or one variable, or are none.
fn files() -> impl Strategy<Value = BTreeMap<String, Text>> {
    let path = prop_oneof![
        prop::sample::select(vec![
            "datadog.yaml",
            "./datadog.yaml",
            "conf.d/x.d/conf.yaml",
            "conf.d/x_d/conf.yaml",
            "conf.d/x.d/conf.yaml.default",
            "/etc/datadog-agent/x",
            "../x",
            "conf.d",
            "auth_token",
            "",
        ])
        .prop_map(str::to_owned),
        "[a-z./' \"$;é\u{0}\n]{0,8}",
    ];
    let content = prop_oneof![9 => "[ -~\n\u{0}é]{0,20}".prop_map(Text::Known), 1 => Just(Text::Unknown)];
    prop::collection::btree_map(path, content, 0..5)
}

prop_compose! {
    fn settings()(
        (environment, secrets, tags, docker_labels) in (values(), values(), values(), values()),
        (service, env, site) in (prop::option::of(text()), prop::option::of(text()), prop::option::of(text())),
        (flares, file_logging, wait_until_healthy, checked) in any::<(bool, bool, bool, bool)>(),
        (apm, dogstatsd) in (listener(), listener()),
        user in prop::option::of(prop::sample::select(vec!["0", "100", "dd-agent:0", "1000"])),
        memory in prop::option::of(6_i64..4096),
        with_key in any::<bool>(),
        (config_files, image_volumes) in (files(), prop::bool::weighted(0.2)),
    ) -> Settings {
        let default = Settings::default();
        Settings {
            api_key: with_key.then_some(Secret::stored(Text::Unknown)),
            environment, secrets, tags, docker_labels, service, env, site, flares, file_logging, memory,
            wait_until_healthy, config_files,
            seeding: if image_volumes { Seeding::ImageVolumes } else { Seeding::InitCopy },
            health_check: default.health_check.clone().filter(|_| checked),
            user: user.map(Text::from),
            apm: Apm { enabled: apm.0, socket: apm.1, port: apm.2, ..Apm::default() },
            dogstatsd: Dogstatsd { enabled: dogstatsd.0, socket: dogstatsd.1, port: dogstatsd.2, ..Dogstatsd::default() },
            ..default
        }
    }
}

/// An application container with names that may meet the wiring's.
fn application() -> impl Strategy<Value = Node> {
    let variables = prop::collection::btree_map(name(), "[a-z]{0,3}", 0..6);
    (variables, any::<bool>()).prop_map(|(variables, labelled)| {
        let environment = variables
            .into_iter()
            .map(|(name, value)| Node::from([("name", Node::from(name)), ("value", value.into())]))
            .collect();
        let labels =
            if labelled { Node::from([("com.datadoghq.tags.env", "mine".into())]) } else { Node::Null };
        Node::from([
            ("name", Node::from("app")),
            ("environment", Node::Array(environment)),
            ("dockerLabels", labels),
        ])
    })
}

fn all_different<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().all(|name| seen.insert(name.to_owned()))
}

fn texts<'a>(container: &'a Node, list: &str, key: &'a str) -> impl Iterator<Item = &'a str> {
    container.get(list).items().iter().filter_map(move |item| item.get(key).as_str())
}

proptest! {
    #[test]
    fn the_pattern_holds_for_whatever_settings(settings in settings()) {
        let workload = assemble(&settings);
        let volumes: BTreeSet<_> = workload.volumes.iter().map(|volume| volume.name.as_str()).collect();
        prop_assert_eq!(volumes.len(), workload.volumes.len());
        for definition in ecs::container_definitions(&workload) {
            prop_assert_eq!(definition.get("readonlyRootFilesystem").as_bool(), Some(true));
            let variables = texts(&definition, "environment", "name").chain(texts(&definition, "secrets", "name"));
            prop_assert!(all_different(variables));
            prop_assert!(all_different(texts(&definition, "mountPoints", "containerPath")));
            prop_assert!(all_different(texts(&definition, "mountPoints", "sourceVolume")));
            prop_assert!(texts(&definition, "mountPoints", "sourceVolume").all(|name| volumes.contains(name)));
        }
        let agent = workload.containers.iter().find(|container| container.role == Role::Agent).unwrap();
        for entry in writable_paths(&settings) {
            let mounted = agent.mounts.iter().find(|mount| mount.path == entry.path);
            prop_assert_eq!(mounted.map(|mount| (&mount.volume, mount.read_only)), Some((&entry.volume, false)));
        }
        prop_assert_eq!(agent.environment.get("ECS_FARGATE"), Some(&Text::from("true")));
        prop_assert!(!agent.environment.contains_key("DD_API_KEY"));
        prop_assert!(!agent.environment.contains_key("ENTRYPOINT"));
        prop_assert_eq!(agent.environment.contains_key("DD_DISABLE_FILE_LOGGING"), !settings.file_logging);
    }

    #[test]
    fn each_file_is_written_once_below_the_directory_or_told(settings in settings()) {
        let files = config_files(&settings);
        let paths: BTreeSet<_> = files.iter().map(|(file, _)| file.path.as_str()).collect();
        let variables: BTreeSet<_> = files.iter().map(|(file, _)| file.variable.as_str()).collect();
        prop_assert_eq!((paths.len(), variables.len()), (files.len(), files.len()));
        let climbs = |path: &str| path.starts_with('/') || path.split('/').any(|name| matches!(name, "" | "." | ".."));
        prop_assert!(!paths.iter().any(|path| climbs(path)));
        let workload = assemble(&settings);
        let init = workload.containers.iter().find(|container| container.role == Role::Init);
        prop_assert_eq!(init.is_none(), settings.seeding == Seeding::ImageVolumes);
        if let Some(init) = init {
            let contents: Vec<_> = init.environment.values().collect();
            let mut wanted: Vec<_> = files.iter().map(|(file, content)| (&file.variable, *content)).collect();
            wanted.sort();
            prop_assert_eq!(contents, wanted.into_iter().map(|(_, content)| content).collect::<Vec<_>>());
        }
        let problems = ddrofs::rofs::problems(&settings);
        let told = |key: &String| problems.iter().any(|problem| problem.key.as_ref() == Some(key));
        // `a//b` and `./a/b` are other ways to write `a/b`.
        let is_written = |key: &String| {
            let names: Vec<_> = key.split('/').filter(|name| !matches!(*name, "" | ".")).collect();
            files.iter().any(|(file, _)| file.path == names.join("/"))
        };
        prop_assert!(settings.config_files.keys().all(|key| is_written(key) || told(key)), "{:?}", problems);
    }

    #[test]
    fn wiring_twice_is_wiring_once(settings in settings(), application in application()) {
        let hardening = Hardening {
            agent: Some(&settings),
            read_only_root: ReadOnlyRoot::Leave,
            mark: false,
            ..Hardening::default()
        };
        let task = Node::from([("containerDefinitions", Node::Array(vec![application.clone()]))]);
        let once = harden(task, &hardening);
        prop_assert_eq!(&once.collisions, &[]);
        let app = once.document.get("containerDefinitions").items().last().unwrap();
        prop_assert!(all_different(texts(app, "environment", "name")));
        for entry in application.get("environment").items() {
            prop_assert!(app.get("environment").items().contains(entry), "lost {:?}", entry);
        }
        let twice = harden(once.document.clone(), &hardening);
        prop_assert_eq!(&twice.collisions, &[]);
        prop_assert_eq!(&twice.document, &once.document);
        prop_assert!(twice.changes.iter().all(Change::changes_nothing), "{:?}", twice.changes);
    }
}
