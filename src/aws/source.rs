//! Where credentials come from: the fleet file's words turned into the SDK's providers.
//!
//! No provider is ever left to the SDK's default region chain: without a region it asks the instance metadata
//! service, which on a laptop means seconds of silence.

use crate::domain::Credentials;
use aws_config::SdkConfig;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::os_shim_internal::Env;
use std::time::Duration;

/// The metadata service is one hop away or not there at all; anything slower is not an instance.
const METADATA: Duration = Duration::from_millis(250);

/// Session names allow `[\w+=,.@-]{2,64}`.
const SESSION_NAME_AT_MOST: usize = 64;

/// The provider of `credentials`. `config` says how to reach STS and SSO: region, connector, endpoints.
pub(super) async fn provider(
    credentials: &Credentials,
    config: &SdkConfig,
) -> SharedCredentialsProvider {
    let mut roles = Vec::new();
    let mut source = credentials;
    let mut provider = loop {
        match source {
            Credentials::Role {
                source: below,
                arn,
                external_id,
            } => {
                roles.push((arn, external_id));
                source = below;
            }
            Credentials::Environment => break environment(config).await,
            Credentials::Profile(name) => break profile(name, config),
            Credentials::Sandbox { access_key } => break sandbox(access_key),
        }
    };
    for (arn, external_id) in roles.into_iter().rev() {
        let mut role = AssumeRoleProvider::builder(arn)
            .configure(config)
            .session_name(session_name(&Env::real()));
        if let Some(id) = external_id {
            role = role.external_id(id);
        }
        provider = SharedCredentialsProvider::new(role.build_from_provider(provider).await);
    }
    provider
}

async fn environment(config: &SdkConfig) -> SharedCredentialsProvider {
    let settings = settings(config);
    let chain = DefaultCredentialsChain::builder()
        .imds_client(metadata(&settings))
        .region(config.region().cloned())
        .configure(settings);
    SharedCredentialsProvider::new(chain.build().await)
}

/// Not the default chain with a profile name: there, keys in the environment would win over the profile, and one
/// account would be shown under another one's name.
fn profile(name: &str, config: &SdkConfig) -> SharedCredentialsProvider {
    let settings = settings(config);
    let instance = ImdsCredentialsProvider::builder()
        .configure(&settings)
        .imds_client(metadata(&settings))
        .build();
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&settings)
        .profile_name(name)
        .with_custom_provider("Ec2InstanceMetadata", instance);
    SharedCredentialsProvider::new(provider.build())
}

fn sandbox(access_key: &str) -> SharedCredentialsProvider {
    let keys = aws_credential_types::Credentials::new(access_key, "sandbox", None, None, "sandbox");
    SharedCredentialsProvider::new(keys)
}

/// The same way to the network for the providers' own calls.
fn settings(config: &SdkConfig) -> ProviderConfig {
    let mut settings = ProviderConfig::without_region().with_region(config.region().cloned());
    if let Some(http) = config.http_client() {
        settings = settings.with_http_client(http);
    }
    if let Some(timeouts) = config.timeout_config() {
        settings = settings.with_timeout_config(timeouts.clone());
    }
    settings
}

fn metadata(settings: &ProviderConfig) -> imds::Client {
    imds::Client::builder()
        .configure(settings)
        .max_attempts(1)
        .connect_timeout(METADATA)
        .read_timeout(METADATA)
        .build()
}

/// What `CloudTrail` shows beside the role: the program and, where the system tells, its operator.
fn session_name(env: &Env) -> String {
    let operator = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|variable| env.get(variable).ok().filter(|name| !name.is_empty()));
    let mut name = "quarterdeck".to_owned();
    if let Some(operator) = operator {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        name.push('-');
        name.extend(operator.chars().map(|c| if allowed(c) { c } else { '-' }));
    }
    name.truncate(SESSION_NAME_AT_MOST);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_name_carries_the_operator_in_characters_that_sts_allows() {
        for (vars, expected) in [
            (vec![("USER", "ada")], "quarterdeck-ada".to_owned()),
            (
                vec![("USERNAME", "CORP\\Ada L")],
                "quarterdeck-CORP-Ada-L".to_owned(),
            ),
            (
                vec![("USER", ""), ("LOGNAME", "zoë")],
                "quarterdeck-zo-".to_owned(),
            ),
            (vec![], "quarterdeck".to_owned()),
            (
                vec![(
                    "USER",
                    "a123456789012345678901234567890123456789012345678901234567890",
                )],
                "quarterdeck-a123456789012345678901234567890123456789012345678901".to_owned(),
            ),
        ] {
            assert_eq!(session_name(&Env::from_slice(&vars)), expected);
        }
    }
}
