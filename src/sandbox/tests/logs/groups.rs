//! Groups: made, found, dropped; and which function logs where.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{API, ask, now, pages, refused, request, world};
use crate::sandbox::tests::PROD;

#[tokio::test]
async fn groups_are_made_found_kept_and_dropped() {
    let (gateway, _) =
        world("[[log_group]]\nname = \"/audit\"\nclass = \"INFREQUENT_ACCESS\"\nretention = 7");
    let names = |answer: &Value| -> Vec<String> {
        let groups = answer["logGroups"].as_array().unwrap();
        groups
            .iter()
            .map(|group| group["logGroupName"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = names(&ask(&gateway, "DescribeLogGroups", json!({})).await);
    assert!(all.is_sorted() && all.contains(&API.to_owned()), "{all:?}");
    assert!(
        all.iter().any(|name| name.ends_with("/WorkerLogs")),
        "{all:?}"
    );
    let (mut paged, mut input) = (Vec::new(), json!({"limit": 2}));
    loop {
        let answer = ask(&gateway, "DescribeLogGroups", input.clone()).await;
        paged.extend(names(&answer));
        match answer["nextToken"].as_str() {
            Some(token) => input["nextToken"] = token.into(),
            None => break,
        }
    }
    assert_eq!(paged, all);
    let audit = ask(
        &gateway,
        "DescribeLogGroups",
        json!({"logGroupNamePrefix": "/aud"}),
    )
    .await;
    let group = &audit["logGroups"][0];
    assert_eq!(
        (&group["retentionInDays"], &group["logGroupClass"]),
        (&json!(7), &json!("INFREQUENT_ACCESS"))
    );
    assert_eq!(
        group["arn"],
        format!("arn:aws:logs:us-east-1:{PROD}:log-group:/audit:*")
    );
    assert_eq!(
        group["logGroupArn"],
        format!("arn:aws:logs:us-east-1:{PROD}:log-group:/audit")
    );
    let infrequent = ask(
        &gateway,
        "DescribeLogGroups",
        json!({"logGroupClass": "INFREQUENT_ACCESS"}),
    )
    .await;
    assert_eq!(names(&infrequent), ["/audit"]);
    let part = ask(
        &gateway,
        "DescribeLogGroups",
        json!({"logGroupNamePattern": "api-Fun"}),
    )
    .await;
    assert_eq!(names(&part), [API]);
    ask(&gateway, "CreateLogGroup", json!({"logGroupName": "mine"})).await;
    ask(
        &gateway,
        "PutRetentionPolicy",
        json!({"logGroupName": "mine", "retentionInDays": 14}),
    )
    .await;
    ask(
        &gateway,
        "CreateLogStream",
        json!({"logGroupName": "mine", "logStreamName": "s"}),
    )
    .await;
    let events = json!([{"timestamp": now() - 5, "message": "a"}, {"timestamp": now() + 3 * 3_600_000, "message": "b"}]);
    let put = json!({"logGroupName": "mine", "logStreamName": "s", "logEvents": events});
    let answer = ask(&gateway, "PutLogEvents", put).await;
    assert_eq!(
        answer["rejectedLogEventsInfo"],
        json!({"tooNewLogEventStartIndex": 1})
    );
    assert_eq!(
        pages(&gateway, json!({"logGroupName": "mine"}))
            .await
            .concat()
            .len(),
        1
    );
    let streams = ask(
        &gateway,
        "DescribeLogStreams",
        json!({"logGroupName": "mine"}),
    )
    .await;
    assert_eq!(streams["logStreams"][0]["firstEventTimestamp"], now() - 5);
    ask(&gateway, "DeleteLogGroup", json!({"logGroupName": "mine"})).await;
    let (code, _) = refused(
        &gateway,
        "DescribeLogStreams",
        json!({"logGroupName": "mine"}),
    )
    .await;
    assert_eq!(code, "ResourceNotFoundException");
}

#[tokio::test]
async fn lambda_says_where_a_function_logs() {
    let (gateway, _) = world("");
    let get = |path: &str| {
        let mut request = request("us-east-1", "", &json!({}));
        *request.method_mut() = "GET".parse().unwrap();
        *request.uri_mut() = path.parse().unwrap();
        *request.body_mut() = Bytes::new();
        request.headers_mut().remove("x-amz-target");
        let value = request.headers()["authorization"]
            .to_str()
            .unwrap()
            .replace("/logs/", "/lambda/");
        request
            .headers_mut()
            .insert("authorization", value.parse().unwrap());
        gateway.handle(request)
    };
    let body = |response: hyper::Response<Bytes>| -> Value {
        serde_json::from_slice(response.body()).unwrap()
    };
    let one = body(
        get("/2015-03-31/functions/checkout-api-Function/configuration")
            .await
            .unwrap(),
    );
    assert_eq!(
        one["LoggingConfig"],
        json!({"LogFormat": "Text", "LogGroup": API})
    );
    let all = body(get("/2015-03-31/functions/").await.unwrap());
    let groups: Vec<&str> = all["Functions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|function| function["LoggingConfig"]["LogGroup"].as_str().unwrap())
        .collect();
    assert_eq!(groups.len(), 3);
    assert!(
        groups.iter().any(|group| group.ends_with("/WorkerLogs")),
        "one logs elsewhere: {groups:?}"
    );
    let listed = ask(&gateway, "DescribeLogGroups", json!({}))
        .await
        .to_string();
    assert!(groups.iter().all(|group| listed.contains(group)));
    let missing = get("/2015-03-31/functions/no-such/configuration")
        .await
        .unwrap();
    assert_eq!(missing.status(), 404);
    let words = format!("Function not found: arn:aws:lambda:us-east-1:{PROD}:function:no-such");
    assert_eq!(body(missing)["message"], words);
}
