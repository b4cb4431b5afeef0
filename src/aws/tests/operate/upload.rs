//! Templates on their way into buckets.

use super::*;

async fn put(wire: &Wire, endpoint: Option<&str>, object: (&str, &str)) -> Result<String, Problem> {
    let fleet = Fleet {
        accounts: vec![plan(Access::Operate)],
        ..Fleet::default()
    };
    let link = Link {
        endpoint: endpoint.map(str::to_owned),
        http: Some(wire.client()),
    };
    let cloud = Cloud::new(&fleet, link);
    let warrant = cloud.warrant(&AccountName::new("prod"), noon()).unwrap();
    cloud
        .upload(&warrant, &ireland(), object, "Resources: {}")
        .await
}

fn stored(version: &'static str) -> Wire {
    Wire::new(move |_| {
        let headers = [("x-amz-version-id", version)];
        Ok(wire::response(200, &headers, ""))
    })
}

#[tokio::test]
async fn the_bucket_is_in_the_hosts_name_and_the_version_in_the_address() {
    let wire = stored("v/1");
    let url = put(&wire, None, ("templates", "qd/a b.yaml"))
        .await
        .unwrap();
    assert_eq!(
        url,
        "https://templates.s3.eu-west-1.amazonaws.com/qd/a%20b.yaml?versionId=v%2F1"
    );
    let asked = &wire.asked()[0];
    assert_eq!(
        asked.uri,
        "https://templates.s3.eu-west-1.amazonaws.com/qd/a%20b.yaml"
    );
    assert_eq!(asked.body, "Resources: {}");
    assert!(asked.authorization.contains("/eu-west-1/s3/aws4_request"));
    assert!(asked.authorization.contains("x-amz-content-sha256"));
}

#[tokio::test]
async fn the_bucket_is_in_the_path_where_it_cannot_be_in_a_host() {
    let wire = stored("null");
    let own = Some("http://sandbox.test:1");
    assert_eq!(
        put(&wire, own, ("templates", "a.yaml")).await.unwrap(),
        "http://sandbox.test:1/templates/a.yaml",
        "a bucket without versions has none to name"
    );
    assert_eq!(
        put(&wire, None, ("my.templates", "a.yaml")).await.unwrap(),
        "https://s3.eu-west-1.amazonaws.com/my.templates/a.yaml"
    );
}

#[tokio::test]
async fn a_bucket_that_does_not_exist_is_named() {
    let wire = Wire::new(|_| {
        let body = "<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>";
        wire::xml(404, body)
    });
    let problem = put(&wire, None, ("templates", "a")).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Missing);
    assert_eq!(
        problem.what,
        "The bucket templates does not exist in eu-west-1 of prod."
    );
}
