//! S3 over the gateway: what is put somewhere is there, and nowhere else.

use bytes::Bytes;
use hyper::{Request, Response};

use super::{PROD, STAGING, first, gateway, noon, text};
use crate::sandbox::world::World;
use crate::sandbox::{Gateway, Scenario};

const BUCKET: &str = "house-templates-123456789012";

fn request(
    (key, region): (&str, &str),
    method: &str,
    (host, uri): (&str, &str),
    body: &str,
) -> Request<Bytes> {
    let builder = Request::builder().method(method).uri(uri);
    let scope = format!("Credential={key}/20251120/{region}/s3/aws4_request");
    builder
        .header("host", host)
        .header("content-type", "application/json")
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host;x-amz-date, Signature=00"),
        )
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

async fn ask(gateway: &Gateway, method: &str, uri: &str, body: &str) -> Response<Bytes> {
    let request = request((PROD, "eu-west-1"), method, ("127.0.0.1", uri), body);
    gateway.handle(request).await.unwrap()
}

fn header<'r>(response: &'r Response<Bytes>, name: &str) -> &'r str {
    response.headers()[name].to_str().unwrap()
}

#[tokio::test]
async fn an_object_is_got_back_and_so_is_what_it_was_before() {
    let (gateway, _) = gateway("drill");
    let path = format!("/{BUCKET}/orders/template.json");
    let before = ask(&gateway, "PUT", &path, "{}").await;
    let after = ask(&gateway, "PUT", &path, r#"{"Resources":{}}"#).await;
    assert_ne!(
        header(&before, "x-amz-version-id"),
        header(&after, "x-amz-version-id")
    );
    let virtual_host = format!("{BUCKET}.s3.eu-west-1.amazonaws.com");
    let place = (virtual_host.as_str(), "/orders/template.json");
    let request = request((PROD, "eu-west-1"), "GET", place, "");
    let got = gateway.handle(request).await.unwrap();
    assert_eq!(text(&got), r#"{"Resources":{}}"#);
    assert_eq!(header(&got, "etag"), header(&after, "etag"));
    assert_eq!(header(&got, "content-type"), "application/json");
    let version = header(&before, "x-amz-version-id");
    let old = ask(&gateway, "GET", &format!("{path}?versionId={version}"), "").await;
    assert_eq!(text(&old), "{}");
    let head = ask(&gateway, "HEAD", &path, "").await;
    assert_eq!(
        (text(&head).as_str(), header(&head, "content-length")),
        ("", "16")
    );
}

#[tokio::test]
async fn what_is_not_there_not_here_or_not_ones_own_is_refused_in_s3s_words() {
    let (gateway, _) = gateway("drill");
    for (key, region, path, status, code) in [
        (
            PROD,
            "eu-west-1",
            format!("/{BUCKET}/none"),
            404,
            "NoSuchKey",
        ),
        (
            PROD,
            "eu-west-1",
            "/nobodys-bucket/a".to_owned(),
            404,
            "NoSuchBucket",
        ),
        (
            PROD,
            "us-east-1",
            format!("/{BUCKET}/none"),
            301,
            "PermanentRedirect",
        ),
        (
            STAGING,
            "eu-west-1",
            format!("/{BUCKET}/none"),
            403,
            "AccessDenied",
        ),
        (
            "AKIDNOBODY",
            "eu-west-1",
            format!("/{BUCKET}/none"),
            403,
            "InvalidAccessKeyId",
        ),
    ] {
        let request = request((key, region), "GET", ("127.0.0.1", &path), "");
        let response = gateway.handle(request).await.unwrap();
        let said = first(&text(&response), "Code");
        assert_eq!((response.status().as_u16(), said.as_str()), (status, code));
        if status == 301 {
            assert_eq!(header(&response, "x-amz-bucket-region"), "eu-west-1");
        }
    }
}

#[test]
fn what_clients_put_is_found_by_the_rest_of_the_world() {
    let world = World::build(&Scenario::named("drill").unwrap(), noon());
    assert!(world.object(PROD, BUCKET, "a").is_none());
    let bucket = &world.buckets[BUCKET];
    bucket.put("a", (Bytes::from_static(b"{}"), String::new()), noon());
    assert_eq!(&world.object(PROD, BUCKET, "a").unwrap().bytes[..], b"{}");
    assert!(world.object(STAGING, BUCKET, "a").is_none());
}
