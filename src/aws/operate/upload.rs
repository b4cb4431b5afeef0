//! A template on its way into a bucket, for `CloudFormation` to read from there.
//!
//! One operation of S3, so its crate is not worth its size. The address that is told names the very version that was
//! put there, where the bucket keeps versions: what is reviewed is what is deployed.

use super::mishap::Mishap;
use crate::aws::endpoint;
use crate::aws::problem::Failure;
use crate::aws::query::encoded;
use crate::aws::raw::{self, Call, Service};
use crate::aws::session::Session;
use crate::domain::Region;

const S3: Service = Service {
    name: "S3",
    signing: "s3",
};

pub(super) async fn put(
    session: &Session,
    region: &Region,
    (bucket, key): (&str, &str),
    text: &str,
) -> Result<String, Mishap> {
    let (endpoint, path) = address(session, region, bucket, key)
        .await
        .ok_or(Failure::Unsent)?;
    let url = format!("{endpoint}{path}");
    let call = Call {
        operation: "PutObject",
        method: "PUT",
        path: path.into(),
        content_type: "text/plain; charset=utf-8",
        target: None,
        body: text.to_owned(),
    };
    let reply = raw::send_to(session, (S3, &endpoint), region, call)
        .await
        .map_err(Mishap::Sending)?;
    Ok(match reply.version {
        Some(version) => format!("{url}?versionId={}", encoded(&version)),
        None => url,
    })
}

/// The bucket is in the host's name, as S3 wants it, but where that cannot be: at an endpoint of somebody's own, and
/// where the name has dots, which certificates do not cover.
async fn address(
    session: &Session,
    region: &Region,
    bucket: &str,
    key: &str,
) -> Option<(String, String)> {
    let config = session.config();
    let endpoint = endpoint::of(config, S3, region).await?;
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let key: Vec<String> = key.split('/').map(encoded).collect();
    let key = key.join("/");
    let has_own_endpoint = endpoint::set(config, S3).is_some();
    match endpoint.split_once("://") {
        Some((scheme, host)) if !has_own_endpoint && !bucket.contains('.') => {
            let bucket = encoded(bucket);
            Some((format!("{scheme}://{bucket}.{host}"), format!("/{key}")))
        }
        Some(_) | None => Some((endpoint, format!("/{}/{key}", encoded(bucket)))),
    }
}
