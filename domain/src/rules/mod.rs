//! THE CATALOGUE: what can be wrong in a task definition. One rule a file; file name = rule name = page anchor.
//!
//! Pure: a rule sees documents and the pattern, never Terraform or AWS.

mod elsewhere;
mod example;
mod finding;
mod fix;
pub mod policy;
mod reading;
mod rule;
mod verdict;

mod agent_api_key_missing;
mod agent_holds_up_the_group;
mod agent_image_for_windows;
mod agent_not_listening;
mod agent_on_localhost_outside_awsvpc;
mod agent_on_own_localhost;
mod agent_socket_unreachable;
mod agent_start_bypassed;
mod agent_user_unsupported;
mod agent_version_too_old;
mod agent_volume_not_owned;
mod agent_volume_shared;
mod api_key_in_plaintext;
mod aws_credentials_in_environment;
mod awslogs_creates_group;
mod awslogs_option_invalid;
mod awslogs_option_missing;
mod awslogs_stream_prefix_missing;
mod awslogs_without_execution_role;
mod capability_unknown;
mod compose_version_obsolete;
mod config_volume_not_seeded;
mod config_volume_stale;
mod container_cpu_above_task;
mod container_memory_above_task;
mod container_memory_missing;
mod container_memory_too_small;
mod container_name_as_agent_host;
mod container_port_missing;
mod credential_spec_invalid;
mod datadog_name_misspelt;
mod datadog_site_unknown;
mod dependency_cycle;
mod dependency_target_missing;
mod docker_socket_not_readable;
mod docker_volume_invalid;
mod dogstatsd_local_only;
mod duplicate_container_name;
mod duplicate_mount_path;
mod duplicate_port_name;
mod duplicate_variable;
mod duplicate_volume_name;
mod ecs_exec_paths_not_writable;
mod ecs_fargate_variable_wrong;
mod efs_configuration_invalid;
mod efs_not_encrypted_in_transit;
mod entrypoint_variable_set;
mod environment_file_invalid;
mod ephemeral_storage_invalid;
mod execution_role_missing;
mod fargate_size_invalid;
mod fargate_size_missing;
mod fargate_windows_size_invalid;
mod file_mounted_as_directory;
mod firelens_buffer_not_writable;
mod firelens_configuration_invalid;
mod firelens_init_image_read_only;
mod firelens_output_missing;
mod firelens_router_missing;
mod firelens_router_unused;
mod floating_image_tag;
mod health_check_invalid;
mod health_check_missing;
mod health_check_never_passes;
mod host_network;
mod host_port_differs;
mod host_port_used_twice;
mod host_process_namespace;
mod hostname_set_on_fargate;
mod image_invalid;
mod image_path_not_writable;
mod image_too_long;
mod inference_accelerator_retired;
mod init_container_cannot_write;
mod init_container_copies_nothing;
mod init_container_not_awaited;
mod init_container_version_differs;
mod init_service_restarts;
mod launch_volume_invalid;
mod link_target_missing;
mod log_buffer_invalid;
mod log_configuration_missing;
mod log_delivery_mode_unset;
mod memory_reservation_above_limit;
mod memory_reservations_above_task;
mod mount_hides_agent_files;
mod mount_never_refreshed;
mod mount_path_invalid;
mod mount_without_volume;
mod name_invalid;
mod no_essential_container;
mod nomad_variable_of_another_job;
mod number_out_of_range;
mod operating_system_unset;
mod placeholder_left;
mod placement_constraints_invalid;
mod port_name_invalid;
mod port_out_of_range;
mod port_range_invalid;
mod port_under_two_protocols;
mod port_used_twice;
mod ports_without_network;
mod privileged_container;
mod proxy_configuration_invalid;
mod required_key_missing;
mod restart_policy_invalid;
mod role_invalid;
mod roles_are_the_same;
mod roles_in_two_accounts;
mod root_filesystem_writable;
mod root_user;
mod root_user_forbidden;
mod s3_files_without_task_role;
mod secret_in_plaintext;
mod secret_name_taken;
mod secret_source_invalid;
mod secrets_without_execution_role;
mod success_on_essential_container;
mod system_control_unsupported;
mod tag_invalid;
mod tags_missing;
mod task_definition_too_large;
mod task_directory_taken_for_shared;
mod task_size_invalid;
mod timeout_out_of_range;
mod tmpfs_on_fargate;
mod tmpfs_option_unknown;
mod tmpfs_without_exec;
mod too_many_containers;
mod two_agents;
mod two_firelens_routers;
mod ulimit_invalid;
mod unknown_key;
mod unsupported_in_awsvpc;
mod unsupported_on_fargate;
mod unsupported_on_windows;
mod user_invalid;
mod variable_in_quotes;
mod volume_kinds_mixed;
mod volume_not_writable_for_user;
mod volumes_from_container_missing;
mod windows_administrator_user;
mod windows_read_only_root;
mod writable_path_not_mounted;
mod wrong_enum_value;
mod wrong_type;

#[cfg(test)]
mod tests;

pub use elsewhere::{Spelling, form_in, form_of, judge_document};
pub use example::Overlay::{self, AgentExample, ComposeExample, Example, KubernetesExample, NomadExample};
pub use example::{Undecided, in_its_language};
pub use finding::{Finding, Severity, Waived};
pub use fix::{Certainty, Edit, Fix, Form, Json};
pub use policy::Policy;
pub use reading::{
    READ_OTHERWISE, READ_OTHERWISE_ABOUT, READ_OTHERWISE_SUMMARY, judge_reading, of_notes, of_reading,
};
pub use rule::{Answer, Found, Judges, Mends, Platform, Rejection, Rule, Topic};
pub use verdict::{Failure, Outcome, Verdict};

pub use crate::rofs::{Evidence, Status};
pub use crate::task::{Container, DocumentKind, Subject, TaskDefinition};

use std::collections::BTreeMap;

use crate::task::Shape;

/// Every rule, in the order of the names. A rule that is not here does not run.
pub static CATALOGUE: &[&Rule] = &[
    &agent_api_key_missing::RULE,
    &agent_holds_up_the_group::RULE,
    &agent_image_for_windows::RULE,
    &agent_not_listening::RULE,
    &agent_on_localhost_outside_awsvpc::RULE,
    &agent_on_own_localhost::RULE,
    &agent_socket_unreachable::RULE,
    &agent_start_bypassed::RULE,
    &agent_user_unsupported::RULE,
    &agent_version_too_old::RULE,
    &agent_volume_not_owned::RULE,
    &agent_volume_shared::RULE,
    &api_key_in_plaintext::RULE,
    &aws_credentials_in_environment::RULE,
    &awslogs_creates_group::RULE,
    &awslogs_option_invalid::RULE,
    &awslogs_option_missing::RULE,
    &awslogs_stream_prefix_missing::RULE,
    &awslogs_without_execution_role::RULE,
    &capability_unknown::RULE,
    &compose_version_obsolete::RULE,
    &config_volume_not_seeded::RULE,
    &config_volume_stale::RULE,
    &container_cpu_above_task::RULE,
    &container_memory_above_task::RULE,
    &container_memory_missing::RULE,
    &container_memory_too_small::RULE,
    &container_name_as_agent_host::RULE,
    &container_port_missing::RULE,
    &credential_spec_invalid::RULE,
    &datadog_name_misspelt::RULE,
    &datadog_site_unknown::RULE,
    &dependency_cycle::RULE,
    &dependency_target_missing::RULE,
    &docker_socket_not_readable::RULE,
    &docker_volume_invalid::RULE,
    &dogstatsd_local_only::RULE,
    &duplicate_container_name::RULE,
    &duplicate_mount_path::RULE,
    &duplicate_port_name::RULE,
    &duplicate_variable::RULE,
    &duplicate_volume_name::RULE,
    &ecs_exec_paths_not_writable::RULE,
    &ecs_fargate_variable_wrong::RULE,
    &efs_configuration_invalid::RULE,
    &efs_not_encrypted_in_transit::RULE,
    &entrypoint_variable_set::RULE,
    &environment_file_invalid::RULE,
    &ephemeral_storage_invalid::RULE,
    &execution_role_missing::RULE,
    &fargate_size_invalid::RULE,
    &fargate_size_missing::RULE,
    &fargate_windows_size_invalid::RULE,
    &file_mounted_as_directory::RULE,
    &firelens_buffer_not_writable::RULE,
    &firelens_configuration_invalid::RULE,
    &firelens_init_image_read_only::RULE,
    &firelens_output_missing::RULE,
    &firelens_router_missing::RULE,
    &firelens_router_unused::RULE,
    &floating_image_tag::RULE,
    &health_check_invalid::RULE,
    &health_check_missing::RULE,
    &health_check_never_passes::RULE,
    &host_network::RULE,
    &host_port_differs::RULE,
    &host_port_used_twice::RULE,
    &host_process_namespace::RULE,
    &hostname_set_on_fargate::RULE,
    &image_invalid::RULE,
    &image_path_not_writable::RULE,
    &image_too_long::RULE,
    &inference_accelerator_retired::RULE,
    &init_container_cannot_write::RULE,
    &init_container_copies_nothing::RULE,
    &init_container_not_awaited::RULE,
    &init_container_version_differs::RULE,
    &init_service_restarts::RULE,
    &launch_volume_invalid::RULE,
    &link_target_missing::RULE,
    &log_buffer_invalid::RULE,
    &log_configuration_missing::RULE,
    &log_delivery_mode_unset::RULE,
    &memory_reservation_above_limit::RULE,
    &memory_reservations_above_task::RULE,
    &mount_hides_agent_files::RULE,
    &mount_never_refreshed::RULE,
    &mount_path_invalid::RULE,
    &mount_without_volume::RULE,
    &name_invalid::RULE,
    &no_essential_container::RULE,
    &nomad_variable_of_another_job::RULE,
    &number_out_of_range::RULE,
    &operating_system_unset::RULE,
    &placeholder_left::RULE,
    &placement_constraints_invalid::RULE,
    &port_name_invalid::RULE,
    &port_out_of_range::RULE,
    &port_range_invalid::RULE,
    &port_under_two_protocols::RULE,
    &port_used_twice::RULE,
    &ports_without_network::RULE,
    &privileged_container::RULE,
    &proxy_configuration_invalid::RULE,
    &required_key_missing::RULE,
    &restart_policy_invalid::RULE,
    &role_invalid::RULE,
    &roles_are_the_same::RULE,
    &roles_in_two_accounts::RULE,
    &root_filesystem_writable::RULE,
    &root_user::RULE,
    &root_user_forbidden::RULE,
    &s3_files_without_task_role::RULE,
    &secret_in_plaintext::RULE,
    &secret_name_taken::RULE,
    &secret_source_invalid::RULE,
    &secrets_without_execution_role::RULE,
    &success_on_essential_container::RULE,
    &system_control_unsupported::RULE,
    &tag_invalid::RULE,
    &tags_missing::RULE,
    &task_definition_too_large::RULE,
    &task_directory_taken_for_shared::RULE,
    &task_size_invalid::RULE,
    &timeout_out_of_range::RULE,
    &tmpfs_on_fargate::RULE,
    &tmpfs_option_unknown::RULE,
    &tmpfs_without_exec::RULE,
    &too_many_containers::RULE,
    &two_agents::RULE,
    &two_firelens_routers::RULE,
    &ulimit_invalid::RULE,
    &unknown_key::RULE,
    &unsupported_in_awsvpc::RULE,
    &unsupported_on_fargate::RULE,
    &unsupported_on_windows::RULE,
    &user_invalid::RULE,
    &variable_in_quotes::RULE,
    &volume_kinds_mixed::RULE,
    &volume_not_writable_for_user::RULE,
    &volumes_from_container_missing::RULE,
    &windows_administrator_user::RULE,
    &windows_read_only_root::RULE,
    &writable_path_not_mounted::RULE,
    &wrong_enum_value::RULE,
    &wrong_type::RULE,
];

/// The rule about an Agent without an API key, which whoever asks for an Agent says better.
pub const API_KEY_MISSING: &str = "agent-api-key-missing";

/// The rule about what nobody filled in, which is as it should be in a template.
pub const PLACEHOLDER_LEFT: &str = "placeholder-left";

/// What all rules together say about a task definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Everything that is wrong, in the order of the document.
    pub findings: Vec<Finding>,
    /// Where a Security Hub control fails, in the order of the document, whatever became of the findings.
    pub failures: Vec<Failure>,
    /// Names of the rules that met a value they need and that is not known yet.
    pub undecided: Vec<&'static str>,
    /// What every control comes to that a rule of the catalogue belongs to.
    pub verdicts: BTreeMap<&'static str, Outcome>,
}

impl Judgement {
    /// Adds what is said of something that runs beside it.
    fn join(&mut self, other: Judgement) {
        self.findings.extend(other.findings);
        self.failures.extend(other.failures);
        self.undecided.extend(other.undecided);
        self.undecided.sort_unstable();
        self.undecided.dedup();
        self.verdicts.extend(other.verdicts);
    }
}

/// Runs every rule. What stands for a value and is none, such as a placeholder that nobody filled in, is not known yet to
/// all of them.
pub fn judge(subject: &Subject<'_>) -> Judgement {
    let shape = Shape::of(subject.document);
    let seen = shape.seen(subject.document);
    let subject = Subject { document: seen.as_ref().unwrap_or(subject.document), ..*subject };
    let task = TaskDefinition::read(&subject).of_shape(shape);
    let mut judgement = Judgement::default();
    for rule in CATALOGUE {
        let answer = rule.judge(&task);
        judgement.findings.extend(answer.findings);
        judgement.failures.extend(answer.failures);
        if answer.undecided {
            judgement.undecided.push(rule.name);
        }
    }
    judgement.order_findings();
    judgement.failures.sort_by(|one, other| one.path.cmp(&other.path));
    judgement.verdicts = verdict::verdicts(&task, &judgement);
    judgement
}

impl Judgement {
    /// Adds findings that are no rule's, at their places.
    pub fn add(&mut self, findings: Vec<Finding>) {
        if !findings.is_empty() {
            self.findings.extend(findings);
            self.order_findings();
        }
    }

    /// Findings in the order of the document.
    fn order_findings(&mut self) {
        self.findings.sort_by(|one, other| (&one.path, one.rule).cmp(&(&other.path, other.rule)));
    }

    /// Of the findings those that ECS itself would reject. Findings alone: no verdicts.
    pub fn rejections(&self) -> Judgement {
        let is_rejected = |finding: &&Finding| {
            let rule = find(finding.rule);
            finding.severity == Severity::Error && rule.is_some_and(|rule| rule.rejection != Rejection::None)
        };
        let findings = self.findings.iter().filter(is_rejected).cloned().collect();
        Judgement { findings, ..Judgement::default() }
    }
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.name == name)
}

/// What almost every rule file uses.
mod prelude {
    pub(super) use super::example::Overlay::{
        AgentExample, ComposeExample, Example, KubernetesExample, NomadExample,
    };
    pub(super) use super::example::Undecided;
    pub(super) use super::finding::Severity;
    pub(super) use super::fix::{Edit, Fix, another_name, are_alike, free_name, stand_in};
    pub(super) use super::rule::{Found, Judges, Mends, Platform, Rejection, Rule, Topic, would_answer};
    pub(super) use crate::document::{Node, Path};
    pub(super) use crate::ecs::shapes::nearest;
    pub(super) use crate::rofs::{Evidence, Status};
    pub(super) use crate::task::{
        Container, Image, Network, Problem, Repetition, TaskDefinition, Unfilled, quoted, repetitions,
        shortened,
    };
}
