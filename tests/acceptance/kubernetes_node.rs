//! `ddrofs_agent_kubernetes` with the Agent of every node: the DaemonSet, and the same settings for Datadog's chart and operator.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Workspace, problems_of_kubernetes};

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'example.com/web:1.2.3'}]}
";

fn kubernetes(body: &str) -> String {
    format!("data \"ddrofs_agent_kubernetes\" \"one\" {{\n{body}\n}}\n")
}

/// What is of any type is in the state with its type beside it.
fn attributes(workspace: &Workspace) -> Value {
    let mut state = workspace.attributes("data.ddrofs_agent_kubernetes.one").expect("it is in the state");
    for name in ["datadog_agent", "manifests"] {
        if let Some(value) = state[name].get("value").cloned() {
            state[name] = value;
        }
    }
    state
}

#[test]
fn a_daemon_set_comes_with_what_it_needs_and_pods_reach_it_over_the_nodes_sockets() {
    let workspace = Workspace::offline("kubernetes-node", "");
    workspace.write("web.yaml", WEB);
    let node =
        "  mode = \"daemonset\"\n  namespace = \"datadog\"\n  tolerations = [{ operator = \"Exists\" }]";
    workspace.write("node.tf", &kubernetes(node));
    let applied = workspace.apply().success();
    assert!(!applied.output.contains("Warning"), "{applied}");
    let state = attributes(&workspace);
    let manifests = state["manifests"].as_array().unwrap();
    let kinds: Vec<_> = manifests.iter().map(|object| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "DaemonSet"]);
    assert_eq!(manifests[3]["spec"]["template"]["spec"]["tolerations"], json!([{"operator": "Exists"}]));
    assert_eq!(manifests[2]["subjects"][0]["namespace"], "datadog");
    let findings = state["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["severity"] == "note"), "{findings:#?}");

    workspace.write("node.tf", &kubernetes(&format!("{node}\n  manifest = file(\"web.yaml\")")));
    let applied = workspace.apply().success();
    assert!(!applied.output.contains("Warning"), "{applied}");
    let yaml = attributes(&workspace)["yaml"].as_str().unwrap().to_owned();
    assert_eq!(problems_of_kubernetes("kubernetes-node", &[("node".to_owned(), yaml.clone())]), "");
    let manifests = attributes(&workspace)["manifests"].clone();
    let spec = &manifests[0]["spec"]["template"]["spec"];
    assert_eq!(spec["containers"].as_array().unwrap().len(), 1, "the Agent is not in it");
    assert_eq!(spec["volumes"][0]["hostPath"]["path"], "/var/run/datadog");
    assert_eq!(spec["containers"][0]["volumeMounts"][0]["readOnly"], true);
    assert_eq!(manifests.as_array().unwrap().len(), 5);

    workspace.write("again.yaml", &yaml);
    workspace.write("node.tf", &kubernetes(&format!("{node}\n  manifest = file(\"again.yaml\")")));
    workspace.apply().success();
    assert_eq!(attributes(&workspace)["yaml"], yaml.as_str());
    workspace.plan().no_changes();

    let taken = yaml
        .replace("\nkind: ServiceAccount\n", "\nkind: ServiceAccount\nautomountServiceAccountToken: false\n");
    assert_ne!(taken, yaml);
    workspace.write("again.yaml", &taken);
    workspace.plan().failure().says("Name of an object is taken").says("ServiceAccount datadog-agent");
}

#[test]
fn without_sockets_the_pods_of_a_node_reach_the_agent_at_its_address() {
    let workspace = Workspace::offline("kubernetes-node-ports", "");
    let ports = "  mode = \"daemonset\"\n  apm {\n    socket = false\n  }\n  dogstatsd {\n    socket = false\n    port = 8135\n  }";
    workspace.write("node.tf", &kubernetes(ports));
    workspace.apply().success();
    let state = attributes(&workspace);
    let host = json!({"name": "DD_AGENT_HOST", "value": null, "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}});
    let env = state["wiring"]["env"].as_array().unwrap();
    assert_eq!(env[0], host);
    for (name, value) in [("DD_TRACE_AGENT_PORT", "8126"), ("DD_DOGSTATSD_PORT", "8135")] {
        assert!(env.contains(&json!({"name": name, "value": value, "valueFrom": null})), "{env:#?}");
    }
    assert_eq!(
        state["manifests"][3]["spec"]["template"]["spec"]["containers"][0]["ports"][0]["hostPort"],
        8135
    );
    let yaml = state["yaml"].as_str().unwrap().to_owned();
    assert_eq!(problems_of_kubernetes("kubernetes-node-ports", &[("node".to_owned(), yaml)]), "");
}

#[test]
fn the_same_settings_are_values_of_the_chart_and_a_resource_of_the_operator_or_it_is_told_why_not() {
    let workspace = Workspace::offline("kubernetes-chart", "");
    let tags = "  env = \"prod\"\n  tags = { team = \"shop\" }";
    workspace.write("node.tf", &kubernetes(tags));
    workspace.apply().success();
    let state = attributes(&workspace);
    let values = state["values_yaml"].as_str().unwrap();
    for part in ["apiKeyExistingSecret: datadog-secret", "- team:shop", "DD_ENV: prod", "initContainers:"] {
        assert!(values.contains(part), "{part} is not in {values}");
    }
    assert_eq!(state["datadog_agent"]["kind"], "DatadogAgent");
    assert_eq!(state["datadog_agent"]["spec"]["global"]["tags"], json!(["team:shop"]));
    assert_eq!(state["unsupported"], json!([]));

    workspace.write(
        "node.tf",
        &kubernetes(&format!(
            "{tags}\n  flares = false\n  api_key_secret = {{ name = \"dd\", key = \"key\" }}"
        )),
    );
    let applied = workspace.apply().success();
    assert!(!applied.output.contains("Warning"), "{applied}");
    let state = attributes(&workspace);
    assert_eq!((&state["values_yaml"], &state["datadog_agent"]), (&Value::Null, &Value::Null));
    let unsupported = state["unsupported"].as_array().unwrap().iter();
    let told: Vec<_> =
        unsupported.map(|one| [one["output"].as_str().unwrap(), one["setting"].as_str().unwrap()]).collect();
    assert_eq!(
        told,
        [["values_yaml", "api_key_secret"], ["values_yaml", "flares"], ["datadog_agent", "flares"]]
    );
}

#[test]
fn what_no_daemon_set_has_is_told_where_it_is() {
    let workspace = Workspace::offline("kubernetes-node-bad", "");
    for (body, said) in [
        ("mode = \"daemonSet\"", "mode = \"daemonset\""),
        ("namespace = \"datadog\"", "Only of a DaemonSet"),
        ("tolerations = [{ operator = \"Exists\" }]", "Only of a DaemonSet"),
        ("mode = \"daemonset\"\n  namespace = \"Data Dog\"", "Not a name of a namespace"),
        ("mode = \"daemonset\"\n  tolerations = [{ opertor = \"Exists\" }]", "Not a list of tolerations"),
        ("mode = \"daemonset\"\n  tolerations = \"all\"", "Not a list of tolerations"),
        ("mode = \"daemonset\"\n  eks_fargate = true", "No DaemonSet on AWS Fargate"),
        ("mode = \"daemonset\"\n  wait_until_healthy = true", "Waiting that Pods cannot do"),
    ] {
        workspace.write("node.tf", &kubernetes(&format!("  {body}")));
        workspace.plan().failure().says(said);
    }
}

#[test]
fn every_golden_daemon_set_is_one_by_the_schemas_of_kubernetes() {
    let mut texts = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/kubernetes")).unwrap()
    {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().display().to_string();
        if name.starts_with("node_") {
            texts.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(texts.len() >= 5);
    assert_eq!(problems_of_kubernetes("kubernetes-node-golden", &texts), "");
}
