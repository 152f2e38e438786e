//! Keys of structured log fields, named as Terraform's own providers name them.
//!
//! Written once because people filter and alert on them: a changed key is a breaking change for somebody. Values
//! logged under them are names, numbers and addresses, never anything out of a configuration.

/// Type name of the data source at hand.
pub const DATA_SOURCE_TYPE: &str = "tf_data_source_type";

/// Name of the function that is called.
pub const FUNCTION_NAME: &str = "tf_function_name";

/// What went wrong, in the words of the error.
pub const ERROR: &str = "error";

/// Attribute path that a diagnostic points at.
pub const ATTRIBUTE_PATH: &str = "tf_attribute_path";

/// How long a call took, in milliseconds.
pub const REQUEST_DURATION_MS: &str = "tf_req_duration_ms";

/// Type name of the resource at hand.
pub const RESOURCE_TYPE: &str = "tf_resource_type";

/// Name of the RPC.
pub const RPC: &str = "tf_rpc";

/// Summary of a diagnostic.
pub const DIAGNOSTIC_SUMMARY: &str = "diagnostic_summary";

/// Severity of a diagnostic.
pub const DIAGNOSTIC_SEVERITY: &str = "diagnostic_severity";

/// Version of Terraform or OpenTofu that configures the provider.
pub const TERRAFORM_VERSION: &str = "tf_terraform_version";

/// Address at which the plugin listens.
pub const ADDRESS: &str = "address";

/// Why the plugin ends.
pub const REASON: &str = "reason";
