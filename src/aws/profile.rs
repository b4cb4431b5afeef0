//! What the AWS configuration files say about renewing credentials, and which files those are.
//!
//! The words have to be exact: `aws sso login` for a profile that assumes a role fails, because the SSO
//! settings are in the profile at the end of its `source_profile` chain.

use crate::domain::{AccountName, Credentials};
use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_runtime::fs_util::{Os, home_dir};
use aws_types::os_shim_internal::{Env, Fs};
use std::path::PathBuf;

/// A chain longer than this is a loop, which the SDK reports in its own words.
const LONGEST_CHAIN: usize = 8;

/// What to do for new credentials, as a sentence; read from the files, which are small.
pub(super) async fn renewal(
    account: &AccountName,
    credentials: &Credentials,
    env: &Env,
    fs: &Fs,
) -> String {
    let name = match root(credentials) {
        Credentials::Profile(name) => Some(name.clone()),
        Credentials::Environment if env.get("AWS_ACCESS_KEY_ID").is_ok() => {
            return "Put new AWS keys into the environment and start again.".to_owned();
        }
        Credentials::Environment | Credentials::Role { .. } => None,
        Credentials::Sandbox { .. } => return "Restart the sandbox.".to_owned(),
    };
    let files = EnvConfigFiles::default();
    match aws_config::profile::load(fs, env, &files, name.map(Into::into)).await {
        Ok(set) => of_profile(account, &set),
        // The files cannot be parsed; the SDK says where when it is asked for credentials.
        Err(_) => "Correct the AWS configuration files.".to_owned(),
    }
}

/// The files and directories in which new credentials appear.
pub(super) fn files(credentials: &Credentials, env: &Env) -> Vec<PathBuf> {
    if matches!(root(credentials), Credentials::Sandbox { .. }) {
        return Vec::new();
    }
    let home = home_dir(env, Os::real()).map(PathBuf::from);
    let place = |variable: &str, below_home: &str| {
        let named = env.get(variable).ok().filter(|path| !path.is_empty());
        named
            .map(PathBuf::from)
            .or_else(|| home.as_ref().map(|home| home.join(below_home)))
    };
    [
        place("AWS_CONFIG_FILE", ".aws/config"),
        place("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
        place("AWS_LOGIN_CACHE_DIRECTORY", ".aws/login/cache"),
        home.as_ref().map(|home| home.join(".aws/sso/cache")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn root(credentials: &Credentials) -> &Credentials {
    match credentials {
        Credentials::Role { source, .. } => root(source),
        Credentials::Environment | Credentials::Profile(_) | Credentials::Sandbox { .. } => {
            credentials
        }
    }
}

fn of_profile(account: &AccountName, set: &ProfileSet) -> String {
    let Some(profile) = set.get_profile(set.selected_profile()) else {
        return match set.selected_profile() {
            "default" => format!("Run `aws login`, or name a profile for {account}."),
            name => format!("Run `aws configure sso --profile {name}` to make that profile."),
        };
    };
    let mut last = profile;
    for _ in 0..LONGEST_CHAIN {
        // Without a role nobody asks for the code: other tools keep the device's name there for themselves.
        if last.get("role_arn").and(last.get("mfa_serial")).is_some() {
            return format!(
                "Use a credential_process or SSO for {}: a profile with mfa_serial needs a code that cannot be asked for here.",
                last.name()
            );
        }
        let source = last
            .get("source_profile")
            .filter(|source| *source != last.name());
        match source.and_then(|source| set.get_profile(source)) {
            Some(next) => last = next,
            None => break,
        }
    }
    of_source(last)
}

fn of_source(profile: &Profile) -> String {
    let name = profile.name();
    let says = |key: &str| profile.get(key).is_some();
    if says("sso_session") || says("sso_start_url") {
        format!("Run `aws sso login --profile {name}`.")
    } else if says("login_session") {
        format!("Run `aws login --profile {name}`.")
    } else if says("credential_process") {
        format!("Run the credential_process of profile {name} to see why it fails.")
    } else if says("web_identity_token_file") {
        format!("Renew the web identity token of profile {name}.")
    } else if let Some(source) = profile.get("credential_source") {
        format!("Check the {source} credentials that profile {name} starts from.")
    } else if says("aws_access_key_id") {
        format!("Put new keys into profile {name} of the AWS credentials file.")
    } else {
        format!("Run `aws login --profile {name}`.")
    }
}

#[cfg(test)]
#[path = "profile/tests.rs"]
mod tests;
