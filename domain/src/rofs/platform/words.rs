//! What platforms call things in sentences about settings.

use crate::rofs::settings::Store;

/// How sentences about settings name what a platform has.
#[derive(Debug)]
pub struct Words {
    /// The setting that names the API key in each store, the usual one first.
    pub api_keys: &'static [(Store, &'static str)],
    /// What to write where no API key is named.
    pub api_key_lines: &'static str,
    /// What is wrong with a key where its reference belongs, in a few words.
    pub key_in_place: &'static str,
    /// Where a key is stored and how it is referred to.
    pub key_is_stored: &'static str,
    /// What to do with a key that stands in plain text.
    pub key_is_moved: &'static str,
    /// What an entry of `secrets` holds.
    pub secret: &'static str,
    /// Who can read what stands in plain text.
    pub readers: &'static str,
}

impl Words {
    /// The setting that names an API key of this store, or the usual one.
    pub fn api_key(&self, store: Option<Store>) -> &'static str {
        let named = self.api_keys.iter().find(|(of, _)| store.is_none_or(|store| store == *of));
        named.or(self.api_keys.first()).map_or("", |(_, setting)| setting)
    }
}

pub(super) const ECS: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret_arn"), (Store::Parameters, "api_key_parameter_arn")],
    api_key_lines: "Write api_key_secret_arn = \"arn:aws:secretsmanager:...\" or api_key_parameter_arn = \"arn:aws:ssm:...\", \
                    here or in the provider's `agent` block.",
    key_in_place: "API key in place of its ARN",
    key_is_stored: "Store a new key in Secrets Manager or Parameter Store and write its ARN.",
    key_is_moved: "Remove it, store the key in Secrets Manager or Parameter Store and write api_key_secret_arn or \
                   api_key_parameter_arn.",
    secret: "the ARN of where it is stored",
    readers: "Everybody who may describe the task definition",
};

pub(super) const COMPOSE: Words = Words {
    api_keys: &[(Store::Environment, "api_key_environment"), (Store::File, "api_key_secret")],
    api_key_lines: "Write api_key_environment = \"DD_API_KEY\", the name of a variable of the machine, or api_key_secret = \
                    \"datadog_api_key\", the name of a secret of the document.",
    key_in_place: "API key in place of its name",
    key_is_stored: "Put a new key into the environment or a file of the machine, and write the name of the variable or of the \
                    secret.",
    key_is_moved: "Remove it, put the key into the environment or a file of the machine and write api_key_environment or \
                   api_key_secret.",
    secret: "the name of a variable of the machine that holds it",
    readers: "Everybody who may read the document or inspect the container",
};

pub(super) const DOCKER: Words = Words {
    api_keys: &[(Store::Environment, "api_key_environment"), (Store::File, "api_key_file")],
    api_key_lines: "Write api_key_environment = \"DD_API_KEY\", the name of a variable of the machine, or api_key_file = \
                    \"/etc/datadog/api_key\", the path of a file of the machine.",
    key_in_place: "API key in place of where it is",
    key_is_stored: "Put a new key into the environment or a file of the machine, and write the name of the variable or the path of \
                    the file.",
    key_is_moved: "Remove it, put the key into the environment or a file of the machine and write api_key_environment or \
                   api_key_file.",
    secret: "the name of a variable of the machine that holds it",
    readers: "Everybody who may read the script or inspect the container",
};

pub(super) const NOMAD: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret")],
    api_key_lines: "Write api_key_secret = \"nomad/jobs/datadog-agent\", the path of a Nomad variable, or api_key_secret = \
                    \"secret/data/datadog\", the path of a secret in Vault. The item is api_key, or what stands behind a #.",
    key_in_place: "API key in place of its path",
    key_is_stored: "Put a new key into a Nomad variable or into Vault, and write its path.",
    key_is_moved: "Remove it, put the key into a Nomad variable or into Vault and write api_key_secret.",
    secret: "the path of a Nomad variable or of a secret in Vault, with # and the item behind it",
    readers: "Everybody who may read the job",
};

pub(super) const KUBERNETES: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret")],
    api_key_lines: "Write api_key_secret = { name = \"datadog-secret\", key = \"api-key\" }, the Secret of the Pod's namespace that \
                    holds it.",
    key_in_place: "API key in place of its Secret",
    key_is_stored: "Put a new key into a Secret of the cluster and write its name and the key of its entry.",
    key_is_moved: "Remove it, put the key into a Secret of the cluster and write api_key_secret.",
    secret: "a Secret of the Pod's namespace and the key of its entry, as in \"datadog-secret/app-key\"",
    readers: "Everybody who may read the workload",
};
