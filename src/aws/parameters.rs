//! The parameters below a path, from Systems Manager.
//!
//! One operation, so its crate is not worth its size. Nothing is decrypted, and a secret's value is dropped as it comes.

use super::problem::Failure;
use super::raw::{self, Call, Service};
use super::session::Session;
use crate::domain::{Kind, Problem, Region, SsmParameter, Untrusted};
use serde_json::{Value, json};

const SSM: Service = Service {
    name: "SSM",
    signing: "ssm",
};

/// AWS's largest page.
const PAGE: usize = 10;
/// More pages than this are a loop, or a path that was not meant.
const PAGES_AT_MOST: usize = 50;

/// By name.
pub(super) async fn list(
    session: &Session,
    region: &Region,
    path: &Untrusted,
) -> Result<Vec<SsmParameter>, Failure> {
    let mut parameters = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..PAGES_AT_MOST {
        let mut request = json!({
            "Path": path.exact(),
            "Recursive": true,
            "WithDecryption": false,
            "MaxResults": PAGE,
        });
        if let Some(token) = &token {
            request["NextToken"] = token.as_str().into();
        }
        let call = Call::json("AmazonSSM", "GetParametersByPath", request.to_string());
        let answer = raw::send(session, SSM, region, call).await?.body;
        let answer: Value =
            serde_json::from_slice(&answer).map_err(|_torn| Failure::senseless())?;
        let found = answer.get("Parameters").and_then(Value::as_array);
        parameters.extend(found.into_iter().flatten().filter_map(parameter));
        let next = answer.get("NextToken").and_then(Value::as_str);
        let next = next.filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_none() || next == token {
            parameters.sort_by(|a: &SsmParameter, b| a.name.cmp(&b.name));
            return Ok(parameters);
        }
        token = next;
    }
    Err(endless(path))
}

/// Half a list would make what is on the other half look as if it were missing.
fn endless(path: &Untrusted) -> Failure {
    let most = PAGES_AT_MOST * PAGE;
    let what = format!(
        "There are more than {most} parameters below {}, and no more are read.",
        path.safe()
    );
    Failure::Worded(Problem::new(Kind::Invalid, what).hint("Look at them in the console."))
}

fn parameter(shape: &Value) -> Option<SsmParameter> {
    let word = |name: &str| shape.get(name).and_then(Value::as_str);
    let is_secret = word("Type") == Some("SecureString");
    Some(SsmParameter {
        name: Untrusted::new(word("Name")?),
        value: word("Value").filter(|_| !is_secret).map(Untrusted::new),
    })
}
