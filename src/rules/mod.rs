//! THE CATALOGUE: what can be wrong in a task definition. One rule a file; file name = rule name = page anchor.
//!
//! Pure: a rule sees documents and the pattern, never Terraform or AWS.

mod example;
mod finding;
pub mod policy;
mod reading;
mod rule;
mod verdict;

mod agent_on_localhost_outside_awsvpc;
mod agent_user_unsupported;
mod agent_version_too_old;
mod api_key_in_plaintext;
mod config_volume_not_seeded;
mod container_cpu_above_task;
mod container_memory_above_task;
mod container_memory_missing;
mod container_memory_too_small;
mod dependency_cycle;
mod dependency_target_missing;
mod duplicate_container_name;
mod duplicate_mount_path;
mod duplicate_port_name;
mod duplicate_variable;
mod duplicate_volume_name;
mod efs_configuration_invalid;
mod environment_file_invalid;
mod ephemeral_storage_invalid;
mod fargate_size_invalid;
mod fargate_size_missing;
mod fargate_windows_size_invalid;
mod firelens_router_missing;
mod floating_image_tag;
mod health_check_invalid;
mod health_check_missing;
mod host_port_differs;
mod inference_accelerator_retired;
mod init_container_not_awaited;
mod launch_volume_invalid;
mod memory_reservation_above_limit;
mod memory_reservations_above_task;
mod mount_hides_agent_files;
mod mount_without_volume;
mod name_invalid;
mod no_essential_container;
mod placeholder_left;
mod port_name_invalid;
mod port_range_invalid;
mod port_under_two_protocols;
mod port_used_twice;
mod ports_without_network;
mod proxy_configuration_invalid;
mod required_key_missing;
mod restart_policy_invalid;
mod root_filesystem_writable;
mod s3_files_without_task_role;
mod secret_name_taken;
mod secrets_without_execution_role;
mod success_on_essential_container;
mod tag_invalid;
mod task_definition_too_large;
mod timeout_out_of_range;
mod too_many_containers;
mod ulimit_invalid;
mod unknown_key;
mod unsupported_in_awsvpc;
mod unsupported_on_fargate;
mod unsupported_on_windows;
mod volume_kinds_mixed;
mod volumes_from_container_missing;
mod windows_read_only_root;
mod writable_path_not_mounted;
mod wrong_enum_value;
mod wrong_type;

#[cfg(test)]
mod tests;

pub use example::{Example, SOUND_CONTAINER, SOUND_TASK};
pub use finding::{Finding, Severity, Waived};
pub use policy::Policy;
pub use reading::{Container, TaskDefinition};
pub use rule::{Answer, Evidence, Found, Platform, Rule, Status, Subject};
pub use verdict::{Verdict, verdicts};

/// Every rule, in the order of the names. A rule that is not here does not run.
pub static CATALOGUE: &[&Rule] = &[
    &agent_on_localhost_outside_awsvpc::RULE,
    &agent_user_unsupported::RULE,
    &agent_version_too_old::RULE,
    &api_key_in_plaintext::RULE,
    &config_volume_not_seeded::RULE,
    &container_cpu_above_task::RULE,
    &container_memory_above_task::RULE,
    &container_memory_missing::RULE,
    &container_memory_too_small::RULE,
    &dependency_cycle::RULE,
    &dependency_target_missing::RULE,
    &duplicate_container_name::RULE,
    &duplicate_mount_path::RULE,
    &duplicate_port_name::RULE,
    &duplicate_variable::RULE,
    &duplicate_volume_name::RULE,
    &efs_configuration_invalid::RULE,
    &environment_file_invalid::RULE,
    &ephemeral_storage_invalid::RULE,
    &fargate_size_invalid::RULE,
    &fargate_size_missing::RULE,
    &fargate_windows_size_invalid::RULE,
    &firelens_router_missing::RULE,
    &floating_image_tag::RULE,
    &health_check_invalid::RULE,
    &health_check_missing::RULE,
    &host_port_differs::RULE,
    &inference_accelerator_retired::RULE,
    &init_container_not_awaited::RULE,
    &launch_volume_invalid::RULE,
    &memory_reservation_above_limit::RULE,
    &memory_reservations_above_task::RULE,
    &mount_hides_agent_files::RULE,
    &mount_without_volume::RULE,
    &name_invalid::RULE,
    &no_essential_container::RULE,
    &placeholder_left::RULE,
    &port_name_invalid::RULE,
    &port_range_invalid::RULE,
    &port_under_two_protocols::RULE,
    &port_used_twice::RULE,
    &ports_without_network::RULE,
    &proxy_configuration_invalid::RULE,
    &required_key_missing::RULE,
    &restart_policy_invalid::RULE,
    &root_filesystem_writable::RULE,
    &s3_files_without_task_role::RULE,
    &secret_name_taken::RULE,
    &secrets_without_execution_role::RULE,
    &success_on_essential_container::RULE,
    &tag_invalid::RULE,
    &task_definition_too_large::RULE,
    &timeout_out_of_range::RULE,
    &too_many_containers::RULE,
    &ulimit_invalid::RULE,
    &unknown_key::RULE,
    &unsupported_in_awsvpc::RULE,
    &unsupported_on_fargate::RULE,
    &unsupported_on_windows::RULE,
    &volume_kinds_mixed::RULE,
    &volumes_from_container_missing::RULE,
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
        if answer.undecided {
            judgement.undecided.push(rule.name);
        }
    }
    judgement.findings.sort_by(|one, other| (&one.path, one.rule).cmp(&(&other.path, other.rule)));
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
    pub(super) use super::reading::{
        Container, Image, Network, Problem, Repetition, TaskDefinition, placeholder_in, quoted, repetitions,
        shortened,
    };
    pub(super) use super::rule::{Evidence, Found, Platform, Rule, Status, would_answer};
    pub(super) use crate::document::Node;
    pub(super) use crate::document::shapes::nearest;
}
