//! Services of ECS, and what scales them.

use serde_json::{Value, json};

use super::{SECOND, night, physical};
use crate::sandbox::Gateway;

async fn ecs(gateway: &Gateway, operation: &str, input: &Value) -> (u16, Value) {
    let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
    super::json(gateway, ("ecs", &target), input).await
}

async fn scaling(gateway: &Gateway, operation: &str, input: &Value) -> (u16, Value) {
    let target = format!("AnyScaleFrontendService.{operation}");
    super::json(gateway, ("application-autoscaling", &target), input).await
}

async fn arn(gateway: &Gateway) -> String {
    physical(gateway, "orders-batch", "Service").await
}

async fn counts(gateway: &Gateway) -> [i64; 3] {
    let input = json!({"cluster": "orders-batch-Cluster", "services": [arn(gateway).await]});
    let (_, answer) = ecs(gateway, "DescribeServices", &input).await;
    ["desiredCount", "runningCount", "pendingCount"]
        .map(|name| answer["services"][0][name].as_i64().unwrap())
}

async fn want(gateway: &Gateway, desired: i64) {
    let input = json!({
        "cluster": "orders-batch-Cluster", "service": arn(gateway).await, "desiredCount": desired,
    });
    let (status, answer) = ecs(gateway, "UpdateService", &input).await;
    assert_eq!(
        (status, &answer["service"]["desiredCount"]),
        (200, &json!(desired))
    );
}

async fn register(gateway: &Gateway, min: i64) {
    let arn = arn(gateway).await;
    let (_, path) = arn.split_once(":service/").unwrap();
    let input = json!({
        "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
        "ResourceId": format!("service/{path}"), "MinCapacity": min,
    });
    let (status, _) = scaling(gateway, "RegisterScalableTarget", &input).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_service_whose_minimum_was_lowered_too_stays_down() {
    let (gateway, clock) = night();
    assert_eq!(counts(&gateway).await, [4, 4, 0]);
    register(&gateway, 0).await;
    want(&gateway, 0).await;
    clock.advance(6 * SECOND);
    assert_eq!(counts(&gateway).await, [0, 2, 0]);
    clock.advance(60 * SECOND);
    assert_eq!(counts(&gateway).await, [0, 0, 0]);
    let (_, all) = scaling(
        &gateway,
        "DescribeScalableTargets",
        &json!({"ServiceNamespace": "ecs"}),
    )
    .await;
    let target = &all["ScalableTargets"][0];
    assert_eq!(
        (&target["MinCapacity"], &target["MaxCapacity"]),
        (&json!(0), &json!(8))
    );
    want(&gateway, 4).await;
    assert_eq!(counts(&gateway).await, [4, 0, 4]);
    clock.advance(20 * SECOND);
    assert_eq!(counts(&gateway).await, [4, 4, 0]);
}

#[tokio::test]
async fn one_whose_minimum_is_above_is_scaled_back_up() {
    let (gateway, clock) = night();
    want(&gateway, 0).await;
    clock.advance(29 * SECOND);
    assert_eq!(counts(&gateway).await, [0, 0, 0]);
    clock.advance(60 * SECOND);
    assert_eq!(counts(&gateway).await, [2, 2, 0]);
}

#[tokio::test]
async fn a_service_has_tags_for_who_asks_and_one_that_is_none_is_a_failure() {
    let (gateway, _) = night();
    let arn = arn(&gateway).await;
    let tags = json!({"resourceArn": arn, "tags": [{"key": "house:restore", "value": "v1:4"}]});
    assert_eq!(ecs(&gateway, "TagResource", &tags).await.0, 200);
    let mut input = json!({"cluster": "orders-batch-Cluster", "services": [arn, "none"]});
    let (_, bare) = ecs(&gateway, "DescribeServices", &input).await;
    assert_eq!(bare["services"][0]["tags"], Value::Null);
    assert_eq!(bare["failures"][0]["reason"], "MISSING");
    input["include"] = json!(["TAGS"]);
    let (_, tagged) = ecs(&gateway, "DescribeServices", &input).await;
    assert!(
        tagged["services"][0]["tags"]
            .to_string()
            .contains("house:restore")
    );
    let keys = json!({"resourceArn": arn, "tagKeys": ["house:restore"]});
    ecs(&gateway, "UntagResource", &keys).await;
    let (_, listed) = ecs(&gateway, "ListTagsForResource", &keys).await;
    assert!(!listed["tags"].to_string().contains("house:restore"));
    for (operation, input, code) in [
        (
            "DescribeServices",
            json!({"cluster": "none", "services": ["a"]}),
            "ClusterNotFoundException",
        ),
        (
            "UpdateService",
            json!({"cluster": "orders-batch-Cluster", "service": "none"}),
            "ServiceNotFoundException",
        ),
        (
            "UpdateService",
            json!({"cluster": "orders-batch-Cluster", "service": arn, "desiredCount": -1}),
            "InvalidParameterException",
        ),
        (
            "TagResource",
            json!({"resourceArn": format!("{arn}x"), "tags": []}),
            "ResourceNotFoundException",
        ),
    ] {
        let (status, said) = ecs(&gateway, operation, &input).await;
        assert_eq!(status, 400);
        assert_eq!(
            said["__type"],
            format!("com.amazonaws#{code}"),
            "{operation}"
        );
    }
}
