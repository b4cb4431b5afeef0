//! S3, the least of it: putting an object somewhere, and getting it back.

use super::{Answer, Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::shelf::{Bucket, Object};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "PutObject" => put(call),
        "GetObject" => Ok(get(call)?.0),
        "HeadObject" => {
            let (described, length) = get(call)?;
            // What would have come is only told.
            Ok(described
                .with("Body", Value::Null)
                .with("ContentLength", length))
        }
        _ => Err(call.unknown_operation()),
    }
}

fn failure(status: u16, code: &str, words: &str) -> Refused {
    Failure::new(status, code, words).into()
}

/// The bucket that the request names, if it is the caller's and here.
fn bucket<'c>(call: &Call<'c>) -> Result<&'c Bucket, Refused> {
    let name = call.input.text("Bucket").unwrap_or_default();
    let Some(bucket) = call.world.buckets.get(name.as_ref()) else {
        return Err(failure(
            404,
            "NoSuchBucket",
            "The specified bucket does not exist",
        ));
    };
    let owner = call.input.text("ExpectedBucketOwner");
    if bucket.account != call.caller.account || owner.is_some_and(|owner| owner != bucket.account) {
        return Err(failure(403, "AccessDenied", "Access Denied"));
    }
    if bucket.region != call.region {
        let words = "The bucket you are attempting to access must be addressed using the specified endpoint. Please \
                     send all future requests to this endpoint.";
        let mut failure = Failure::new(301, "PermanentRedirect", words);
        failure.members = Map::new()
            .with("Endpoint", format!("s3.{}.amazonaws.com", bucket.region))
            .with("Bucket", name)
            .with("Region", &bucket.region);
        return Err(failure.into());
    }
    Ok(bucket)
}

fn key(call: &Call<'_>) -> String {
    call.input.text("Key").unwrap_or_default().into_owned()
}

fn described(bucket: &Bucket, object: &Object) -> Map {
    let version = bucket.is_versioned.then_some(&object.version);
    Map::new()
        .with("ETag", format!("\"{}\"", object.tag))
        .with_some("VersionId", version)
}

fn put(call: &Call<'_>) -> Answer {
    let bucket = bucket(call)?;
    let Some(Value::Blob(bytes)) = call.input.get("Body") else {
        return Err(failure(
            411,
            "MissingContentLength",
            "You must provide the Content-Length HTTP header.",
        ));
    };
    let kind = call.input.text("ContentType");
    let kind = kind.map_or_else(
        || "binary/octet-stream".to_owned(),
        std::borrow::Cow::into_owned,
    );
    let object = bucket.put(&key(call), (bytes.clone(), kind), call.now);
    Ok(described(bucket, &object))
}

/// An object with its bytes, and how many they are.
fn get(call: &Call<'_>) -> Result<(Map, i64), Refused> {
    let (bucket, key) = (bucket(call)?, key(call));
    let name = call.input.text("Bucket").unwrap_or_default();
    let version = call.input.text("VersionId");
    let found = match &version {
        None => call.world.object(&call.caller.account, &name, &key),
        Some(version) => bucket.get(&key, Some(version)),
    };
    let Some(object) = found else {
        return Err(match version {
            None => failure(404, "NoSuchKey", "The specified key does not exist."),
            Some(_) => failure(
                404,
                "NoSuchVersion",
                "The specified version does not exist.",
            ),
        });
    };
    let length = i64::try_from(object.bytes.len()).unwrap_or(i64::MAX);
    let written = object.written.format("%a, %d %b %Y %H:%M:%S GMT");
    let described = described(bucket, &object)
        .with("LastModified", written.to_string())
        .with("ContentType", &object.kind)
        .with("AcceptRanges", "bytes")
        .with("Body", Value::Blob(object.bytes));
    Ok((described, length))
}
