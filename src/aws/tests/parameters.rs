//! What Systems Manager says of parameters, and what of it is dropped.

use super::wire;
use super::*;
use crate::domain::{SsmParameter, Untrusted};
use serde_json::{Value, json};

/// A value that must not be seen anywhere.
const CANARY: &str = "CANARY-q8Rz1";

async fn read(wire: &Wire) -> Result<Vec<SsmParameter>, Problem> {
    let topic = Topic::Parameters("/gco".into());
    match cloud(wire).read(&topic, &ireland()).await? {
        Reading::Parameters(found) => Ok(found),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn pages_are_read_to_the_end_and_secrets_are_dropped_as_they_come() {
    let wire = Wire::new(|asked| {
        let input: Value = serde_json::from_str(&asked.body).unwrap();
        let page = match input["NextToken"].as_str() {
            None => json!({
                "Parameters": [
                    {"Name": "/gco/z", "Type": "String", "Value": "last"},
                    {"Name": "/gco/api-token", "Type": "SecureString", "Value": CANARY},
                    {"Type": "String", "Value": "nameless"},
                ],
                "NextToken": "two",
            }),
            // An empty page with a token is no end.
            Some("two") => json!({"Parameters": [], "NextToken": "three"}),
            Some(_) => {
                json!({"Parameters": [{"Name": "/gco/a", "Type": "StringList", "Value": "x,y"}]})
            }
        };
        wire::json(200, &page)
    });
    let found = read(&wire).await.unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.name.exact(), it.value.as_ref().map(Untrusted::exact)))
        .collect();
    assert_eq!(
        told,
        [
            ("/gco/a", Some("x,y")),
            ("/gco/api-token", None),
            ("/gco/z", Some("last")),
        ]
    );
    assert!(!format!("{found:?}").contains(CANARY));
    let asked = wire.asked();
    assert_eq!(asked.len(), 3);
    let input: Value = serde_json::from_str(&asked[0].body).unwrap();
    assert_eq!(
        input,
        json!({"Path": "/gco", "Recursive": true, "WithDecryption": false, "MaxResults": 10})
    );
    assert_eq!(asked[0].target, "AmazonSSM.GetParametersByPath");
    assert!(
        asked[0].authorization.contains("/eu-west-1/ssm/"),
        "{}",
        asked[0].authorization
    );
}

#[tokio::test]
async fn a_token_that_leads_nowhere_ends_the_walk_and_a_refusal_names_the_permission() {
    let round = Wire::new(|_| wire::json(200, &json!({"Parameters": [], "NextToken": "same"})));
    assert_eq!(read(&round).await, Ok(Vec::new()));
    assert_eq!(round.asked().len(), 2);

    let denied = Wire::new(|_| {
        wire::json(
            400,
            &json!({"__type": "AccessDeniedException", "Message": "no"}),
        )
    });
    let said = read(&denied).await.unwrap_err().to_string();
    assert!(said.contains("ssm:GetParametersByPath"), "{said}");
}

#[tokio::test]
async fn a_list_without_an_end_is_a_problem_and_not_half_an_answer() {
    let pages = std::sync::atomic::AtomicUsize::new(0);
    let wire = Wire::new(move |_| {
        let page = pages.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let found = json!([{"Name": format!("/gco/{page}"), "Type": "String", "Value": "x"}]);
        wire::json(
            200,
            &json!({"Parameters": found, "NextToken": format!("after-{page}")}),
        )
    });
    let problem = read(&wire).await.unwrap_err();
    assert_eq!(
        problem.what,
        "There are more than 500 parameters below /gco, and no more are read."
    );
    assert_eq!(wire.asked().len(), 50);
}
