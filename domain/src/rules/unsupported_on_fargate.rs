//! `unsupported-on-fargate`

use super::prelude::*;
use crate::document::{Path, Trail};
use crate::task::{EACH, is_set, visit};

/// A setting that Fargate does not support.
pub(super) static RULE: Rule = Rule {
    name: "unsupported-on-fargate",
    topic: Topic::Form,
    summary: "Fargate does not support a setting",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "A task definition for Fargate has the network mode awsvpc and no pidMode other than task. It has no ipcMode, no \
             placementConstraints, and no volume of the host, of Docker or of FSx for Windows. No container of it is \
             privileged or has dockerSecurityOptions, devices, sharedMemorySize, maxSwap, swappiness or a GPU. The only \
             capability that a container may add is SYS_PTRACE. The log drivers are awslogs, splunk and awsfirelens, \
             and a FireLens configuration does not come from S3.",
    matters: "On Fargate there is no host for a task to reach or share. ECS rejects the task definition, or \
              for a FireLens configuration from S3 its tasks. For swappiness and FSx no answer is on record, so these are \
              warnings. Other rules cover the task's size, its timeouts and the settings that the network mode excludes.",
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
    mends: Mends::Risk,
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
    /// What ECS answers, where that is on record; `{}` stands for the value.
    answer: Option<&'static str>,
    /// What it answers to the launch of a task, where it registers the definition. Without any answer it is a warning.
    at_launch: Option<&'static str>,
    /// What to write.
    way: Way,
    /// What else there is to say of that.
    advice: &'static str,
}

/// What to write where Fargate refuses something.
enum Way {
    /// Nothing at that place.
    Remove,
    /// Not this item of a list.
    RemoveItem,
    /// Not the item of a list that the place is in, which a sentence calls so.
    RemoveAround(&'static str),
    /// This value.
    Write(&'static str),
    /// Logs to CloudWatch.
    Awslogs,
    /// A FireLens configuration in the image.
    FileInImage,
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
        at_launch: None,
        way: Way::Write("awsvpc"),
        advice: "",
    },
    Row {
        path: &["pidMode"],
        refused: Refused::Values(&["host"]),
        answer: Some(
            "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'",
        ),
        at_launch: None,
        way: Way::Write("task"),
        advice: "That lets the containers of the task see each other's processes. Or remove it, if they do not have to.",
    },
    Row {
        path: &["ipcMode"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support ipcMode"),
        at_launch: None,
        way: Way::Remove,
        advice: "",
    },
    Row {
        path: &["placementConstraints"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support constraints"),
        at_launch: None,
        way: Way::Remove,
        advice: "On Fargate, the subnets of the service decide where a task runs.",
    },
    Row {
        path: &["volumes", EACH, "host", "sourcePath"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support sourcePath"),
        at_launch: None,
        way: Way::Remove,
        advice: "The volume is then an empty directory of the task. Keep files that have to last on EFS.",
    },
    Row {
        path: &["volumes", EACH, "dockerVolumeConfiguration"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support dockerVolumeConfiguration"),
        at_launch: None,
        way: Way::Remove,
        advice: "The volume is then an empty directory of the task. Keep files that have to last on EFS.",
    },
    Row {
        path: &["volumes", EACH, "fsxWindowsFileServerVolumeConfiguration"],
        refused: Refused::Anything,
        answer: None,
        at_launch: None,
        way: Way::Remove,
        advice: "The volume is then an empty directory of the task. Keep the files on EFS, or run the task on EC2.",
    },
];

const OF_A_CONTAINER: [Row; 10] = [
    Row {
        path: &["privileged"],
        refused: Refused::Anything,
        answer: Some("Fargate requires that the 'privileged' setting be 'false' at the container level"),
        at_launch: None,
        way: Way::Remove,
        advice: "",
    },
    Row {
        path: &["dockerSecurityOptions"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support dockerSecurityOptions"),
        at_launch: None,
        way: Way::Remove,
        advice: "",
    },
    Row {
        path: &["linuxParameters", "devices"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support devices"),
        at_launch: None,
        way: Way::Remove,
        advice: "Or run the task on EC2.",
    },
    Row {
        path: &["linuxParameters", "sharedMemorySize"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support sharedMemorySize"),
        at_launch: None,
        way: Way::Remove,
        advice: "Let the program use another directory than /dev/shm.",
    },
    Row {
        path: &["linuxParameters", "maxSwap"],
        refused: Refused::Anything,
        answer: Some("Fargate compatible task definitions do not support maxSwap"),
        at_launch: None,
        way: Way::Remove,
        advice: "",
    },
    Row {
        path: &["linuxParameters", "swappiness"],
        refused: Refused::Anything,
        answer: None,
        at_launch: None,
        way: Way::Remove,
        advice: "",
    },
    Row {
        path: &["linuxParameters", "capabilities", "add", EACH],
        refused: Refused::AllBut("SYS_PTRACE"),
        answer: Some("{} is not allowed on Fargate"),
        at_launch: None,
        way: Way::RemoveItem,
        advice: "Fargate adds no capability but SYS_PTRACE.",
    },
    Row {
        path: &["resourceRequirements", EACH, "type"],
        refused: Refused::Values(&["GPU"]),
        answer: Some("Tasks using the Fargate launch type do not support GPU resource requirements"),
        at_launch: None,
        way: Way::RemoveAround("the GPU"),
        advice: "Or run the task on EC2.",
    },
    Row {
        path: &["logConfiguration", "logDriver"],
        refused: Refused::Values(&["fluentd", "gelf", "journald", "json-file", "syslog"]),
        answer: Some("{} is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]"),
        at_launch: None,
        way: Way::Awslogs,
        advice: "Write your own log group, which has to exist, and its region. For other destinations, use the driver awsfirelens.",
    },
    Row {
        path: &["firelensConfiguration", "options", "config-file-type"],
        refused: Refused::Values(&["s3"]),
        answer: None,
        at_launch: Some(
            "The specified platform does not satisfy the task definition's required capabilities",
        ),
        way: Way::FileInImage,
        advice: "That is the path of the file in the image of the log router: put the file there.",
    },
];

/// Whether it is this rule that reports that key of the task definition or of a container.
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
            judge(task, row, node, trail, None, found);
        });
    }
    let list = Trail::Key(&Trail::Root, "containerDefinitions");
    for container in found.all(task.containers()) {
        let trail = Trail::Index(&list, container.index);
        for row in &OF_A_CONTAINER {
            visit(container.node, row.path, &trail, &mut |node, trail| {
                judge(task, row, node, trail, Some(container), found);
            });
        }
    }
}

fn judge(
    task: &TaskDefinition<'_>,
    row: &Row,
    node: &Node,
    trail: &Trail<'_>,
    container: Option<&Container<'_>>,
    found: &mut Found,
) {
    match row.refused.covers(node) {
        Some(false) => return,
        None => return found.undecided(),
        Some(true) => {}
    }
    let last = row.path.iter().rfind(|step| **step != EACH).expect("a row has a key");
    let what = match (&row.refused, node.as_str()) {
        (_, None) if node.is_null() => format!("has no {last}, which Fargate needs"),
        (Refused::Anything, _) | (_, None) => format!("has {last}, which Fargate does not support"),
        (_, Some(value)) => format!("has {last} {}, which Fargate does not support", quoted(value)),
    };
    let answer = match (row.answer, row.at_launch) {
        (Some(answer), _) => {
            would_answer(&answer.replace("{}", &shortened(node.as_str().unwrap_or_default())))
        }
        (None, Some(answer)) => format!(" ECS would answer to the start of a task: \"{answer}\"."),
        (None, None) => String::new(),
    };
    let path = trail.path();
    let fix = Fix::write(edits(task, row, node, &path, container)).and(row.advice);
    let finding = match container {
        Some(container) => found.in_container(container, path, format!("{what}.{answer}"), fix),
        None => found.in_task(path, format!("The task {what}.{answer}"), fix),
    };
    if row.answer.or(row.at_launch).is_none() {
        finding.severity = Severity::Warning;
    }
}

fn edits(
    task: &TaskDefinition<'_>,
    row: &Row,
    node: &Node,
    path: &Path,
    container: Option<&Container<'_>>,
) -> Vec<Edit> {
    match (&row.way, container) {
        (Way::Write(value), _) => vec![Edit::at(path.clone(), *value)],
        (Way::RemoveItem, _) => {
            vec![Edit::without(path.clone()).called(quoted(node.as_str().unwrap_or_default()))]
        }
        (Way::RemoveAround(called), _) => vec![Edit::without(path.parent()).called(*called)],
        (Way::Awslogs, Some(container)) => to_cloudwatch(task, container),
        (Way::FileInImage, _) => {
            vec![
                Edit::at(path.clone(), "file"),
                Edit::at(path.parent().key("config-file-value"), "/fluent-bit/etc/extra.conf"),
            ]
        }
        (Way::Remove | Way::Awslogs, _) => vec![Edit::without(path.clone())],
    }
}

/// The options of another driver mean nothing to this one, and on Fargate it needs an execution role.
fn to_cloudwatch(task: &TaskDefinition<'_>, container: &Container<'_>) -> Vec<Edit> {
    let family = task.document.get("family").as_str().filter(|family| !family.is_empty());
    let options = Node::from([
        ("awslogs-group", format!("/ecs/{}", family.unwrap_or("shop")).into()),
        ("awslogs-region", "eu-central-1".into()),
        ("awslogs-stream-prefix", container.name.unwrap_or("app").into()),
        ("mode", "non-blocking".into()),
    ]);
    let logs = Node::from([("logDriver", "awslogs".into()), ("options", options)]);
    let role = task.has_execution_role() == Some(false);
    let role = role.then(|| Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE));
    [Edit::set(container, "logConfiguration", logs)].into_iter().chain(role).collect()
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
    use crate::document::{parse, to_json};

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

    #[test]
    fn what_is_to_be_written_leaves_nothing_that_is_refused() {
        let text = r#"{"requiresCompatibilities": ["FARGATE"], "family": "shop", "networkMode": "bridge", "pidMode": "host",
            "ipcMode": "task", "placementConstraints": [{}], "volumes": [{"name": "v", "host": {"sourcePath": "/x"}},
                {"name": "w", "dockerVolumeConfiguration": {"driver": "x"}},
                {"name": "x", "fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "x"}}],
            "containerDefinitions": [{"name": "a", "privileged": true, "dockerSecurityOptions": ["x"],
                "linuxParameters": {"devices": [{}], "sharedMemorySize": 1, "maxSwap": 0, "swappiness": 0,
                    "capabilities": {"add": ["SYS_PTRACE", "NET_ADMIN"]}},
                "resourceRequirements": [{"type": "GPU", "value": "1"}],
                "logConfiguration": {"logDriver": "json-file", "options": {"max-size": "1m"}},
                "firelensConfiguration": {"type": "fluentbit", "options": {"config-file-type": "s3"}}}]}"#;
        let mut document = parse(text).unwrap();
        for finding in findings_of(RULE.name, text) {
            finding.fix.apply(&mut document);
        }
        let written = to_json(&document).unwrap();
        assert_eq!(findings_of(RULE.name, &written), [], "{written}");
        let container = &document.get("containerDefinitions").items()[0];
        assert_eq!(
            to_json(container.get("linuxParameters").get("capabilities")).unwrap(),
            r#"{"add":["SYS_PTRACE"]}"#
        );
        assert!(container.get("logConfiguration").get("options").get("max-size").is_null(), "{written}");
        assert_eq!(document.get("executionRoleArn").as_str(), Some(stand_in::EXECUTION_ROLE));
    }
}
