//! The same settings on every platform: what each document says is read back into the workload and means the same, and the table of
//! `docs/guides/platforms.md` is made of what was read. `UPDATE_EXPECT=1` rewrites the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ddrofs::document::{Node, to_json};
use ddrofs::render;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::Settings;
use ddrofs::rofs::writable_path::TMP;
use ddrofs::rofs::{assemble, writable_paths};
use ddrofs::{compose, docker, kubernetes, nomad};

use crate::scenarios::{RECORDED, Scenario, everything, minimal};

/// A platform, and what its words are for what the table speaks of.
struct Row {
    /// What the table calls it.
    name: &'static str,
    platform: Platform,
    /// What its document says, in the shape of a task definition.
    workload: fn(&Node) -> Node,
    /// What it calls an empty directory that lives as long as the containers.
    volume: &'static str,
    read_only_root: &'static str,
    order: &'static str,
    secret: &'static str,
    /// Scenarios that it has no words for, or says in another way, with the reason.
    apart: &'static [(&'static str, &'static str)],
    /// Directories that only its Agent mounts, with the reason.
    own_paths: &'static [(&'static str, &'static str)],
}

/// All of them. One that is added is one more row, here and nowhere else.
const PLATFORMS: &[Row] = &[
    Row {
        name: "Amazon ECS on Fargate",
        platform: Platform::Ecs(ddrofs::rofs::platform::LaunchType::Fargate),
        workload: Clone::clone,
        volume: "volume of the task",
        read_only_root: "`readonlyRootFilesystem`",
        order: "`dependsOn`, `SUCCESS`",
        secret: "`secrets`, from Secrets Manager or Parameter Store",
        apart: &[],
        own_paths: &[],
    },
    Row {
        name: "Docker Compose",
        platform: Platform::Compose,
        workload: |document| compose::workload(document).0,
        volume: "",
        read_only_root: "`read_only`",
        order: "`depends_on`, `service_completed_successfully`",
        secret: "`environment`, from a variable of the machine, or `secrets`, from a file",
        apart: &[],
        own_paths: &[],
    },
    Row {
        name: "Docker",
        platform: Platform::Docker,
        workload: |document| docker::workload(document).0,
        volume: "",
        read_only_root: "`--read-only`",
        order: "the script runs it to its end first",
        secret: "`--env`, from a variable of the machine, or `--mount`, of a file",
        apart: &[],
        own_paths: &[],
    },
    Row {
        name: "Kubernetes",
        platform: Platform::Kubernetes(KubernetesKind {
            fargate: false,
            per_node: false,
            native_sidecars: true,
        }),
        workload: pod,
        volume: "`emptyDir`",
        read_only_root: "`readOnlyRootFilesystem`",
        order: "`initContainers`, one after the other",
        secret: "`secretKeyRef`, from a Secret of the namespace",
        apart: &[
            ("config_files", "a ConfigMap is mounted in place of what the init container writes"),
            ("image_volumes", "a runtime may ignore what an image declares, so the setting is refused"),
            ("everything", "labels and the time to stop are the Pod's and not the container's"),
        ],
        own_paths: &[
            ("/var/run/s6", "a runtime may ignore that the image declares it as a volume"),
            ("/etc/datadog-agent/auth", "the token has a volume of its own, as in Datadog's chart"),
        ],
    },
    Row {
        name: "Nomad",
        platform: Platform::Nomad,
        workload: group,
        volume: "directory of the allocation",
        read_only_root: "`readonly_rootfs`",
        order: "`lifecycle`, `prestart`",
        secret: "`template`, from a Nomad variable or Vault",
        apart: &[
            (
                "config_files",
                "a template writes each file, which is mounted in place of what the init task writes",
            ),
            (
                "image_volumes",
                "nothing fills a directory of the allocation from an image, so the setting is refused",
            ),
            ("ports", "tasks share the network of their group, in which they name no port"),
            ("everything", "the same"),
        ],
        own_paths: &[
            ("/var/run/s6", "a driver may ignore that the image declares it as a volume"),
            ("/alloc", "every task has the directory that its group shares"),
            ("/local", "every task has a directory of its own"),
            ("/secrets", "every task has a directory of its own for secrets"),
        ],
    },
];

/// Variables that follow from the platform and not from a setting, with the reason.
const OF_A_PLATFORM: [(&str, &str); 5] = [
    ("DD_AUTH_TOKEN_FILE_PATH", "the token has a volume of its own on Kubernetes"),
    ("DD_HOSTNAME", "an Agent that may not ask for it is told the name of the node"),
    ("ECS_FARGATE", "the image knows Fargate by it"),
    ("DD_APM_NON_LOCAL_TRAFFIC", "containers that share no loopback come from another address"),
    ("DD_DOGSTATSD_NON_LOCAL_TRAFFIC", "the same for metrics"),
];

/// What a container is, whichever platform says it.
#[derive(Debug, PartialEq)]
struct Meaning {
    name: String,
    image: String,
    read_only_root: bool,
    user: Option<String>,
    environment: BTreeMap<String, String>,
    /// Variables that the platform fetches, by their names.
    secrets: BTreeSet<String>,
    /// Directories that can be written, and those that are only read, without what is the machine's.
    writable: BTreeSet<String>,
    read_only: BTreeSet<String>,
    waits: BTreeMap<String, String>,
    ports: BTreeSet<String>,
    health_check: String,
    /// What a command does besides what only kept volumes need.
    copies: Vec<String>,
}

/// The one Pod of a document of Kubernetes.
fn pod(document: &Node) -> Node {
    let mut pods = kubernetes::workloads(document);
    assert_eq!(pods.len(), 1, "the sidecar is one Pod");
    pods.remove(0).0
}

/// The one group of a job of Nomad.
fn group(document: &Node) -> Node {
    let mut groups = nomad::workloads(document);
    assert_eq!(groups.len(), 1, "the Agent is in one group");
    groups.remove(0).0
}

fn tree(row: &Row, settings: &Settings) -> Node {
    let document = render::of(row.platform).document(&assemble(settings)).unwrap();
    (row.workload)(&document)
}

fn text(node: &Node) -> String {
    node.as_str().unwrap_or_default().to_owned()
}

fn is_of_the_machine(tree: &Node, volume: &str) -> bool {
    let named = |one: &&Node| one.get("name").as_str() == Some(volume);
    let found = tree.get("volumes").items().iter().find(named);
    found.is_some_and(|volume| !volume.get("host").get("sourcePath").is_null())
}

fn meanings(tree: &Node) -> Vec<Meaning> {
    let mut meanings: Vec<_> =
        tree.get("containerDefinitions").items().iter().map(|one| meaning(tree, one)).collect();
    meanings.sort_by(|one, other| one.name.cmp(&other.name));
    meanings
}

fn meaning(tree: &Node, container: &Node) -> Meaning {
    let items = |list: &str| container.get(list).items().iter();
    let is_known = |variable: &&Node| !variable.get("value").is_unknown();
    let own = |name: &str| OF_A_PLATFORM.iter().all(|(other, _)| *other != name);
    let variables =
        items("environment").filter(is_known).map(|one| (text(one.get("name")), text(one.get("value"))));
    let fetched = items("environment").filter(|one| !is_known(one)).chain(items("secrets"));
    let path = |mount: &Node| text(mount.get("containerPath"));
    let mounts = || {
        let list = "mountPoints";
        items(list)
            .filter(|mount| !is_of_the_machine(tree, mount.get("sourceVolume").as_str().unwrap_or_default()))
    };
    let is_read_only = |mount: &&Node| mount.get("readOnly").as_bool() == Some(true);
    let memory = container.get("linuxParameters").get("tmpfs").items().iter();
    let waits = "dependsOn";
    Meaning {
        name: text(container.get("name")),
        image: text(container.get("image")),
        read_only_root: container.get("readonlyRootFilesystem").as_bool() == Some(true),
        user: container.get("user").as_str().map(str::to_owned),
        environment: variables.filter(|(name, _)| own(name)).collect(),
        secrets: fetched.map(|one| text(one.get("name"))).filter(|name| own(name)).collect(),
        // What is in memory belongs to whoever mounts it, so nobody hands it over.
        writable: mounts()
            .filter(|mount| !is_read_only(mount))
            .chain(memory)
            .map(path)
            .filter(|path| container.get("essential").as_bool() != Some(false) || path != TMP)
            .collect(),
        read_only: mounts().filter(is_read_only).map(path).collect(),
        waits: items(waits).map(|one| (text(one.get("containerName")), text(one.get("condition")))).collect(),
        ports: items("portMappings")
            .map(|port| {
                let number = to_json(port.get("containerPort")).unwrap();
                format!("{}/{}", number.trim_matches('"'), port.get("protocol").as_str().unwrap_or("tcp"))
            })
            .collect(),
        // A shell that is named, and one that the platform takes.
        health_check: to_json(container.get("healthCheck").get("command"))
            .unwrap()
            .replace(r#"["CMD","sh","-c","#, r#"["CMD-SHELL","#)
            .replace(r#"["CMD","/bin/sh","-c","#, r#"["CMD-SHELL","#),
        copies: items("entryPoint")
            .chain(items("command"))
            .flat_map(|word| text(word).lines().map(str::to_owned).collect::<Vec<_>>())
            .filter(|line| ["cp ", "put '", "chown "].iter().any(|beginning| line.starts_with(beginning)))
            .map(|line| line.replace(&format!(" {TMP} "), " "))
            .collect(),
    }
}

/// The volumes of an image are called after it where they are kept, and a signature of a mount is its path.
#[test]
fn every_platform_says_the_same_of_the_same_settings() {
    let mut scenarios: Vec<Scenario> = RECORDED.to_vec();
    scenarios.push(("everything", everything));
    for (name, scenario) in scenarios {
        let of = |row: &Row| {
            let mut meanings = meanings(&tree(row, &scenario(minimal(row.platform))));
            for one in &mut meanings {
                for (own, _) in row.own_paths {
                    one.writable.remove(*own);
                    for line in &mut one.copies {
                        *line = line.replace(&format!(" {own}"), "");
                    }
                }
            }
            meanings
        };
        let first = of(&PLATFORMS[0]);
        assert!(first.iter().all(|one| one.read_only_root) && first.last().is_some(), "{name}");
        for row in PLATFORMS[1..].iter().filter(|row| row.apart.iter().all(|(apart, _)| *apart != name)) {
            assert_eq!(of(row), first, "{name} on {}", row.name);
        }
    }
}

/// What a mount is of, in a few words.
fn source(row: &Row, tree: &Node, container: &Node, path: &str) -> String {
    let in_memory = container.get("linuxParameters").get("tmpfs").items().iter();
    if in_memory.clone().any(|mount| mount.get("containerPath").as_str() == Some(path)) {
        return "memory".to_owned();
    }
    let list = "mountPoints";
    let mount =
        container.get(list).items().iter().find(|one| one.get("containerPath").as_str() == Some(path));
    let volume = text(mount.expect("it is mounted").get("sourceVolume"));
    let named = |one: &&Node| one.get("name").as_str() == Some(volume.as_str());
    let declared = tree.get("volumes").items().iter().find(named).expect("it is declared");
    let is_kept = declared.get("dockerVolumeConfiguration").get("scope").as_str() == Some("shared");
    let kind = if is_kept { "kept volume" } else { row.volume };
    format!("{kind} `{volume}`")
}

/// The table: what each platform has for each part of the pattern.
fn table() -> String {
    let mut lines = vec![String::from("| |"), String::from("|---|")];
    let settings = |row: &Row| Settings { file_logging: true, ..minimal(row.platform) };
    let trees: Vec<Node> = PLATFORMS.iter().map(|row| tree(row, &settings(row))).collect();
    let container = |tree: &Node, name: &str| {
        let named = |one: &&Node| one.get("name").as_str() == Some(name);
        tree.get("containerDefinitions").items().iter().find(named).cloned().expect("it is there")
    };
    let mut line = |title: String, cell: &dyn Fn(&Row, &Node) -> String| {
        let cells: Vec<String> = PLATFORMS.iter().zip(&trees).map(|(row, tree)| cell(row, tree)).collect();
        lines.push(format!("| {title} | {} |", cells.join(" | ")));
    };
    for writable in writable_paths(&settings(&PLATFORMS[0])) {
        line(format!("`{}`", writable.path), &|row, tree| {
            source(row, tree, &container(tree, "datadog-agent"), writable.path)
        });
    }
    line("The copy writes to".to_owned(), &|row, tree| {
        let init = meaning(tree, &container(tree, "datadog-init"));
        let is_own = |path: &&String| row.own_paths.iter().any(|(own, _)| own == path);
        init.writable
            .iter()
            .filter(|path| !is_own(path))
            .map(|path| format!("`{path}`"))
            .collect::<Vec<_>>()
            .join(", ")
    });
    line("The copy ends first".to_owned(), &|row, tree| {
        let agent = meaning(tree, &container(tree, "datadog-agent"));
        assert_eq!(agent.waits.get("datadog-init").map(String::as_str), Some("SUCCESS"), "{}", row.name);
        row.order.to_owned()
    });
    line("Root filesystem".to_owned(), &|row, tree| {
        assert!(meanings(tree).iter().all(|one| one.read_only_root), "{}", row.name);
        row.read_only_root.to_owned()
    });
    line("API key".to_owned(), &|row, tree| {
        let agent = meaning(tree, &container(tree, "datadog-agent"));
        assert!(agent.secrets.contains("DD_API_KEY"), "{}", row.name);
        row.secret.to_owned()
    });
    for row in PLATFORMS {
        lines[0].push_str(&format!(" {} |", row.name));
        lines[1].push_str("---|");
    }
    lines.join("\n")
}

#[test]
fn the_table_of_the_guide_is_what_the_documents_say() {
    const BEGIN: &str = "<!-- The table is generated: `make docs` rewrites it. -->\n\n";
    const END: &str = "\n\n<!-- The end of the table. -->";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/platforms.md");
    let page = fs::read_to_string(&file).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has a table");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    expect_test::expect_file![file].assert_eq(&format!("{before}{BEGIN}{}{END}{after}", table()));
}
