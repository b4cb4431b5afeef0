//! Where a service without a client of its own is, by the same rules as for those that have one.

use super::raw::Service;
use crate::domain::{Kind, Problem, Region};
use aws_config::SdkConfig;
use aws_sdk_cloudformation::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_types::os_shim_internal::Env;
use aws_types::service_config::ServiceConfigKey;

/// The variables that move an endpoint of ours or of the SDK's own calls for credentials.
const VARIABLES: [&str; 10] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_CLOUDFORMATION",
    "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL_ACCOUNT",
    "AWS_ENDPOINT_URL_EC2",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_SIGNIN",
];

/// Refuses an endpoint that is set to nothing: the SDK takes that for an address and panics.
pub(super) fn check(env: &Env) -> Result<(), Problem> {
    let mut set = VARIABLES.iter();
    match set.find(|variable| env.get(variable).is_ok_and(|url| url.is_empty())) {
        Some(variable) => Err(Problem::new(
            Kind::Invalid,
            format!("{variable} is set to nothing, so there is nobody to ask."),
        )
        .hint(format!("Unset {variable} and start again."))),
        None => Ok(()),
    }
}

/// The operator's endpoint for the service, the one for everything, or AWS's own.
pub(super) async fn of(config: &SdkConfig, service: Service, region: &Region) -> Option<String> {
    match set(config, service) {
        Some(own) => Some(own),
        None => of_aws(config, service, region).await,
    }
}

/// The endpoint that somebody has set instead of AWS's own.
pub(super) fn set(config: &SdkConfig, service: Service) -> Option<String> {
    let everything = config.endpoint_url().map(str::to_owned);
    // An endpoint set by us, the sandbox's, comes before whatever the operator's files say.
    if config.get_origin("endpoint_url").is_client_config() {
        return everything;
    }
    of_operator(config, service).or(everything)
}

/// `AWS_ENDPOINT_URL_<SERVICE>`, or the profile's `services` section.
fn of_operator(config: &SdkConfig, service: Service) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service.name)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    config.service_config()?.load_config(key)
}

/// AWS's endpoint. The partition's domain is taken from what the SDK's own rules say for CloudFormation, so
/// that China, `GovCloud` and the partitions of the future need no table here.
async fn of_aws(config: &SdkConfig, service: Service, region: &Region) -> Option<String> {
    let params = Params::builder()
        .region(region.to_string())
        .use_fips(config.use_fips().unwrap_or_default())
        .use_dual_stack(config.use_dual_stack().unwrap_or_default())
        .build()
        .ok()?;
    let sibling = DefaultResolver::new()
        .resolve_endpoint(&params)
        .await
        .ok()?;
    let url = sibling.url();
    url.contains("://cloudformation")
        .then(|| url.replacen("://cloudformation", &format!("://{}", service.signing), 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::logs::LOGS;
    use aws_types::service_config::LoadServiceConfig;

    const EC2: Service = Service {
        name: "EC2",
        signing: "ec2",
    };

    #[test]
    fn an_endpoint_that_is_set_to_nothing_is_refused_and_named() {
        let sets = |url| Env::from_slice(&[("AWS_ENDPOINT_URL_STS", url)]);
        assert_eq!(check(&sets("http://127.0.0.1:1")), Ok(()));
        let problem = check(&sets("")).unwrap_err();
        assert!(
            problem
                .what
                .starts_with("AWS_ENDPOINT_URL_STS is set to nothing")
        );
    }

    #[tokio::test]
    async fn every_partition_has_its_own_domain() {
        let config = SdkConfig::builder().build();
        for (region, expected) in [
            ("eu-west-1", "https://ec2.eu-west-1.amazonaws.com"),
            ("cn-north-1", "https://ec2.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", "https://ec2.us-gov-west-1.amazonaws.com"),
            ("us-iso-east-1", "https://ec2.us-iso-east-1.c2s.ic.gov"),
        ] {
            let endpoint = of(&config, EC2, &Region::new(region)).await;
            assert_eq!(endpoint.as_deref(), Some(expected));
        }
    }

    #[tokio::test]
    async fn fips_and_dual_stack_are_kept() {
        let config = SdkConfig::builder().use_fips(true).build();
        let endpoint = of(&config, EC2, &Region::new("us-east-1")).await;
        assert_eq!(
            endpoint.as_deref(),
            Some("https://ec2-fips.us-east-1.amazonaws.com")
        );
    }

    #[tokio::test]
    async fn an_endpoint_for_everything_is_used() {
        let config = SdkConfig::builder()
            .endpoint_url("http://sandbox.test:1")
            .build();
        let endpoint = of(&config, EC2, &Region::new("us-east-1")).await;
        assert_eq!(endpoint.as_deref(), Some("http://sandbox.test:1"));
    }

    /// The environment or a profile's `services` section, as the SDK hands both to us.
    #[derive(Debug)]
    struct OnlyLogs;

    impl LoadServiceConfig for OnlyLogs {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            (key.service_id() == "CloudWatch Logs").then(|| "http://logs.test:1".to_owned())
        }
    }

    #[test]
    fn an_endpoint_of_one_service_is_set_for_that_service_only() {
        let config = SdkConfig::builder().service_config(OnlyLogs).build();
        let logs = set(&config, LOGS);
        assert_eq!(logs.as_deref(), Some("http://logs.test:1"));
        assert_eq!(set(&config, EC2), None);
        assert_eq!(set(&SdkConfig::builder().build(), LOGS), None);
    }
}
