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
        "DescribeServices" => &["ecs:DescribeServices"],
        "DescribeServiceDeployments" => &["ecs:DescribeServiceDeployments"],
        "DescribeServiceRevisions" => &["ecs:DescribeServiceRevisions"],
        "DescribeTasks" => &["ecs:DescribeTasks"],
        "ListClusters" => &["ecs:ListClusters"],
        "ListServiceDeployments" => &["ecs:ListServiceDeployments"],
        "ListServices" => &["ecs:ListServices"],
        "ListTaskDefinitionFamilies" => &["ecs:ListTaskDefinitionFamilies"],
        "ListTasks" => &["ecs:ListTasks"],
        "UpdateService" => &["ecs:UpdateService", "iam:PassRole"],
        "TagResource" => &["ecs:TagResource"],
        "UntagResource" => &["ecs:UntagResource"],
        "ListTagsForResource" => &["ecs:ListTagsForResource"],
        "AssumeRole" => &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        "AssumeRoleWithWebIdentity" => &["sts:AssumeRoleWithWebIdentity"],
        _ => &[],
    }
}

/// The action that a denial names, and the resource where it names one too. Every service words it alike (troubleshooting
/// access denied error messages, IAM User Guide, read 2026-11).
pub(super) fn denied(message: &str) -> Option<(&str, Option<&str>)> {
    let (_, behind) = message.split_once("not authorized to perform: ")?;
    let (action, rest) = behind.split_once(char::is_whitespace).unwrap_or((behind, ""));
    let action = action.trim_end_matches(['.', ',']);
    let is_action = action.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty() && name.starts_with(|first: char| first.is_ascii_alphabetic())
    });
    let resource = rest.trim_start().strip_prefix("on resource: ");
    let resource = resource.and_then(|resource| resource.split_whitespace().next());
    is_action.then_some((action, resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_names_the_action_and_mostly_the_resource() {
        let user = "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: ";
        let said =
            |rest: &str| denied(&format!("{user}{rest}")).map(|(a, r)| (a.to_owned(), r.map(str::to_owned)));
        let role = "arn:aws:iam::123456789012:role/run";
        assert_eq!(
            said(&format!("iam:PassRole on resource: {role} because no identity-based policy allows it")),
            Some(("iam:PassRole".to_owned(), Some(role.to_owned())))
        );
        assert_eq!(said("sts:AssumeRole"), Some(("sts:AssumeRole".to_owned(), None)));
        assert_eq!(said("sts:TagSession."), Some(("sts:TagSession".to_owned(), None)));
        assert_eq!(said("everything"), None);
        assert_eq!(denied("Access Denied"), None);
    }
}
