//! Manifests of Kubernetes as large as a task definition may be, and what the provider does with them.

use ddrofs::document::{Node, yaml};
use ddrofs::merge::Joining;
use ddrofs::merge::kubernetes::join;
use ddrofs::render::kubernetes::document_of;
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{KubernetesKind, Platform};
use ddrofs::rofs::settings::{Secret, Settings};

/// Bytes of the text at least.
const SIZE: usize = 60 * 1_024;

/// YAML text of one Deployment, whose containers are of the size and the kinds that `large_services` has.
pub(crate) fn one_deployment() -> String {
    let mut text = String::from(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      volumes:
        - {name: data, emptyDir: {}}
        - {name: conf, configMap: {name: conf}}
      containers:
",
    );
    let mut number = 0;
    while text.len() < SIZE {
        text.push_str(&format!(
            "        - name: app-{number}
          image: example.com/app-{number}:1.4.2
          env:
{variables}          volumeMounts:
            - {{name: data, mountPath: /data}}
            - {{name: conf, mountPath: /conf, readOnly: true}}
          ports: [{{containerPort: {port}}}]
",
            variables = variables(number),
            port = 8_000 + number,
        ));
        number += 1;
    }
    text
}

/// YAML text of small Deployments, each with a Service before it: the Agent is written some forty times.
pub(crate) fn many_deployments() -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < SIZE {
        text.push_str(&deployment(number));
        number += 1;
    }
    text
}

fn variables(number: usize) -> String {
    (0..12)
        .map(|variable| {
            format!(
                "            - name: SETTING_{number}_{variable}\n              value: https://service-{variable}.example.com/v1\n"
            )
        })
        .collect()
}

fn deployment(number: usize) -> String {
    let variables = variables(number);
    format!(
        "---
apiVersion: v1
kind: Service
metadata: {{name: app-{number}}}
spec: {{ports: [{{port: 8080}}], selector: {{app: app-{number}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number}
spec:
  selector: {{matchLabels: {{app: app-{number}}}}}
  template:
    metadata: {{labels: {{app: app-{number}}}}}
    spec:
      initContainers:
        - {{name: migrate, image: 'example.com/migrate:1.4.2', args: [up]}}
      containers:
        - name: app
          image: example.com/app-{number}:1.4.2
          env:
{variables}          volumeMounts: [{{name: data, mountPath: /data}}]
      volumes: [{{name: data, emptyDir: {{}}}}]
"
    )
}

/// The Agent that is put into every Pod.
pub(crate) fn settings() -> Settings {
    Settings {
        platform: Platform::Kubernetes(KubernetesKind::default()),
        api_key: Some(Secret::stored("datadog-secret/api-key".into())),
        env: Some("prod".into()),
        wait_until_healthy: true,
        ..Settings::default()
    }
}

/// Reads the text, puts an Agent into every Pod, wires every container, makes its root read-only and writes the whole.
pub(crate) fn joined(text: &str, settings: &Settings) -> String {
    let Ok(read) = yaml::read_all(text) else { unreachable!("the text is YAML") };
    let document = document_of(read.into_iter().map(|document| document.yaml.node).collect());
    let workload = assemble(settings);
    let joining = Joining {
        settings,
        workload: &workload,
        wire: true,
        read_only: true,
        writable_paths: Default::default(),
        tmpfs_size: None,
    };
    let joined = join(document, &joining, &[]).expect("Kubernetes has words for all of it");
    assert!(joined.collisions.is_empty(), "nothing stands in the way");
    let objects = match &joined.document {
        several @ Node::Array(_) => several.items(),
        object => std::slice::from_ref(object),
    };
    yaml::write_all(objects, &["apiVersion", "kind", "metadata", "name"]).expect("everything is known")
}
