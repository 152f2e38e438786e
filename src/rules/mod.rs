//! THE CATALOGUE: what can be wrong in a task definition. One rule a file; file name = rule name = page anchor.
//!
//! Pure: a rule sees documents and the pattern, never Terraform or AWS.

mod example;
mod finding;
mod reading;
mod rule;
mod verdict;

mod agent_user_unsupported;
mod agent_version_too_old;
mod api_key_in_plaintext;
mod aws_credentials_in_environment;
mod awslogs_creates_group;
mod awslogs_option_invalid;
mod awslogs_option_missing;
mod awslogs_stream_prefix_missing;
mod awslogs_without_execution_role;
mod config_volume_not_seeded;
mod container_memory_above_task;
mod container_memory_missing;
mod dependency_target_missing;
mod duplicate_container_name;
mod efs_not_encrypted_in_transit;
mod execution_role_missing;
mod fargate_size_invalid;
mod fargate_size_missing;
mod floating_image_tag;
mod health_check_missing;
mod host_network;
mod host_process_namespace;
mod init_container_not_awaited;
mod log_configuration_missing;
mod log_delivery_mode_unset;
mod memory_reservation_above_limit;
mod mount_hides_agent_files;
mod mount_without_volume;
mod no_essential_container;
mod operating_system_unset;
mod placeholder_left;
mod privileged_container;
mod required_key_missing;
mod roles_are_the_same;
mod root_filesystem_writable;
mod root_user;
mod secret_in_plaintext;
mod secret_name_taken;
mod secrets_without_execution_role;
mod success_on_essential_container;
mod tags_missing;
mod too_many_containers;
mod unknown_key;
mod windows_administrator_user;
mod windows_read_only_root;
mod writable_path_not_mounted;
mod wrong_enum_value;
mod wrong_type;

#[cfg(test)]
mod tests;

pub use example::{Example, SOUND_CONTAINER, SOUND_TASK};
pub use finding::{Finding, Severity};
pub use reading::{Container, TaskDefinition};
pub use rule::{Answer, Evidence, Found, Platform, Rule, Status, Subject};
pub use verdict::{Failure, Outcome, Verdict, verdicts};

/// Every rule, in the order of the names. A rule that is not here does not run.
pub static CATALOGUE: &[&Rule] = &[
    &agent_user_unsupported::RULE,
    &agent_version_too_old::RULE,
    &api_key_in_plaintext::RULE,
    &aws_credentials_in_environment::RULE,
    &awslogs_creates_group::RULE,
    &awslogs_option_invalid::RULE,
    &awslogs_option_missing::RULE,
    &awslogs_stream_prefix_missing::RULE,
    &awslogs_without_execution_role::RULE,
    &config_volume_not_seeded::RULE,
    &container_memory_above_task::RULE,
    &container_memory_missing::RULE,
    &dependency_target_missing::RULE,
    &duplicate_container_name::RULE,
    &efs_not_encrypted_in_transit::RULE,
    &execution_role_missing::RULE,
    &fargate_size_invalid::RULE,
    &fargate_size_missing::RULE,
    &floating_image_tag::RULE,
    &health_check_missing::RULE,
    &host_network::RULE,
    &host_process_namespace::RULE,
    &init_container_not_awaited::RULE,
    &log_configuration_missing::RULE,
    &log_delivery_mode_unset::RULE,
    &memory_reservation_above_limit::RULE,
    &mount_hides_agent_files::RULE,
    &mount_without_volume::RULE,
    &no_essential_container::RULE,
    &operating_system_unset::RULE,
    &placeholder_left::RULE,
    &privileged_container::RULE,
    &required_key_missing::RULE,
    &roles_are_the_same::RULE,
    &root_filesystem_writable::RULE,
    &root_user::RULE,
    &secret_in_plaintext::RULE,
    &secret_name_taken::RULE,
    &secrets_without_execution_role::RULE,
    &success_on_essential_container::RULE,
    &tags_missing::RULE,
    &too_many_containers::RULE,
    &unknown_key::RULE,
    &windows_administrator_user::RULE,
    &windows_read_only_root::RULE,
    &writable_path_not_mounted::RULE,
    &wrong_enum_value::RULE,
    &wrong_type::RULE,
];

/// What all rules together say about a task definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Everything that is wrong, in the order of the document.
    pub findings: Vec<Finding>,
    /// Where a Security Hub control fails, in the order of the document, whatever became of the findings.
    pub failures: Vec<Failure>,
    /// Names of the rules that met a value they need and that is not known yet.
    pub undecided: Vec<&'static str>,
}

/// Runs every rule.
pub fn judge(subject: &Subject<'_>) -> Judgement {
    let task = TaskDefinition::read(subject);
    let mut judgement = Judgement::default();
    for rule in CATALOGUE {
        let answer = rule.judge(&task);
        judgement.findings.extend(answer.findings);
        judgement.failures.extend(answer.failures);
        if answer.undecided {
            judgement.undecided.push(rule.name);
        }
    }
    judgement.findings.sort_by(|one, other| (&one.path, one.rule).cmp(&(&other.path, other.rule)));
    judgement.failures.sort_by(|one, other| one.path.cmp(&other.path));
    judgement
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.name == name)
}

/// What almost every rule file uses.
mod prelude {
    pub(super) use super::example::Example;
    pub(super) use super::finding::Severity;
    pub(super) use super::reading::{Container, Image, Problem, TaskDefinition, quoted};
    pub(super) use super::rule::{Evidence, Found, Platform, Rule, Status};
    pub(super) use crate::document::Node;
    pub(super) use crate::document::shapes::nearest;
}
