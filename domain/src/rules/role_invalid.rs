//! `role-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::Arn;

/// A role that is none.
pub(super) static RULE: Rule = Rule {
    name: "role-invalid",
    topic: Topic::Security,
    summary: "This is not a role",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The execution role and the task role are ARNs of IAM roles (arn:aws:iam::111122223333:role/name, with an account of \
             12 digits) or names of roles. The ARN of a user, a policy or an instance profile is none.",
    matters: "ECS rejects a task definition whose role is not the ARN of a role, and does not say which of the two it is.",
    evidence: Evidence {
        source: "Answers of RegisterTaskDefinition on record in aws-modern-application-workshop issues 9 and 272; IAM user \
                 guide, page on identifiers, for the forms of ARNs and names.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Role is not valid"),
    mends: Mends::Yours,
    failing: Example(r#"{ "executionRoleArn": "arn:aws:iam::111122223333:user/deploy" }"#),
    passing: Example(r#"{ "executionRoleArn": "arn:aws:iam::111122223333:role/shop/execution" }"#),
    undecided: Undecided::Failing("executionRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for (key, called) in [("executionRoleArn", "execution role"), ("taskRoleArn", "task role")] {
        // An empty role is none, which other rules speak of.
        let Some(role) = found.text(task.document.get(key)).filter(|role| !role.is_empty()) else { continue };
        let Some(flaw) = flaw(role) else { continue };
        let (fix, advice) = instead(role, key);
        found.in_task(
            Path::default().key(key),
            format!("The {called} is {}, {flaw}.", quoted(role)),
            Fix::from(Edit::set_in_task(key, fix)).and(advice),
        );
    }
}

/// What is wrong with a role.
fn flaw(role: &str) -> Option<&'static str> {
    let Some(arn) = Arn::parse(role) else {
        // A name alone is accepted. Whether ECS takes one with a path nobody has seen.
        let is_name = role.split('/').all(is_name);
        return (!is_name).then_some("which is neither the ARN of a role nor the name of one");
    };
    let kind = arn.resource.split(['/', ':']).next().unwrap_or_default();
    let named = arn.resource.strip_prefix("role/");
    if !arn.is_in_a_partition() {
        Some("whose second part is not a partition of AWS, such as aws")
    } else if arn.service != "iam" {
        Some("which is not an ARN of IAM")
    } else if !arn.region.is_empty() {
        Some("which has a region, and roles have none")
    } else if !arn.is_in_an_account() {
        Some("in which the account is not 12 digits")
    } else if kind != "role" {
        Some("which is the ARN of something other than a role")
    } else if !named.is_some_and(|path| path.split('/').all(is_name)) {
        Some("in which \"role/\" and the name of a role are not what comes last")
    } else {
        None
    }
}

/// Whether IAM accepts it as the name of a role, or as a part of its path.
fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

/// A role in the same account, where one is told, and what there is to say of it.
fn instead(role: &str, key: &str) -> (String, &'static str) {
    let trimmed = role.trim();
    if flaw(trimmed).is_none() {
        return (trimmed.to_owned(), "");
    }
    let example = if key == "taskRoleArn" { stand_in::TASK_ROLE } else { stand_in::EXECUTION_ROLE };
    let advice = "This is an example: write the ARN of your own role.";
    match Arn::parse(role).filter(|arn| arn.is_in_a_partition() && arn.is_in_an_account()) {
        Some(arn) => {
            let name = example.rsplit('/').next().unwrap_or_default();
            (format!("arn:{}:iam::{}:role/{name}", arn.partition, arn.account), advice)
        }
        None => (example.to_owned(), advice),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    fn count(role: &str) -> usize {
        let document = format!(r#"{{"taskRoleArn": "{role}"}}"#);
        let (count, left) = mended("role-invalid", &document);
        assert_eq!(left, [], "{role}");
        count
    }

    #[test]
    fn what_is_no_role_is_found_and_mended() {
        for role in [
            "arn:aws:iam::111122223333:user/deploy",
            "arn:aws:iam::111122223333:policy/x",
            "arn:aws:iam::111122223333:instance-profile/x",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:role",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role:x",
            "arn:aws:iam::111122223333:role//x",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:iam::111122223333:Role/x",
            "arn:aws:iam::123:role/x",
            "arn:aws:iam:::role/x",
            "arn:aws:iam::xxxxxxxxxx:role/x",
            "arn:aws:iam:us-east-1:111122223333:role/x",
            "arn:aws:sts::111122223333:assumed-role/x/y",
            "arn:aw:iam::111122223333:role/x",
            "arn:aws:iam:111122223333:role/x",
            "aws:iam::111122223333:role/x",
            " arn:aws:iam::111122223333:role/x",
            "my role",
        ] {
            assert_eq!(count(role), 1, "{role}");
        }
    }

    #[test]
    fn every_form_of_a_role_passes() {
        for role in [
            "",
            "<unknown>",
            "ecsTaskExecutionRole",
            "team/ecsTaskExecutionRole",
            "arn:aws:iam::111122223333:role/ecsTaskExecutionRole",
            "arn:aws:iam::111122223333:role/service-role/a+=,.@-_B9",
            "arn:aws-cn:iam::111122223333:role/x",
            "arn:aws-us-gov:iam::111122223333:role/x",
            "arn:aws-iso-f:iam::111122223333:role/x",
        ] {
            assert_eq!(
                findings_of("role-invalid", &format!(r#"{{"executionRoleArn": "{role}"}}"#)),
                [],
                "{role}"
            );
        }
    }
}
