//! `placeholder-left`

use super::prelude::*;

/// A piece of a template or of a copied example that nobody filled in.
pub(super) static RULE: Rule = Rule {
    name: "placeholder-left",
    topic: Topic::Form,
    summary: "A placeholder was not filled in",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "No value and no key contains what a template or an example leaves to be filled in: ${stage}, $STAGE, {{ stage }}, \
             #{Stage}, %STAGE%, __STAGE__, $$$STAGE$$$, <STAGE>, or a word such as REPLACE_ME or YOUR_ACCOUNT_ID, and no task \
             definition is the skeleton that the AWS command line prints. Each place is one finding, and counts as \
             not known yet for every other rule. What the same signs mean elsewhere is left alone: commands and entry \
             points, regular expressions, layouts of log lines, markup, $NAME in values of variables, and variables that the \
             container itself has. In a manifest of Kubernetes {{ }} is found outside containers as well, and left alone in \
             annotations, which other programs may read as templates. It is an error where ECS or Kubernetes rejects the value as it \
             stands, and a warning elsewhere.",
    matters: "ECS rejects a family, a role or an image that was not filled in. Most other values it accepts as they are, and the \
              container fails later: it cannot read a secret, or Datadog rejects its API key.",
    evidence: Evidence {
        source: "Answers on record for images (amazon-ecs-render-task-definition issue 49, OctopusDeploy issue 10026) and \
                 roles (aws-modern-application-workshop issue 9); published task definitions that carry each form; Kubernetes' \
                 documentation on names, labels and annotations.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{ "taskRoleArn": "<YOUR_TASK_ROLE_ARN>", "containerDefinitions": [{ "name": "app" }] }"#,
    ),
    passing: Example(
        r#"{
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop",
  "containerDefinitions": [
    {
      "name": "app",
      "command": ["sh", "-c", "echo '<html>It runs.</html>' > /tmp/index.html && serve --port ${PORT}"]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("taskRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let shape = task.shape();
    if shape.unknown_text {
        found.undecided();
    }
    for flaw in &shape.flaws {
        let Problem::Unfilled(unfilled) = flaw.problem else { continue };
        match unfilled {
            Unfilled::Skeleton => {
                found.in_shape(
                    flaw,
                    "This is the skeleton of a task definition, as the AWS command line prints it, and nothing in it is filled \
                     in. ECS rejects it.",
                    "Write your own values, and take out every key that you do not need.",
                );
            }
            Unfilled::Piece { form, told, is_rejected } => {
                let piece =
                    told.map_or_else(|| form.looks().to_owned(), |piece| shortened(piece).into_owned());
                let what = match told {
                    Some(_) => format!("{piece}, which looks like a placeholder that was not filled in"),
                    None => format!("{piece} that was not filled in"),
                };
                let consequence = match is_rejected {
                    true if flaw.is_around => format!(" {} rejects it.", task.words().reader),
                    true if task.is_of_ecs() => {
                        " With it, ECS rejects the task definition, or the task does not start.".to_owned()
                    }
                    true => format!(
                        " With it, the {} does not start, or does not do what it should.",
                        task.words().container
                    ),
                    false => String::new(),
                };
                let finding = found.in_shape(
                    flaw,
                    format!("There is {what}.{consequence}"),
                    match told {
                        Some(_) => format!("Replace {piece} with your own value."),
                        None => "Write your own value in its place.".to_owned(),
                    },
                );
                if !is_rejected {
                    finding.severity = Severity::Warning;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::document;
    use super::super::{DocumentKind, Severity, Subject, judge, judge_document};

    /// Rule, severity and place of everything that is found and would stop or bother a deployment.
    fn found(text: &str) -> Vec<String> {
        let document = document(text);
        let findings = judge(&Subject::of(&document)).findings;
        let loud = findings.into_iter().filter(|finding| finding.severity != Severity::Note);
        loud.map(|finding| format!("{} {} {}", finding.severity_word(), finding.rule, finding.path)).collect()
    }

    const SOUND: &str = r#""readonlyRootFilesystem": true, "memory": 128"#;

    #[test]
    fn each_place_is_found_once_and_no_other_rule_speaks_of_it() {
        for (member, place, severity) in [
            (r#""family": "shop-${stage}""#, "family", "error"),
            (r#""family": "__FAMILY__""#, "family", "warning"),
            (r#""cpu": "{{cpu}}""#, "cpu", "error"),
            (r#""networkMode": "%MODE%""#, "networkMode", "error"),
            (r#""requiresCompatibilities": ["{{launch_type}}"]"#, "requiresCompatibilities[0]", "error"),
            (r#""requiresCompatibilities": "${compatibilities}""#, "requiresCompatibilities", "error"),
            (r#""executionRoleArn": "REPLACE_ME_ROLE_ARN""#, "executionRoleArn", "error"),
            (r#""taskRoleArn": "arn:aws:iam::YOUR_ACCOUNT_ID:role/x""#, "taskRoleArn", "error"),
            (r#""volumes": [{"name": "${volume}"}]"#, "volumes[0].name", "error"),
            (r#""volumes": "{{ volumes }}""#, "volumes", "error"),
            (r#""tags": [{"key": "team", "value": "<TEAM>"}]"#, "tags[0].value", "warning"),
            (r#""{{ more }}": ",", "cpu": "hunter2""#, "{{ more }}", "error"),
        ] {
            let document = format!(
                r#"{{"family": "shop", {member}, "containerDefinitions": [{{"name": "a", "image": "shop:1.0", {SOUND}}}]}}"#
            );
            let document = if member.contains("family") {
                document.replacen(r#""family": "shop", "#, "", 1)
            } else {
                document
            };
            let wanted = [format!("{severity} placeholder-left {place}")];
            assert_eq!(found(&document), wanted, "{member}");
        }
        for (member, place, severity) in [
            (r#""image": "$IMAGE_NAME""#, "image", "error"),
            (r##""image": "#{Octopus.Image}""##, "image", "error"),
            (r#""image": "$$$IMAGE$$$""#, "image", "error"),
            (r#""image": "repo:__TAG__""#, "image", "error"),
            (r#""image": "shop:1.0", "cpu": "${cpu}""#, "cpu", "error"),
            (r#""image": "shop:1.0", "essential": "{{ essential }}""#, "essential", "error"),
            (r#""image": "shop:1.0", "environment": "${environment}""#, "environment", "error"),
            (r#""image": "shop:1.0", "environment": ["${variable}"]"#, "environment[0]", "error"),
            (r#""image": "shop:1.0", "user": "<USER>""#, "user", "warning"),
            (
                r#""image": "shop:1.0", "environment": [{"name": "PASSWORD", "value": "%PASSWORD%"}]"#,
                "environment[0].value",
                "warning",
            ),
            (
                r#""image": "shop:1.0", "environmentFiles": [{"type": "s3", "value": "<FILE>"}]"#,
                "environmentFiles[0].value",
                "warning",
            ),
            (
                r#""image": "shop:1.0", "portMappings": [{"containerPort": 80, "name": "<PORT>"}]"#,
                "portMappings[0].name",
                "warning",
            ),
            (
                r#""image": "shop:1.0", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/{{ .Env }}", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "a"}}"#,
                "logConfiguration.options.awslogs-group",
                "warning",
            ),
            (
                r#""image": "shop:1.0", "dockerLabels": {"com.${stage}.x": "y"}"#,
                "dockerLabels.com.${stage}.x",
                "error",
            ),
        ] {
            let document = format!(
                r#"{{"family": "shop", "executionRoleArn": "arn:aws:iam::111122223333:role/x", "containerDefinitions": [{{"name": "a", {member}, {SOUND}}}]}}"#
            );
            let wanted = [format!("{severity} placeholder-left containerDefinitions[0].{place}")];
            assert_eq!(found(&document), wanted, "{member}");
        }
    }

    #[test]
    fn near_neighbours_are_silent() {
        for member in [
            r#""command": ["sh", "-c", "exec ${CMD} $ARGS {{x}} %d{x}"]"#,
            r#""entryPoint": ["${ENTRY}"]"#,
            r#""healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost:${PORT}/ || exit 1"]}"#,
            r#""environment": [{"name": "A", "value": "<configuration><root level=\"INFO\"/></configuration>"}]"#,
            r#""environment": [{"name": "A", "value": "$HOME/x $(VAR) %X{trace} __main__ TODO xxx"}]"#,
            r#""environment": [{"name": "LOG_PATTERN", "value": "%d <%thread> ${x} {{y}} %LEVEL%"}]"#,
            r#""environment": [{"name": "URL", "value": "http://${HOST}/"}, {"name": "HOST", "value": "x"}]"#,
            r#""environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/x.env"}], "environment": [{"name": "URL", "value": "http://${HOST}/"}]"#,
            r#""dockerLabels": {"com.datadoghq.ad.instances": "[{\"host\": \"%%host%%\", \"port\": \"%%port%%\"}]"}"#,
            r#""logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "p", "awslogs-multiline-pattern": "^${x} <level>"}}"#,
        ] {
            let document = format!(
                r#"{{"family": "shop", "executionRoleArn": "arn:aws:iam::111122223333:role/x", "containerDefinitions": [{{"name": "a", "image": "shop:1.0", {member}, {SOUND}}}]}}"#
            );
            assert_eq!(found(&document), [""; 0], "{member}");
        }
    }

    #[test]
    fn a_skeleton_is_one_finding() {
        for text in [
            r#"{"family": "", "taskRoleArn": "", "containerDefinitions": [{"name": "", "image": "", "memory": 0, "links": [""]}], "cpu": ""}"#,
            r#"{"family": "family", "status": "INACTIVE", "containerDefinitions": [{"name": "name", "image": "image", "memory": 0}]}"#,
        ] {
            assert_eq!(found(text), ["error placeholder-left family"], "{text}");
        }
        let begun = r#"{"family": "shop", "containerDefinitions": [{"name": "", "image": ""}]}"#;
        assert!(!found(begun).iter().any(|one| one.contains("placeholder-left")));
    }

    #[test]
    fn calls_of_cloud_formation_are_not_known_yet() {
        let document = format!(
            r#"{{"family": {{"Ref": "AWS::StackName"}}, "cpu": {{"Ref": "Cpu"}}, "taskRoleArn": {{"Fn::GetAtt": ["R", "Arn"]}},
                "networkMode": {{"Ref": "AWS::NoValue"}}, "volumes": {{"Fn::If": ["A", [], []]}}, "containerDefinitions": [
                {{"name": "a", "image": {{"Fn::Sub": "x"}}, "essential": {{"Fn::Equals": ["a", "b"]}},
                  "environment": [{{"name": "A", "value": {{"Fn::Join": ["", []]}}}}, {{"Fn::If": ["A", {{}}, {{}}]}}], {SOUND}}}]}}"#
        );
        assert_eq!(found(&document), [""; 0]);
        let wrong = document.replace("Fn::Sub", "Sub");
        assert_eq!(found(&wrong), ["error wrong-type containerDefinitions[0].image"]);
    }

    #[test]
    fn values_of_variables_and_options_are_not_repeated() {
        let text = r#"{"family": "f", "containerDefinitions": [{"name": "a", "image": "x:1", "environment": [{"name": "A", "value": "pre<HUNTER_2>post"}],
            "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": "${hunter_2}"}}}]}"#;
        let document = document(text);
        let findings = judge(&Subject::of(&document)).findings;
        assert!(findings.iter().any(|finding| finding.detail().contains("of the form <...>")));
        assert!(!format!("{findings:?}").to_lowercase().contains("hunter"));
    }

    /// Place and severity of what is found in a Deployment with this metadata, this member of the Pod's specification and this container.
    fn found_in_kubernetes(metadata: &str, member: &str, container: &str) -> Vec<String> {
        let manifest = format!(
            r#"{{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {metadata}, "spec": {{"replicas": 2, "template": {{
                "metadata": {metadata}, "spec": {{{member}
                "containers": [{{"name": "web", "image": "example.com/web:1.2.3", {SOUND_CONTAINER}{container}}}]}}}}}}}}"#
        );
        let judgement = judge_document(DocumentKind::Kubernetes, &document(&manifest), None);
        let of_rule = judgement.findings.iter().filter(|finding| finding.rule == super::RULE.name);
        of_rule.map(|finding| format!("{} {}", finding.severity_word(), finding.path)).collect()
    }

    const SOUND_CONTAINER: &str = r#""securityContext": {"readOnlyRootFilesystem": true}"#;

    #[test]
    fn braces_are_found_around_the_containers_of_a_pod_where_kubernetes_takes_no_brace() {
        let name = r#"{"name": "{{ .Release.Name }}-web"}"#;
        assert_eq!(
            found_in_kubernetes(name, "", ""),
            ["error metadata.name", "error spec.template.metadata.name"]
        );
        let label = r#"{"name": "web", "labels": {"team": "{{ team }}"}}"#;
        assert_eq!(found_in_kubernetes(label, "", "").len(), 2);
        for (member, container, place) in [
            (r#""serviceAccountName": "{{ account }}","#, "", "serviceAccountName"),
            (
                r#""terminationGracePeriodSeconds": "{{ .Values.grace }}","#,
                "",
                "terminationGracePeriodSeconds",
            ),
            (
                r#""volumes": [{"name": "files", "configMap": {"name": "{{ .Release.Name }}"}}],"#,
                "",
                "volumes[0].configMap.name",
            ),
            (
                "",
                r#", "resources": {"limits": {"memory": "{{ memory }}"}}"#,
                "containers[0].resources.limits.memory",
            ),
        ] {
            let wanted = [format!("error spec.template.spec.{place}")];
            assert_eq!(found_in_kubernetes(r#"{"name": "web"}"#, member, container), wanted, "{place}");
        }
    }

    #[test]
    fn what_other_programs_read_as_templates_is_left_alone() {
        let of_vault = r#"{"name": "web", "annotations": {
            "vault.hashicorp.com/agent-inject-template-db": "{{ with secret \"db\" }}{{ .Data.password }}{{ end }}",
            "ad.datadoghq.com/web.checks": "{\"http\": {\"instances\": [{\"url\": \"http://%%host%%\"}]}}"}}"#;
        assert_eq!(found_in_kubernetes(of_vault, "", ""), [""; 0]);
        let of_a_program = r#", "args": ["--format={{ .Name }} is up"]"#;
        assert_eq!(found_in_kubernetes(r#"{"name": "web"}"#, "", of_a_program), [""; 0]);
        let driver =
            r#""volumes": [{"name": "v", "csi": {"driver": "d", "volumeAttributes": {"path": "{{ x }}"}}}],"#;
        assert_eq!(found_in_kubernetes(r#"{"name": "web"}"#, driver, ""), [""; 0]);
        // Nor what has no Pod: rules of alerts, files of other programs, workloads of other controllers.
        for other in [
            r#"{"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "spec": {"summary": "{{ $labels.pod }} is down"}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "data": {"file": "{{ .Name }}"}}"#,
            r#"{"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "spec": {"template": {"metadata": {"name": "{{ name }}"}}}}"#,
        ] {
            let manifest = format!(
                r#"[{other}, {{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "web"}},
                    "spec": {{"containers": [{{"name": "web", "image": "example.com/web:1.2.3", {SOUND_CONTAINER}}}]}}}}]"#
            );
            let judgement = judge_document(DocumentKind::Kubernetes, &document(&manifest), None);
            assert_eq!(judgement.findings, [], "{other}");
        }
    }
}
