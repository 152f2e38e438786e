//! The ECS API: registers, describes, lists, tags and retires task definitions, and says what uses them.
//!
//! The AWS SDK finds credentials, signs, and sends one attempt. When another one follows and at which pace is decided here,
//! so that what counts is what ECS counts: attempts. The documents travel past the SDK: a request's
//! body is our own JSON, put in place before signing, and the answer is read raw. So a key that the SDK does not know
//! yet survives in both directions, and no structure is mapped by hand. Types of the SDK do not leave this module.
//!
//! Nothing happens when an [`EcsClients`] is made. Profiles are read and credentials looked for when the first client
//! is asked for, so a configuration that never calls ECS needs neither.
//!
//! This module knows nothing of Terraform, and nothing of what a good task definition is.

mod action;
mod arn;
mod attempt;
mod ca_bundle;
mod client;
mod clients;
mod configuration;
mod credentials;
mod endpoint;
mod environment;
mod error;
mod error_code;
mod failure;
mod fitness;
mod held;
mod http;
mod no_proxy;
mod pace;
mod patience;
mod profiles;
mod proxy;
mod quiet;
mod quota;
mod raw_json;
mod region;
mod repeats;
mod retry;
mod revision;
mod send;
mod service;
mod service_calls;
mod signable;
mod user_agent;
mod uses;

pub use arn::RevisionArn;
pub use client::EcsClient;
pub use clients::EcsClients;
pub use configuration::{
    AssumeRole, AssumeRoleWithWebIdentity, Configuration, Endpoints, IgnoredTags, MetadataMode, RetryMode,
    Secret, WebIdentityToken,
};
pub use endpoint::url_problem;
pub use environment::region_of_environment;
pub use error::{Circumstances, EcsError, ErrorKind};
pub use fitness::Fitness;
pub use patience::{Ended, Patience};
pub use proxy::proxy_problem;
pub use region::is_region;
pub use revision::{Revision, Status};
pub use service::{
    Controller, Deployment, Described, Failure, Guard, Rollout, Service, ServiceRevision, Task,
};
pub use service_calls::{DEPLOYMENTS_OF_A_CALL, SERVICES_OF_A_CALL, TASKS_OF_A_CALL};
pub use signable::Signer;
pub use user_agent::is_user_agent;
