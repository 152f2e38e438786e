//! `inference-accelerator-retired`

use super::prelude::*;
use crate::document::Path;
use crate::task::is_set;

/// Accelerators of a service that no longer exists.
pub(super) static RULE: Rule = Rule {
    name: "inference-accelerator-retired",
    topic: Topic::Form,
    summary: "Elastic Inference is retired",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition has no inferenceAccelerators.",
    matters: "Amazon Elastic Inference was retired. ECS rejects a task definition that asks for an accelerator, no matter \
              where it runs.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-fargate-inference-accelerator.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Unsupported field 'inferenceAccelerators'"),
    mends: Mends::Risk,
    failing: Example(
        r#"{ "inferenceAccelerators": [{ "deviceName": "device_1", "deviceType": "eia2.medium" }] }"#,
    ),
    passing: Example(r#"{ "inferenceAccelerators": [] }"#),
    undecided: Undecided::Failing("inferenceAccelerators"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    match is_set(task.document.get("inferenceAccelerators")) {
        None => found.undecided(),
        Some(false) => {}
        Some(true) => {
            found.in_task(
                Path::default().key("inferenceAccelerators"),
                "The task asks for an accelerator of Amazon Elastic Inference, which was retired.",
                Fix::from(Edit::remove_in_task("inferenceAccelerators"))
                    .and("On EC2, instances with GPUs or Neuron devices do the same work."),
            );
        }
    }
}
