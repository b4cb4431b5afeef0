//! SSM parameters over the gateway.

use serde_json::{Value, json};

use super::{PROD, gateway, in_json};
use crate::sandbox::Gateway;

async fn ask(gateway: &Gateway, operation: &str, input: &Value) -> (u16, Value) {
    let target = format!("AmazonSSM.{operation}");
    let request = in_json(PROD, "us-east-1", ("ssm", &target), &input.to_string());
    let response = gateway.handle(request).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    (response.status().as_u16(), body)
}

#[tokio::test]
async fn a_path_leads_to_the_endpoint_groups_of_the_platform() {
    let (gateway, _) = gateway("demo");
    let mut input = json!({"Path": "/gco", "MaxResults": 3});
    let mut names = Vec::new();
    loop {
        let (status, answer) = ask(&gateway, "GetParametersByPath", &input).await;
        assert_eq!(status, 200, "{answer}");
        let found = answer["Parameters"].as_array().unwrap();
        names.extend(
            found
                .iter()
                .map(|one| one["Name"].as_str().unwrap().to_owned()),
        );
        if answer["NextToken"].is_null() {
            break;
        }
        input["NextToken"] = answer["NextToken"].clone();
    }
    assert_eq!(names.len(), 10, "{names:?}");
    let name = json!({"Name": "/gco/endpoint-group-eu-west-1-arn"});
    let (_, answer) = ask(&gateway, "GetParameter", &name).await;
    let arn = answer["Parameter"]["Value"].as_str().unwrap();
    assert!(arn.contains("/endpoint-group/"), "{arn}");
}

#[tokio::test]
async fn a_parameter_of_a_stack_is_there_and_a_secret_stays_one() {
    let (gateway, _) = gateway("demo");
    let names = json!({"Names": ["/gco-global/JobsTableName", "/gco/api-token", "/none", "/gco/api-token:1"]});
    let (_, answer) = ask(&gateway, "GetParameters", &names).await;
    assert_eq!(answer["InvalidParameters"], json!(["/none"]));
    assert_eq!(answer["Parameters"].as_array().unwrap().len(), 3);
    assert_ne!(answer["Parameters"][1]["Value"], "s3cr3t-of-the-sandbox");
    let open = json!({"Name": "/gco/api-token", "WithDecryption": true});
    let (_, answer) = ask(&gateway, "GetParameter", &open).await;
    assert_eq!(answer["Parameter"]["Value"], "s3cr3t-of-the-sandbox");
    for (operation, input, code) in [
        (
            "GetParameter",
            json!({"Name": "/none"}),
            "ParameterNotFound",
        ),
        (
            "GetParameter",
            json!({"Name": "/gco/api-token:9"}),
            "ParameterVersionNotFound",
        ),
        (
            "GetParametersByPath",
            json!({"Path": "gco"}),
            "ValidationException",
        ),
        (
            "GetParametersByPath",
            json!({"Path": "/gco", "NextToken": "x"}),
            "InvalidNextToken",
        ),
        (
            "GetParametersByPath",
            json!({"Path": "/gco", "MaxResults": 11}),
            "ValidationException",
        ),
    ] {
        let (status, body) = ask(&gateway, operation, &input).await;
        assert_eq!(status, 400);
        assert!(body["__type"].as_str().unwrap().ends_with(code), "{body}");
    }
}
