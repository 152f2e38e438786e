//! `root-user-forbidden`

use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};

/// A container that must not be root, and is.
pub(super) static RULE: Rule = Rule {
    name: "root-user-forbidden",
    topic: Topic::Security,
    summary: "A container that must not run as root does",
    severity: Severity::Error,
    judges: Judges::Kubernetes,
    platform: Platform::Any,
    control: None,
    checks: "No container with runAsNonRoot: true, its own or that of its Pod, runs as user 0: by runAsUser, or because it has none \
             and the image of the Datadog Agent starts as root. For an image of the Agent that is your own, which may name another \
             user, that is a warning.",
    matters: "The kubelet compares both before it creates the container. It creates none that would be root, and the Pod waits with \
              CreateContainerConfigError. Where an init container waits so, nothing else of the Pod starts.",
    evidence: Evidence {
        source: "Kubernetes, pkg/kubelet/kuberuntime, verifyRunAsNonRoot in security_context_others.go and its caller in \
                 kuberuntime_container.go (fbba6b47); datadog-agent Dockerfile, which names no user, and pull request 51777.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: KubernetesExample(
        r#"{ "spec": { "initContainers": [{ "name": "datadog-init", "securityContext": { "runAsNonRoot": true } }] } }"#,
    ),
    passing: KubernetesExample(
        r#"{
  "spec": {
    "securityContext": { "runAsNonRoot": true },
    "initContainers": [{ "name": "datadog-init", "securityContext": { "runAsUser": 0, "runAsNonRoot": false } }],
    "containers": [{ "name": "datadog-agent", "securityContext": { "runAsUser": 100 } }]
  }
}"#,
    ),
    undecided: Undecided::Failing("spec.initContainers[0].securityContext.runAsNonRoot"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let is_forbidden = match container.get("runAsNonRoot") {
            Node::Unknown => None,
            flag => Some(flag.as_bool() == Some(true)),
        };
        let Some(root) = Root::of(container) else {
            if is_forbidden != Some(false) {
                found.undecided();
            }
            continue;
        };
        if root == Root::No || found.known(is_forbidden) != Some(true) {
            continue;
        }
        let why = match root {
            Root::Says => "its user is 0",
            _ => "it names no user, so that it runs as that of its image, which is root",
        };
        let unless = if root == Root::PerhapsByImage { " unless the image names another one" } else { "" };
        let finding = found.in_container(
            container,
            container.path().key("user"),
            format!(
                "has runAsNonRoot: true, and {why}{unless}. The kubelet does not create it: the Pod waits with \
                 CreateContainerConfigError."
            ),
            way_out(task, container, root),
        );
        if root == Root::PerhapsByImage {
            finding.severity = Severity::Warning;
        }
    }
}

/// Whether a container is root.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    No,
    /// By its user.
    Says,
    /// By its image.
    ByImage,
    /// By its image, which may name another user.
    PerhapsByImage,
}

impl Root {
    /// None while not known. What the images of applications do nobody here can say.
    fn of(container: &Container<'_>) -> Option<Root> {
        match container.get("user") {
            Node::Unknown => None,
            Node::Null if container.get("image").is_unknown() => None,
            Node::Null if container.has_datadogs_image() => Some(Root::ByImage),
            Node::Null if container.has_agent_image() => Some(Root::PerhapsByImage),
            Node::Null => Some(Root::No),
            user => {
                let user = user.as_str().map(Into::into);
                Some(if runs_as(user.as_ref()) == RunsAs::Root { Root::Says } else { Root::No })
            }
        }
    }
}

/// Whose user is said means it. What prepares the Agent's volumes may have to be root.
fn way_out(task: &TaskDefinition<'_>, container: &Container<'_>, root: Root) -> Fix {
    let may_be_root = Edit::set(container, "runAsNonRoot", false);
    match (root, task.is_agent(container)) {
        (Root::Says, _) => Fix::from(may_be_root).and(
            "What the container says counts before what the Pod says. Or write the number of another user in runAsUser.",
        ),
        (_, Some(true)) => Fix::from(Edit::set(container, "user", "100")).and(
            "That is dd-agent, the only user besides root as which the image can run; the Agent's settings call it user = \"100\". \
             Or write runAsNonRoot: false in the container, which counts before what the Pod says.",
        ),
        _ => Fix::from(may_be_root).and(
            "What the container says counts before what the Pod says. Or write runAsUser: 100, where it hands nothing over to \
             another user.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::document::parse;
    use crate::rules::{DocumentKind, Severity, form_of, judge_document};

    /// Severity and way out of what is found in a Pod with this context and a container with this image and this context; and
    /// whether the rule is undecided.
    fn found(pod: &str, image: &str, container: &str) -> (Option<(Severity, String)>, bool) {
        let manifest = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "shop"}}, "spec": {{"securityContext": {{{pod}}},
                "containers": [{{"name": "one", "image": "{image}", "securityContext": {{{container}}}}}]}}}}"#
        );
        let mut manifest = parse(&manifest).unwrap();
        crate::rules::tests::fill_in(&mut manifest);
        let judgement = judge_document(DocumentKind::Kubernetes, &manifest, None);
        let of_rule = judgement.findings.iter().find(|finding| finding.rule == RULE.name);
        let told = of_rule.map(|finding| {
            let fix = finding.fix_in(form_of(DocumentKind::Kubernetes));
            (finding.severity, fix.split(" in ").next().unwrap().to_owned())
        });
        (told, judgement.undecided.contains(&RULE.name))
    }

    const AGENT: &str = "public.ecr.aws/datadog/agent:7.81.1";
    const OWN: &str = "example.com/acme/datadog-agent:1";
    const SHOP: &str = "example.com/shop:1.4.2";
    const FORBIDDEN: &str = r#""runAsNonRoot": true"#;

    #[test]
    fn root_by_user_or_by_image_is_found_where_the_pod_or_the_container_forbids_it() {
        let user = || "Write runAsUser: 100".to_owned();
        let allowed = || "Write runAsNonRoot: false".to_owned();
        for (pod, image, container, expected) in [
            (FORBIDDEN, AGENT, "", Some((Severity::Error, user()))),
            ("", AGENT, FORBIDDEN, Some((Severity::Error, user()))),
            (FORBIDDEN, OWN, r#""runAsUser": 0"#, Some((Severity::Error, allowed()))),
            (FORBIDDEN, SHOP, r#""runAsUser": 0"#, Some((Severity::Error, allowed()))),
            (r#""runAsNonRoot": true, "runAsUser": 0"#, SHOP, "", Some((Severity::Error, allowed()))),
            (FORBIDDEN, SHOP, "", None),
            (FORBIDDEN, AGENT, r#""runAsUser": 100"#, None),
            (r#""runAsNonRoot": true, "runAsUser": 100"#, AGENT, "", None),
            (FORBIDDEN, AGENT, r#""runAsNonRoot": false"#, None),
            ("", AGENT, "", None),
        ] {
            assert_eq!(found(pod, image, container), (expected, false), "{pod} {image} {container}");
        }
        let (told, _) = found(FORBIDDEN, OWN, "");
        assert_eq!(told.map(|(severity, _)| severity), Some(Severity::Warning));
    }

    #[test]
    fn what_is_not_known_yet_is_undecided_where_it_decides() {
        const UNKNOWN: &str = r#""runAsNonRoot": "<unknown>""#;
        for (pod, image, container, is_undecided) in [
            (UNKNOWN, AGENT, "", true),
            (UNKNOWN, SHOP, "", false),
            (UNKNOWN, AGENT, r#""runAsUser": 100"#, false),
            (FORBIDDEN, AGENT, r#""runAsUser": "<unknown>""#, true),
            (FORBIDDEN, "<unknown>", "", true),
            ("", "<unknown>", "", false),
        ] {
            assert_eq!(found(pod, image, container), (None, is_undecided), "{pod} {image} {container}");
        }
    }

    #[test]
    fn the_line_to_write_mends_it_in_the_container_and_leaves_the_pod_as_it_is() {
        let manifest = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "shop"}}, "spec": {{"securityContext": {{{FORBIDDEN}}},
                "initContainers": [{{"name": "init", "image": "{AGENT}", "command": ["cp", "-R", "/etc/datadog-agent/.", "/x"]}}],
                "containers": [{{"name": "agent", "image": "{AGENT}"}}]}}}}"#
        );
        let mut manifest = parse(&manifest).unwrap();
        let found = |manifest: &_| -> Vec<_> {
            let findings = judge_document(DocumentKind::Kubernetes, manifest, None).findings;
            findings.into_iter().filter(|finding| finding.rule == RULE.name).collect()
        };
        let told = found(&manifest);
        let places: Vec<String> = told.iter().map(|finding| finding.path.to_string()).collect();
        assert_eq!(
            places,
            [
                "spec.containers[0].securityContext.runAsUser",
                "spec.initContainers[0].securityContext.runAsUser"
            ]
        );
        told.iter().for_each(|finding| finding.fix.apply(&mut manifest));
        assert_eq!(found(&manifest), []);
        let spec = manifest.get("spec");
        assert_eq!(spec.get("securityContext").get("runAsNonRoot").as_bool(), Some(true));
        let context = |list: &str| spec.get(list).items()[0].get("securityContext");
        assert_eq!(context("initContainers").get("runAsNonRoot").as_bool(), Some(false));
        assert_eq!(context("containers").get("runAsUser").as_i64(), Some(100));
    }
}
