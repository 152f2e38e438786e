//! Manifests of Kubernetes for several settings, compared with `tests/golden/kubernetes/`. `UPDATE_EXPECT=1` rewrites them.

use ddrofs::document::{Node, yaml};
use ddrofs::merge::Joining;
use ddrofs::merge::kubernetes::join;
use ddrofs::render::{self, kubernetes::document_of};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::{Apm, Dogstatsd, HealthCheck, Probe, Settings, Text};
use ddrofs::rofs::workload::VolumeKind;
use ddrofs::rules::{DocumentKind, Severity};

use super::{assert_sound, every_recorded, golden, map, shown};
use crate::scenarios;

const NATIVE: Platform =
    Platform::Kubernetes(KubernetesKind { fargate: false, per_node: false, native_sidecars: true });
const BESIDE: Platform =
    Platform::Kubernetes(KubernetesKind { fargate: false, per_node: false, native_sidecars: false });
const ON_FARGATE: Platform =
    Platform::Kubernetes(KubernetesKind { fargate: true, per_node: false, native_sidecars: true });

/// What a user has to say at least.
fn minimal() -> Settings {
    scenarios::minimal(NATIVE)
}

fn document(settings: &Settings) -> Node {
    render::of(settings.platform).document(&assemble(settings)).unwrap()
}

fn written(document: &Node) -> String {
    let first = ["apiVersion", "kind", "metadata", "name"];
    match document {
        Node::Array(objects) => yaml::write_all(objects, &first).unwrap(),
        object => yaml::write(object, &first).unwrap(),
    }
}

fn read(text: &str) -> Node {
    let Ok(read) = yaml::read_all(text) else { panic!("{text}") };
    document_of(read.into_iter().map(|document| document.yaml.node).collect())
}

fn check(name: &str, settings: &Settings) {
    assert_sound(name, settings);
    golden("kubernetes", &format!("{name}.yaml"), &written(&document(settings)));
}

#[test]
fn what_every_platform_has_on_record() {
    every_recorded(NATIVE, |name, settings| match name {
        // A runtime may ignore what an image declares.
        "image_volumes" => {
            let told = render::of(NATIVE).problems(settings);
            assert_eq!(told.iter().map(|problem| problem.setting).collect::<Vec<_>>(), ["seeding"]);
        }
        // The Pod says when its containers are started again.
        "bare" => check(name, &Settings { restart_policy: None, ..settings.clone() }),
        _ => check(name, settings),
    });
}

#[test]
fn everything_set() {
    check(
        "everything",
        &Settings {
            site: Some("datadoghq.eu".into()),
            service: Some("orders".into()),
            env: Some("prod".into()),
            version: Some("1.2.3".into()),
            tags: map(&[("team", "shop"), ("cost", "42")]),
            cluster_name: Some("main".into()),
            environment: map(&[("DD_LOG_FORMAT_JSON", "true"), ("DD_PROXY_HTTPS", "http://proxy:3128")]),
            secrets: map(&[("DD_APP_KEY", "datadog-secret/app-key")]),
            log_level: Some("warn".into()),
            checks_cardinality: Some("orchestrator".into()),
            cpu: Some(128),
            memory: Some(512),
            memory_reservation: Some(384),
            wait_until_healthy: true,
            file_logging: true,
            apm: Apm { port: Some(8126), profiling: Some(true), ..Apm::default() },
            dogstatsd: Dogstatsd { port: Some(8125), origin_detection: Some(true), ..Dogstatsd::default() },
            ..minimal()
        },
    );
}

#[test]
fn pods_on_fargate() {
    check("fargate", &Settings { platform: ON_FARGATE, ..minimal() });
}

#[test]
fn texts_that_kubernetes_would_read_otherwise() {
    check(
        "literal",
        &Settings {
            environment: map(&[
                ("A", "$HOME $(B) $$"),
                ("NO", "no"),
                ("NUMBER", "012"),
                ("COLON", "a: b # c"),
            ]),
            health_check: Some(HealthCheck {
                probe: Probe::Program(vec!["sh".to_owned(), "-c".to_owned(), "test $(X)".to_owned()]),
                ..HealthCheck::default()
            }),
            ..minimal()
        },
    );
}

/// The user's own manifest with the Agent in it.
fn check_joined(name: &str, settings: &Settings, manifest: &str) {
    let workload = assemble(settings);
    let joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: [("web".to_owned(), vec!["/tmp".to_owned(), "/var/cache/nginx".to_owned()])].into(),
        tmpfs_size: None,
    };
    let joined = join(read(manifest), &joining, &[]).unwrap();
    assert_eq!(joined.collisions, []);
    let text = written(&joined.document);
    golden("kubernetes", &format!("{name}.yaml"), &text);
    assert_eq!(read(&text), joined.document);
    assert_eq!(join(read(&text), &joining, &[]).unwrap().document, joined.document);
}

const DEPLOYMENT: &str = "\
# comments go
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: store}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop, tags.datadoghq.com/env: own}}
    spec:
      initContainers:
        - {name: migrate, image: 'example.com/shop/migrate:1.4.2'}
      containers:
        - name: web
          image: example.com/shop/web:1.4.2
          env: [{name: DD_ENV, value: own}, {name: PATH_OF, value: $(DD_ENV)/x}]
          securityContext: {runAsUser: 1000, runAsNonRoot: true}
";

#[test]
fn a_deployment_of_the_users() {
    let settings = Settings { env: Some("prod".into()), service: Some("shop".into()), ..minimal() };
    check_joined("deployment", &settings, DEPLOYMENT);
}

#[test]
fn a_deployment_with_config_files_and_an_agent_beside_the_others() {
    let files = map(&[("conf.d/redisdb.d/conf.yaml", "instances: [{host: redis}]\n")]);
    check_joined("beside", &Settings { platform: BESIDE, config_files: files, ..minimal() }, DEPLOYMENT);
}

#[test]
fn several_objects_of_which_some_have_no_pod() {
    let manifest = "\
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{port: 80}], selector: {app: shop}}
---
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: {name: nightly}
    spec:
      schedule: 0 3 * * *
      jobTemplate:
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: web, image: 'example.com/shop/nightly:1.4.2'}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database}
spec:
  serviceName: database
  selector: {matchLabels: {app: database}}
  template:
    metadata: {labels: {app: database}}
    spec:
      containers:
        - name: database
          image: postgres:17.2
          volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: kept}
spec: {template: {spec: {containers: [{name: web, image: 'example.com/web:1.0.0'}]}}}
";
    let files = map(&[("conf.d/redisdb.d/conf.yaml", "instances: [{host: redis}]\n")]);
    check_joined(
        "several",
        &Settings { config_files: files, wait_until_healthy: true, ..minimal() },
        manifest,
    );
}

#[test]
fn parts_known_only_at_apply() {
    let mut environment = map(&[("A", "a")]);
    environment.insert("B".to_owned(), Text::Unknown);
    let files = [("conf.d/x.yaml".to_owned(), Text::Unknown)].into();
    let settings = Settings {
        service: Some(Text::Unknown),
        user: Some(Text::Unknown),
        environment,
        config_files: files,
        ..minimal()
    };
    let document = document(&settings);
    golden(
        "kubernetes",
        "unknown_parts.json",
        &(serde_json::to_string_pretty(&shown(&document)).unwrap() + "\n"),
    );
}

/// The containers of the one Pod of a document.
fn containers(document: &Node) -> Vec<&Node> {
    let pods = ddrofs::kubernetes::pods(document);
    let [pod] = pods.as_slice() else { panic!("{pods:?}") };
    let spec = document.at(&pod.spec());
    ["initContainers", "containers"].into_iter().flat_map(|key| spec.get(key).items()).collect()
}

#[test]
fn every_root_is_read_only_nobody_gains_privileges_and_the_key_is_in_a_secret() {
    for settings in [minimal(), Settings { user: Some("100".into()), platform: ON_FARGATE, ..minimal() }] {
        let document = document(&settings);
        let containers = containers(&document);
        assert_eq!(containers.len(), 2);
        for container in &containers {
            let context = container.get("securityContext");
            assert_eq!(context.get("readOnlyRootFilesystem").as_bool(), Some(true));
            assert_eq!(context.get("allowPrivilegeEscalation").as_bool(), Some(false));
            assert_eq!(context.get("capabilities").get("drop").items(), [Node::from("ALL")]);
        }
        let variables = containers[1].get("env").items();
        let key = variables.iter().find(|one| one.get("name").as_str() == Some("DD_API_KEY")).unwrap();
        assert_eq!(key.get("valueFrom").get("secretKeyRef").get("key").as_str(), Some("api-key"));
    }
}

/// What a Pod says of users counts for every container that says nothing of them.
#[test]
fn a_container_says_its_user_where_somebody_asked_for_one() {
    const FORBIDS_ROOT: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  securityContext: {runAsNonRoot: true}
  containers: [{name: web, image: 'example.com/shop/web:1.4.2', securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true}}]
";
    let refused = || {
        ["spec.initContainers[0]", "spec.initContainers[1]"]
            .map(|place| format!("root-user-forbidden {place}"))
    };
    for (user, expected) in [(None, refused().to_vec()), (Some("0"), vec![]), (Some("100"), vec![])] {
        let settings = Settings { user: user.map(Text::from), ..minimal() };
        let workload = assemble(&settings);
        let joining = Joining {
            settings: &settings,
            workload: &workload,
            wire: true,
            read_only: false,
            writable_paths: [].into(),
            tmpfs_size: None,
        };
        let joined = join(read(FORBIDS_ROOT), &joining, &[]).unwrap();
        let judged =
            ddrofs::rules::judge_document(DocumentKind::Kubernetes, &joined.document, Some(&settings));
        let loud = judged.findings.iter().filter(|finding| finding.severity <= Severity::Warning);
        let container = |path: &ddrofs::document::Path| ddrofs::document::Path(path.0[..3].to_vec());
        let told: Vec<String> =
            loud.map(|finding| format!("{} {}", finding.rule, container(&finding.path))).collect();
        assert_eq!(told, expected, "{user:?}");
    }
}

#[test]
fn what_is_written_is_read_as_the_same_and_no_rule_has_anything_to_say() {
    let user = Settings { user: Some("100".into()), ..minimal() };
    let files = map(&[("conf.d/redisdb.d/conf.yaml", "instances: [{host: redis}]\n")]);
    let files = Settings { config_files: files, file_logging: true, ..minimal() };
    let fargate = Settings { platform: ON_FARGATE, flares: false, ..minimal() };
    for settings in [minimal(), user, files, fargate] {
        let document = document(&settings);
        assert_eq!(read(&written(&document)), document);
        let findings =
            ddrofs::rules::judge_document(DocumentKind::Kubernetes, &document, Some(&settings)).findings;
        let worth_a_word = findings.iter().filter(|finding| finding.severity <= Severity::Warning);
        let told: Vec<String> =
            worth_a_word.map(|one| format!("{} {} {}", one.rule, one.path, one.detail())).collect();
        assert_eq!(told, [""; 0]);
    }
}

#[test]
fn what_a_pod_has_no_words_for_is_refused() {
    for (kind, is_refused) in [
        (VolumeKind::Named, true),
        (VolumeKind::Empty, false),
        (VolumeKind::Tmpfs, false),
        (VolumeKind::HostPath("/x"), false),
        (VolumeKind::Configuration, false),
    ] {
        let mut workload = assemble(&minimal());
        workload.volumes[0].kind = kind;
        assert_eq!(render::of(NATIVE).document(&workload).is_err(), is_refused, "{kind:?}");
    }
    for change in [true, false] {
        let mut workload = assemble(&minimal());
        match change {
            true => workload.containers[1].secret_files.push("key".into()),
            false => workload.containers[1].sees_the_machines_processes = true,
        }
        let refused = render::of(NATIVE).document(&workload).unwrap_err().to_string();
        assert!(refused.contains("Kubernetes") && refused.contains("datadog-agent"), "{refused}");
    }
}
