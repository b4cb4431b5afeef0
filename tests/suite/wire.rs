//! The real SDK clients against the sandbox, over a real socket: what our adapters will meet.

mod accelerator;
mod cloudformation;
mod cloudwatch;
mod faults;
mod hostile;
mod identity;
mod lambda;
mod live;
mod operations;
mod requests;

use crate::support::world::account;
use aws_sdk_cloudformation::config::retry::RetryConfig;
use aws_sdk_cloudformation::config::timeout::TimeoutConfig;
use aws_sdk_cloudformation::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::Builder;
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::domain::Fleet;
use quarterdeck::sandbox::{Clock, Options, Sandbox, Scenario};
use std::time::Duration;

const PROD: &str = "123456789012";
const STAGING: &str = "210987654321";

/// A sandbox of a scenario, in real time: the SDK signs with the machine's clock.
async fn sandbox(scenario: &str) -> Sandbox {
    let options = Options {
        scenario: Scenario::named(scenario).unwrap(),
        clock: Clock::real(),
        port: 0,
    };
    Sandbox::start(options).await.unwrap()
}

/// Our own client, as production in these regions.
fn cloud(sandbox: &Sandbox, regions: &[&str]) -> Cloud {
    let fleet = Fleet {
        accounts: vec![account("prod", PROD, regions)],
        ..Fleet::default()
    };
    let link = Link {
        endpoint: Some(sandbox.endpoint()),
        http: None,
    };
    Cloud::new(&fleet, link)
}

/// How often an operation was asked for.
fn calls(sandbox: &Sandbox, operation: &str) -> usize {
    let requests = sandbox.requests();
    let asked = requests.iter().filter(|it| it.operation == operation);
    asked.count()
}

/// A client that asks once and says what happened.
fn cloudformation(sandbox: &Sandbox, region: &str) -> aws_sdk_cloudformation::Client {
    patient(sandbox, region, RetryConfig::disabled())
}

/// A client that asks again as often as `retry` says.
fn patient(sandbox: &Sandbox, region: &str, retry: RetryConfig) -> aws_sdk_cloudformation::Client {
    let timeouts = TimeoutConfig::builder().read_timeout(Duration::from_millis(1_500));
    let config = aws_sdk_cloudformation::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .endpoint_url(sandbox.endpoint())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(PROD, "sandbox", None, None, "test"))
        .retry_config(retry)
        .timeout_config(timeouts.build())
        .build();
    aws_sdk_cloudformation::Client::from_conf(config)
}
