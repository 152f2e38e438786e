use super::*;
use crate::document::parse;

fn found(document: &str) -> Vec<String> {
    let document = parse(document).unwrap();
    pods(&document).iter().map(|pod| format!("{} {}", pod.kind.name, pod.spec())).collect()
}

#[test]
fn a_pod_is_found_in_every_kind_that_has_one() {
    for (document, expected) in [
        (r#"{"apiVersion": "v1", "kind": "Pod"}"#, &["Pod spec"][..]),
        (r#"{"apiVersion": "apps/v1", "kind": "Deployment"}"#, &["Deployment spec.template.spec"]),
        (r#"{"apiVersion": "apps/v1", "kind": "StatefulSet"}"#, &["StatefulSet spec.template.spec"]),
        (r#"{"apiVersion": "apps/v1", "kind": "DaemonSet"}"#, &["DaemonSet spec.template.spec"]),
        (r#"{"apiVersion": "batch/v1", "kind": "Job"}"#, &["Job spec.template.spec"]),
        (
            r#"{"apiVersion": "batch/v1", "kind": "CronJob"}"#,
            &["CronJob spec.jobTemplate.spec.template.spec"],
        ),
        (r#"{"apiVersion": "v1", "kind": "PodTemplate"}"#, &["PodTemplate template.spec"]),
        (r#"{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}"#, &[]),
        (r#"{"apiVersion": "example.com/v1", "kind": "Deployment"}"#, &[]),
        (r#"{"apiVersion": "v1", "kind": "Service"}"#, &[]),
        (r#"{"kind": "Pod"}"#, &[]),
        (
            r#"[{"apiVersion": "v1", "kind": "Pod"}, {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "batch/v1", "kind": "Job"}, 7]}]"#,
            &["Pod [0].spec", "Job [1].items[0].spec.template.spec"],
        ),
        (
            r#"{"apiVersion": "v1", "kind": "PodList", "items": [{"apiVersion": "v1", "kind": "Pod"}]}"#,
            &["Pod items[0].spec"],
        ),
        ("7", &[]),
        ("[[1]]", &[]),
    ] {
        assert_eq!(found(document), expected, "{document}");
    }
}

#[test]
fn a_pod_for_windows_says_so() {
    for (spec, is_for_windows) in [
        (r#"{"os": {"name": "windows"}}"#, true),
        (r#"{"nodeSelector": {"kubernetes.io/os": "windows"}}"#, true),
        (r#"{"nodeSelector": {"kubernetes.io/os": "linux"}}"#, false),
        ("{}", false),
    ] {
        let document = parse(&format!(r#"{{"apiVersion": "v1", "kind": "Pod", "spec": {spec}}}"#)).unwrap();
        assert_eq!(pods(&document)[0].is_for_windows(&document), is_for_windows, "{spec}");
    }
}

#[test]
fn a_kind_in_an_old_or_a_wrong_version_of_the_api_is_told_with_its_own() {
    for (object, expected) in [
        (r#"{"apiVersion": "extensions/v1beta1", "kind": "DaemonSet"}"#, Some("apps/v1")),
        (r#"{"apiVersion": "v1", "kind": "CronJob"}"#, Some("batch/v1")),
        (r#"{"kind": "Pod"}"#, Some("v1")),
        (r#"{"apiVersion": "apps/v1", "kind": "Deployment"}"#, None),
        (r#"{"apiVersion": "example.com/v1", "kind": "Deployment"}"#, None),
        (r#"{"apiVersion": "v1", "kind": "Service"}"#, None),
    ] {
        let meant = kind_of_another_version(&parse(object).unwrap());
        assert_eq!(meant.map(|kind| kind.version()).as_deref(), expected, "{object}");
    }
}

#[test]
fn without_the_selector_of_its_kind_an_object_is_a_part_of_one() {
    for (object, expected) in [
        (r#"{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {}}}"#, true),
        (r#"{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"selector": {}}}"#, false),
        (r#"{"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {}}}"#, false),
        (r#"{"apiVersion": "v1", "kind": "Pod", "spec": {}}"#, false),
    ] {
        assert_eq!(is_part(&parse(object).unwrap()), expected, "{object}");
    }
}

/// `kubectl` takes them so, and a manifest that is given back has to say the same.
#[test]
fn words_without_quotes_that_mean_true_or_false_to_kubernetes_are_that() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: &no no\n  x: [yes, 'yes', Off, *no, none]\n  y: \"on\"\n";
    let Ok(read) = crate::document::yaml::read(text) else { panic!("it is YAML") };
    let spec = with_switches(read.node, &read.remarks).get("spec").clone();
    let said = crate::document::to_json(&spec).unwrap();
    assert_eq!(said, r#"{"hostNetwork":false,"x":[true,"yes",false,false,"none"],"y":"on"}"#);
}
