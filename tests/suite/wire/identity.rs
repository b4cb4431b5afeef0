//! Who is calling, and as whom.

use super::{PROD, STAGING, sandbox};
use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sts::error::ProvideErrorMetadata as _;
use aws_smithy_http_client::Builder;
use quarterdeck::sandbox::Sandbox;

fn sts(sandbox: &Sandbox, region: &'static str, credentials: Credentials) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .endpoint_url(sandbox.endpoint())
        .region(Region::from_static(region))
        .credentials_provider(credentials)
        .build();
    aws_sdk_sts::Client::from_conf(config)
}

fn key(access_key: &str) -> Credentials {
    Credentials::new(access_key, "sandbox", None, None, "test")
}

#[tokio::test]
async fn an_assumed_role_is_somebody_else_until_it_ends() {
    let sandbox = sandbox("calm").await;
    let me = sts(&sandbox, "us-east-1", key(PROD))
        .get_caller_identity()
        .send()
        .await
        .unwrap();
    assert_eq!(me.account(), Some(PROD));
    let role = sts(&sandbox, "us-east-1", key(PROD))
        .assume_role()
        .role_arn(format!("arn:aws:iam::{STAGING}:role/Deploy"))
        .role_session_name("wire");
    let keys = role.send().await.unwrap().credentials.unwrap();
    let keys = Credentials::new(
        keys.access_key_id,
        keys.secret_access_key,
        Some(keys.session_token),
        None,
        "test",
    );
    let other = sts(&sandbox, "eu-west-1", keys.clone());
    let arn = other
        .get_caller_identity()
        .send()
        .await
        .unwrap()
        .arn
        .unwrap();
    assert_eq!(
        arn,
        format!("arn:aws:sts::{STAGING}:assumed-role/Deploy/wire")
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn nobody_knows_the_key_of_a_stranger_or_of_a_region_that_is_off() {
    let sandbox = sandbox("calm").await;
    for (region, who) in [("us-east-1", "AKIDEXAMPLE"), ("me-central-1", PROD)] {
        let error = sts(&sandbox, region, key(who))
            .get_caller_identity()
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some("InvalidClientTokenId"), "{region}");
        assert_eq!(
            error.message(),
            Some("The security token included in the request is invalid.")
        );
    }
    sandbox.stop().await;
}
