//! `unsupported-on-fargate`

use super::prelude::*;
use crate::document::Trail;
use crate::task::{EACH, is_set, visit};

/// A setting that Fargate does not have.
pub(super) static RULE: Rule = Rule {
    name: "unsupported-on-fargate",
    topic: Topic::Form,
    summary: "Fargate does not support a setting",
    severity: Severity::Error,
    platform: Platform::Fargate,
    control: None,
    checks: "A task definition for Fargate has the network mode awsvpc and no pidMode but task. It has no ipcMode, no \
             placementConstraints, and no volume of the host, of Docker or of FSx for Windows. No container of it is \
             privileged or has dockerSecurityOptions, devices, sharedMemorySize, maxSwap, swappiness or a GPU. The only \
             capability that a container may add is SYS_PTRACE. The log drivers are awslogs, splunk and awsfirelens, \
             and a FireLens configuration does not come from S3.",
    matters: "There is no host on Fargate that a task could reach or share. ECS rejects the task definition. For \
              swappiness, FSx and FireLens configurations no answer is on record, so these are warnings. Other rules \
              speak of the task's size, timeouts and the settings that the network mode excludes.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules pf-ecs-fargate-capabilities-add, \
                 -devices, -docker-security-options, -docker-volume, -gpu-resource, -host-source-path, -ipc-mode, \
                 -log-driver-unsupported, -max-swap, -network-mode, -pid-mode-host, -placement-constraints, -privileged \
                 and -shared-memory-size. The rest: Fargate differences in the Amazon ECS developer guide, and for FireLens the \
                 issue aws-samples/amazon-ecs-firelens-examples 32.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(r#"{ "pidMode": "host" }"#),
    passing: Example(r#"{ "pidMode": "task" }"#),
    undecided: Undecided::Failing("pidMode"),
    check,
};

/// What Fargate refuses at a place.
struct Row {
    /// Where: keys below the task definition or below a container.
    path: &'static [&'static str],
    /// What is refused there.
    refused: Refused,
    /// What ECS answers, where that is on record; `{}` stands for the value. Without an answer it is a warning.
    answer: Option<&'static str>,
    /// What to do.
    fix: &'static str,
}

enum Refused {
    /// Whatever asks for something.
    Anything,
    /// These values.
    Values(&'static [&'static str]),
    /// These values, and nothing at all.
    ValuesAndAbsence(&'static [&'static str]),
    /// Every value but this one.
    AllBut(&'static str),
}

const OF_THE_TASK: [Row; 7] = [
    Row {
        path: &["networkMode"],
        refused: Refused::ValuesAndAbsence(&["bridge", "host", "none"]),
        answer: Some("Fargate only supports network mode 'awsvpc'"),
        fix: "Write \"networkMode\": \"awsvpc\".",
    },
    Row {
        path: &["pidMode"],
        refused: Refused::Values(&["host"]),
        answer: Some(
            "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'",
        ),
        fix: "Write \"pidMode\": \"task\" to let containers see each other's processes, or take it out.",
    },
    Row {
        path: &["ipcMode"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support ipcMode"),
        fix: "Take \"ipcMode\" out.",
    },
    Row {
        path: &["placementConstraints"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support constraints"),
        fix: "Take \"placementConstraints\" out. On Fargate the subnets of the service choose the place.",
    },
    Row {
        path: &["volumes", EACH, "host", "sourcePath"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support sourcePath"),
        fix: "Take \"sourcePath\" out: the volume is then an empty directory of the task. Files that stay belong on EFS.",
    },
    Row {
        path: &["volumes", EACH, "dockerVolumeConfiguration"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support dockerVolumeConfiguration"),
        fix: "Take \"dockerVolumeConfiguration\" out: the volume is then an empty directory of the task.",
    },
    Row {
        path: &["volumes", EACH, "fsxWindowsFileServerVolumeConfiguration"],
        refused: Refused::Anything,
        answer: None,
        fix: "Run the task on EC2, or keep the files on EFS.",
    },
];

const OF_A_CONTAINER: [Row; 10] = [
    Row {
        path: &["privileged"],
        refused: Refused::Anything,
        answer: Some("Fargate requires that the 'privileged' setting be 'false' at the container level"),
        fix: "Take \"privileged\" out.",
    },
    Row {
        path: &["dockerSecurityOptions"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support dockerSecurityOptions"),
        fix: "Take \"dockerSecurityOptions\" out.",
    },
    Row {
        path: &["linuxParameters", "devices"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support devices"),
        fix: "Take \"devices\" out, or run the task on EC2.",
    },
    Row {
        path: &["linuxParameters", "sharedMemorySize"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support sharedMemorySize"),
        fix: "Take \"sharedMemorySize\" out. Let the program use another directory than /dev/shm.",
    },
    Row {
        path: &["linuxParameters", "maxSwap"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support maxSwap"),
        fix: "Take \"maxSwap\" out.",
    },
    Row {
        path: &["linuxParameters", "swappiness"],
        refused: Refused::Anything,
        answer: None,
        fix: "Take \"swappiness\" out.",
    },
    Row {
        path: &["linuxParameters", "capabilities", "add", EACH],
        refused: Refused::AllBut("SYS_PTRACE"),
        answer: Some("{} is not allowed on Fargate"),
        fix: "Take it out of \"add\". Fargate adds SYS_PTRACE only.",
    },
    Row {
        path: &["resourceRequirements", EACH, "type"],
        refused: Refused::Values(&["GPU"]),
        answer: Some("Tasks using the Fargate launch type do not support GPU resource requirements"),
        fix: "Take the GPU out, or run the task on EC2.",
    },
    Row {
        path: &["logConfiguration", "logDriver"],
        refused: Refused::Values(&["fluentd", "gelf", "journald", "json-file", "syslog"]),
        answer: Some("{} is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]"),
        fix: "Write \"logDriver\": \"awslogs\". Other destinations are reached with \"awsfirelens\".",
    },
    Row {
        path: &["firelensConfiguration", "options", "config-file-type"],
        refused: Refused::Values(&["s3"]),
        answer: None,
        fix: "Put the file into the image and write \"config-file-type\": \"file\".",
    },
];

/// Whether this rule is the one to speak of that key of the task definition or of a container.
pub(super) fn speaks_of(key: &str, owner: &Node, task: &TaskDefinition<'_>) -> bool {
    let mut speaks = false;
    if task.fargate == Some(true) {
        for row in OF_THE_TASK.iter().chain(&OF_A_CONTAINER).filter(|row| row.path[0] == key) {
            visit(owner, row.path, &Trail::Root, &mut |node, _| {
                speaks |= row.refused.covers(node) == Some(true);
            });
        }
    }
    speaks
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for row in &OF_THE_TASK {
        visit(task.document, row.path, &Trail::Root, &mut |node, trail| {
            judge(row, node, trail, None, found);
        });
    }
    let list = Trail::Key(&Trail::Root, "containerDefinitions");
    for container in found.all(task.containers()) {
        let trail = Trail::Index(&list, container.index);
        for row in &OF_A_CONTAINER {
            visit(container.node, row.path, &trail, &mut |node, trail| {
                judge(row, node, trail, Some(container), found);
            });
        }
    }
}

fn judge(row: &Row, node: &Node, trail: &Trail<'_>, container: Option<&Container<'_>>, found: &mut Found) {
    match row.refused.covers(node) {
        Some(false) => return,
        None => return found.undecided(),
        Some(true) => {}
    }
    let owner = container.map_or_else(|| "The task".to_owned(), Container::called);
    let last = row.path.iter().rfind(|step| **step != EACH).expect("a row has a key");
    let what = match (&row.refused, node.as_str()) {
        (_, None) if node.is_null() => format!("has no {last}, which Fargate needs"),
        (Refused::Anything, _) | (_, None) => format!("has {last}, which Fargate does not support"),
        (_, Some(value)) => format!("has {last} {}, which Fargate does not support", quoted(value)),
    };
    let answer = row.answer.map_or(String::new(), |answer| {
        would_answer(&answer.replace("{}", &shortened(node.as_str().unwrap_or_default())))
    });
    let (path, detail) = (trail.path(), format!("{owner} {what}.{answer}"));
    let finding = match container {
        Some(container) => found.inside_container(container, path, detail, row.fix),
        None => found.in_task(path, detail, row.fix),
    };
    if row.answer.is_none() {
        finding.severity = Severity::Warning;
    }
}

impl Refused {
    /// Whether a value is refused; none while it is not known. What is no value at all is for the rules about types
    /// and values.
    fn covers(&self, node: &Node) -> Option<bool> {
        if node.is_unknown() {
            return None;
        }
        let is_any = |values: &[&str]| node.as_str().is_some_and(|value| values.contains(&value));
        match self {
            Refused::Anything => is_set(node),
            Refused::Values(values) => Some(is_any(values)),
            Refused::ValuesAndAbsence(values) => Some(node.is_null() || is_any(values)),
            Refused::AllBut(value) => Some(node.as_str().is_some_and(|text| text != *value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn findings(task: &str, container: &str) -> Vec<super::super::Finding> {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], {task} "containerDefinitions": [{{"name": "a" {container}}}]}}"#
        );
        findings_of(RULE.name, &document)
    }

    #[test]
    fn every_row_finds_what_it_is_about() {
        let task = r#""networkMode": "bridge", "pidMode": "host", "ipcMode": "task", "placementConstraints": [{}],
            "volumes": [{"host": {"sourcePath": "/x"}}, {"dockerVolumeConfiguration": {"driver": "x"}},
                {"fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "x"}}],"#;
        let container = r#", "privileged": true, "dockerSecurityOptions": ["x"], "linuxParameters": {"devices": [{}],
            "sharedMemorySize": 1, "maxSwap": 0, "swappiness": 0, "capabilities": {"add": ["SYS_PTRACE", "NET_ADMIN"]}},
            "resourceRequirements": [{"type": "GPU", "value": "1"}], "logConfiguration": {"logDriver": "json-file"},
            "firelensConfiguration": {"type": "fluentbit", "options": {"config-file-type": "s3"}}"#;
        let found = findings(task, container);
        assert_eq!(found.len(), OF_THE_TASK.len() + OF_A_CONTAINER.len(), "{found:#?}");
        let places: Vec<String> = (found.iter())
            .filter(|finding| finding.severity == Severity::Warning)
            .map(|finding| finding.path.to_string())
            .collect();
        let expected = [
            "containerDefinitions[0].firelensConfiguration.options.config-file-type",
            "containerDefinitions[0].linuxParameters.swappiness",
            "volumes[2].fsxWindowsFileServerVolumeConfiguration",
        ];
        assert_eq!(places, expected);
        let capability = found.iter().find(|finding| finding.path.to_string().ends_with("add[1]")).unwrap();
        assert!(
            capability.detail().contains("\"NET_ADMIN is not allowed on Fargate\""),
            "{}",
            capability.detail()
        );
    }

    #[test]
    fn what_asks_for_nothing_is_supported() {
        let task = r#""networkMode": "awsvpc", "ipcMode": null, "placementConstraints": [], "volumes": [{"host": {}}],"#;
        let container = r#", "privileged": false, "dockerSecurityOptions": [], "linuxParameters": {"devices": [],
            "capabilities": {"add": []}, "tmpfs": [{"containerPath": "/x", "size": 1}]}"#;
        assert_eq!(findings(task, container), []);
    }

    #[test]
    fn a_network_mode_has_to_be_given() {
        assert!(findings("", "")[0].detail().contains("has no networkMode"));
        // What is no mode at all is for the rule about values.
        assert_eq!(findings(r#""networkMode": "default","#, ""), []);
    }
}
