//! `ddrofs_agent_kubernetes` through a real core: what it gives, what it refuses and where, and what it never shows.

use crate::harness::{Workspace, problems_of_kubernetes};

const WEB: &str = r#"{
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "web" }
    spec = {
      selector = { matchLabels = { app = "web" } }
      template = {
        metadata = { labels = { app = "web" } }
        spec     = { containers = [{ name = "web", image = "example.com/web:1.2.3" }] }
      }
    }
  }"#;

const WEB_AS_TEXT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web} # a comment
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'example.com/web:1.2.3'}]}
";

fn kubernetes(body: &str) -> String {
    format!("data \"ddrofs_agent_kubernetes\" \"one\" {{\n{body}\n}}\n")
}

fn attributes(workspace: &Workspace) -> serde_json::Value {
    workspace.attributes("data.ddrofs_agent_kubernetes.one").expect("it is in the state")
}

fn yaml(workspace: &Workspace) -> String {
    attributes(workspace)["yaml"].as_str().expect("it is known").to_owned()
}

#[test]
fn yaml_text_and_the_same_in_hcl_give_the_same_manifest_and_given_in_again_it_stays() {
    let workspace = Workspace::offline("kubernetes-forms", "");
    workspace.write("web.yaml", WEB_AS_TEXT);
    let files = "  config_files = { \"conf.d/x.d/conf.yaml\" = \"instances: [{}]\" }";
    let mut manifests = Vec::new();
    for manifest in [WEB, "file(\"web.yaml\")"] {
        workspace.write("kubernetes.tf", &kubernetes(&format!("  manifest = {manifest}\n{files}")));
        workspace.apply().success();
        let state = attributes(&workspace);
        assert!(state["findings"].as_array().unwrap().iter().all(|one| one["severity"] != "error"));
        // The state has the type of a dynamic value beside it.
        let objects = &state["manifests"]["value"];
        assert_eq!(objects.as_array().unwrap().len(), 2, "the Deployment and its ConfigMap");
        assert_eq!(objects[0]["spec"]["selector"]["matchLabels"]["app"], "web");
        manifests.push(state["yaml"].as_str().unwrap().to_owned());
    }
    assert_eq!(manifests[0], manifests[1]);
    for part in [
        "readOnlyRootFilesystem: true",
        "restartPolicy: Always",
        "unix:///var/run/datadog/apm.socket",
        "name: datadog-secret",
        "kind: ConfigMap",
    ] {
        assert!(manifests[0].contains(part), "{part} is not in {}", manifests[0]);
    }
    assert_eq!(problems_of_kubernetes("kubernetes-forms", &[("web".to_owned(), manifests[0].clone())]), "");
    workspace.write("again.yaml", &manifests[0]);
    workspace.write("kubernetes.tf", &kubernetes(&format!("  manifest = file(\"again.yaml\")\n{files}")));
    workspace.apply().success();
    assert_eq!(yaml(&workspace), manifests[0]);
    workspace.plan().no_changes();
}

#[test]
fn a_pod_with_the_agent_alone_is_one_for_kubernetes() {
    let workspace = Workspace::offline("kubernetes-alone", "");
    workspace.write("kubernetes.tf", &kubernetes("  eks_fargate = true"));
    workspace.apply().success();
    let yaml = yaml(&workspace);
    assert!(yaml.contains("DD_EKS_FARGATE") && yaml.contains("kind: Pod"), "{yaml}");
    assert_eq!(problems_of_kubernetes("kubernetes-alone", &[("pod".to_owned(), yaml)]), "");
}

#[test]
fn what_of_the_providers_block_is_of_ecs_is_left_out_and_an_error_in_the_data_source() {
    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";
    let provider = format!(
        "provider \"ddrofs\" {{\n  agent {{\n    api_key_secret_arn = \"{ARN}\"\n    env = \"prod\"\n  }}\n}}\n"
    );
    let workspace = Workspace::offline("kubernetes-fleet", "");
    let own = "  api_key_secret = { name = \"dd\", key = \"k\" }";
    workspace.write("kubernetes.tf", &format!("{provider}{}", kubernetes(own)));
    workspace.apply().success();
    let yaml = yaml(&workspace);
    assert!(
        !yaml.contains("arn:aws") && yaml.contains("value: prod") && yaml.contains("name: dd\n"),
        "{yaml}"
    );
    workspace.write(
        "kubernetes.tf",
        &kubernetes(&format!("  api_key_secret_arn = \"{ARN}\"\n  essential = true\n  stop_timeout = 5")),
    );
    let refused = workspace.plan().failure();
    refused
        .says("Setting of another platform")
        .says("`api_key_secret_arn`")
        .says("`essential`")
        .says("terminationGracePeriodSeconds");
}

#[test]
fn a_key_is_never_part_of_the_manifest_and_never_shown() {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    let workspace = Workspace::offline("kubernetes-key", "");
    for body in [
        format!("  api_key_secret = {{ name = \"{KEY}\", key = \"api-key\" }}"),
        format!("  api_key_secret = {{ name = \"dd\", key = \"{KEY}\" }}"),
        format!("  environment = {{ DD_API_KEY = \"{KEY}\" }}"),
        format!("  secrets = {{ DD_APP_KEY = \"{KEY}!\" }}"),
    ] {
        workspace.write("kubernetes.tf", &kubernetes(&body));
        let refused = workspace.run(&["plan", "-input=false", "-no-color", "-json"]);
        assert!(!refused.succeeded(), "{body}");
        for line in refused.output.lines().filter(|line| line.contains("\"@level\":\"error\"")) {
            let shown: serde_json::Value = serde_json::from_str(line).unwrap();
            let diagnostic = &shown["diagnostic"];
            for text in ["summary", "detail"] {
                assert!(!diagnostic[text].as_str().unwrap_or_default().contains(KEY), "{diagnostic}");
            }
        }
    }
}
