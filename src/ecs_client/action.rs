//! Which IAM actions an operation needs.
//!
//! From the service authorization reference for Amazon ECS (read 2026-11). Says nothing about resources or conditions.

/// The IAM actions for an operation, the most telling first; empty for an operation that needs none.
pub(super) fn required_actions(operation: &str) -> &'static [&'static str] {
    match operation {
        // PassRole is checked for the task role and the execution role, TagResource for tags in the request.
        "RegisterTaskDefinition" => &["ecs:RegisterTaskDefinition", "iam:PassRole", "ecs:TagResource"],
        "DescribeTaskDefinition" => &["ecs:DescribeTaskDefinition"],
        "DeregisterTaskDefinition" => &["ecs:DeregisterTaskDefinition"],
        "DeleteTaskDefinitions" => &["ecs:DeleteTaskDefinitions"],
        "ListTaskDefinitions" => &["ecs:ListTaskDefinitions"],
        "TagResource" => &["ecs:TagResource"],
        "UntagResource" => &["ecs:UntagResource"],
        "ListTagsForResource" => &["ecs:ListTagsForResource"],
        "AssumeRole" => &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        "AssumeRoleWithWebIdentity" => &["sts:AssumeRoleWithWebIdentity"],
        _ => &[],
    }
}
