//! Where the template of a request comes from: its own words, an object of our own S3, or the stack itself.

use std::sync::Arc;

use super::{Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::{MOST_SENT, MOST_STORED, Template};

/// The template that was sent along or pointed at, if one was.
pub(super) fn sent(call: &Call<'_>) -> Result<Option<Arc<Template>>, Refused> {
    let body = call.input.text("TemplateBody");
    let url = call.input.text("TemplateURL");
    let text = match (body, url) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let message = "You cannot specify both Template URL and Template Body.";
            return Err(Failure::validation(message).into());
        }
        (Some(body), None) if body.len() > MOST_SENT => {
            return Err(Failure::validation(format!(
                "1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: \
                 Member must have length less than or equal to {MOST_SENT}"
            ))
            .into());
        }
        (Some(body), None) => body.into_owned(),
        (None, Some(url)) => stored(call, &url)?,
    };
    let template = Template::parse(&text).map_err(Failure::validation)?;
    Ok(Some(Arc::new(template)))
}

/// What an object holds: `https://<bucket>.s3.<region>.amazonaws.com/<key>`, or with the bucket in the path.
fn stored(call: &Call<'_>, url: &str) -> Result<String, Refused> {
    let Some((bucket, key)) = object(url) else {
        let message = "TemplateURL must be a supported URL.";
        return Err(Failure::validation(message).into());
    };
    let Some(object) = call.world.object(&call.caller.account, &bucket, &key) else {
        let message = "S3 error: The specified key does not exist.\nFor more information check \
                       http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
        return Err(Failure::validation(message).into());
    };
    if object.bytes.len() > MOST_STORED {
        let message = format!("Template may not exceed {MOST_STORED} bytes in size.");
        return Err(Failure::validation(message).into());
    }
    String::from_utf8(object.bytes.to_vec()).map_err(|_bytes| {
        Failure::validation("Template format error: unsupported structure.").into()
    })
}

/// Bucket and key, and with them the version that the URL pins: `key?versionId=x`.
fn object(url: &str) -> Option<(String, String)> {
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let path = crate::sandbox::wire::percent_decode(path)?;
    if let Some((bucket, _)) = host.split_once(".s3.").or_else(|| host.split_once(".s3-")) {
        return Some((bucket.to_owned(), path));
    }
    let (bucket, key) = path.split_once('/')?;
    Some((bucket.to_owned(), key.to_owned()))
}
