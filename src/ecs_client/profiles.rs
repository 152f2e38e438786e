//! The shared files and their profiles: which files are read, and what they say of the profile that is asked for.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use super::configuration::Configuration;
use super::environment::{file_path, is_empty, variable};
use super::error::{EcsError, ErrorKind};

/// The two kinds of files: which are named in the configuration, the variable that names one, and the usual one.
fn kinds(configuration: &Configuration) -> [(EnvConfigFileKind, &[String], &'static str, &'static str); 2] {
    let Configuration { shared_config_files, shared_credentials_files, .. } = configuration;
    [
        (EnvConfigFileKind::Config, shared_config_files, "AWS_CONFIG_FILE", "~/.aws/config"),
        (
            EnvConfigFileKind::Credentials,
            shared_credentials_files,
            "AWS_SHARED_CREDENTIALS_FILE",
            "~/.aws/credentials",
        ),
    ]
}

/// The profile to read where the SDK would not find its name: the configuration's, and the usual one where the environment
/// names an empty one.
pub(super) fn profile_name(configuration: &Configuration) -> Option<String> {
    configuration.profile.clone().or_else(|| is_empty("AWS_PROFILE").then(|| "default".to_owned()))
}

/// The files with profiles where they are not the SDK's usual ones, `None` for those.
pub(super) fn profile_files(configuration: &Configuration) -> Option<EnvConfigFiles> {
    let named = kinds(configuration);
    if named.iter().all(|(_, files, variable, _)| files.is_empty() && !is_empty(variable)) {
        return None;
    }
    let mut files = EnvConfigFiles::builder();
    for (kind, paths, variable, usual) in named {
        if !paths.is_empty() {
            files = paths.iter().fold(files, |files, path| files.with_file(kind, file_path(path)));
        } else if is_empty(variable) {
            // A file that is named has to be there, and the usual one need not be.
            let usual = file_path(usual);
            files = match usual.exists() {
                true => files.with_file(kind, usual),
                false => files.with_contents(kind, ""),
            };
        } else if matches!(kind, EnvConfigFileKind::Config) {
            files = files.include_default_config_file(true);
        } else {
            files = files.include_default_credentials_file(true);
        }
    }
    Some(files.build())
}

/// The files that are looked in.
fn paths(configuration: &Configuration) -> Vec<PathBuf> {
    let of_kind = |(_, named, environment, usual): (_, &[String], &str, &str)| match named {
        [] => vec![variable(environment).map_or_else(|| file_path(usual), PathBuf::from)],
        named => named.iter().map(|path| file_path(path)).collect(),
    };
    let mut paths: Vec<PathBuf> = kinds(configuration).into_iter().flat_map(of_kind).collect();
    // One file may be named for both kinds.
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths
}

/// What the files say; nothing where they cannot be read.
async fn profiles(configuration: &Configuration) -> Option<ProfileSet> {
    let files = profile_files(configuration).unwrap_or_default();
    aws_config::profile::load(&Fs::real(), &Env::real(), &files, None).await.ok()
}

/// What the profile in use says under a key that the SDK does not look at.
pub(super) async fn setting_of_profile(configuration: &Configuration, key: &str) -> Option<String> {
    let name = asked_for(configuration).map_or_else(|| "default".to_owned(), |(_, name)| name);
    let profiles = profiles(configuration).await?;
    let found = profiles.get_profile(&name)?.get(key)?.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// The profile that is asked for, and the setting that does so; none where it is the usual one.
pub(super) fn asked_for(configuration: &Configuration) -> Option<(&'static str, String)> {
    let own = || Some(("`profile` of the provider block", configuration.profile.clone()?));
    own().or_else(|| Some(("AWS_PROFILE", variable("AWS_PROFILE")?)))
}

/// Names of profiles that an error lists, at most.
const MOST: usize = 10;

/// An error if a profile is asked for by name and no file has it, or a file that is named cannot be read.
pub(super) async fn missing_profile(configuration: &Configuration) -> Option<EcsError> {
    let (setting, name) = asked_for(configuration)?;
    let known = match profiles(configuration).await {
        Some(profiles) if profiles.get_profile(&name).is_some() => return None,
        Some(profiles) => {
            let mut names: Vec<String> = profiles.profiles().map(|name| format!("{name:?}")).collect();
            names.sort_unstable();
            match names.len().checked_sub(MOST).filter(|more| *more > 0) {
                _ if names.is_empty() => "They have no profile at all".to_owned(),
                None => format!("They have: {}", names.join(", ")),
                Some(more) => format!("They have: {} and {more} more", names[..MOST].join(", ")),
            }
        }
        None => "Not all of them can be read".to_owned(),
    };
    let files: Vec<String> = paths(configuration).iter().map(|path| file_line(path)).collect();
    let message = format!(
        "{setting} is {name:?}, and none of these files has that profile:\n{}\n\n{known}",
        files.concat()
    );
    Some(EcsError::local(ErrorKind::MissingProfile, "Configure", message).of_profile(name))
}

fn file_line(path: &std::path::Path) -> String {
    let state = match std::fs::read(path) {
        Ok(_) => String::new(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => " (there is no such file)".to_owned(),
        Err(error) => format!(" (cannot be read: {error})"),
    };
    format!("\n  - {}{state}", path.display())
}

/// Profiles that lead to one another, at most.
const DEEPEST: usize = 8;

/// What the profile in use and those that it leads to say.
pub(super) struct Chain {
    /// The profile that signs in with IAM Identity Center.
    pub(super) sso: Option<String>,
    /// ARN of the role that the first of them with a role has.
    pub(super) role_arn: Option<String>,
}

/// Follows the profile in use.
pub(super) async fn chain(configuration: &Configuration) -> Chain {
    let mut chain = Chain { sso: None, role_arn: None };
    let mut next = asked_for(configuration).map_or_else(|| "default".to_owned(), |(_, name)| name);
    let Some(profiles) = profiles(configuration).await else { return chain };
    for _ in 0..DEEPEST {
        let Some(profile) = profiles.get_profile(&next) else { break };
        chain.role_arn = chain.role_arn.or_else(|| profile.get("role_arn").map(str::to_owned));
        if ["sso_session", "sso_start_url"].into_iter().any(|key| profile.get(key).is_some()) {
            chain.sso = Some(next);
            break;
        }
        match profile.get("source_profile").filter(|source| *source != next) {
            Some(source) => next = source.to_owned(),
            None => break,
        }
    }
    chain
}
