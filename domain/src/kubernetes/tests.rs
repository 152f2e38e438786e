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
