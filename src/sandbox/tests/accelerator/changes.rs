//! What clients change, what they may not, and what they ask for that is not there.

use serde_json::{Value, json};

use super::super::{PROD, STAGING, gateway};
use super::{SECOND, ask, group, named, refused, small, states};

#[tokio::test]
async fn a_change_is_in_progress_for_a_while_and_nobody_makes_another_meanwhile() {
    let (gateway, clock) = small();
    let before = group(&gateway, "small", "eu-west-1").await;
    let arn = before["EndpointGroupArn"].as_str().unwrap();
    let turn = json!({"EndpointGroupArn": arn, "TrafficDialPercentage": 12.5});
    let after = ask(&gateway, "UpdateEndpointGroup", &turn).await["EndpointGroup"].clone();
    assert_eq!(after["TrafficDialPercentage"], json!(12.5));
    assert_eq!(
        after["EndpointDescriptions"], before["EndpointDescriptions"],
        "the rest stays"
    );
    let accelerator = named(&gateway, "small").await;
    assert_eq!(accelerator["Status"], "IN_PROGRESS");
    let this = json!({"AcceleratorArn": accelerator["AcceleratorArn"], "Enabled": false});
    let one = json!({"EndpointGroupArn": arn, "EndpointIdentifiers": [
        {"EndpointId": before["EndpointDescriptions"][0]["EndpointId"]},
    ]});
    let another =
        json!({"EndpointGroupArn": arn, "EndpointConfigurations": [{"EndpointId": "i-0abc"}]});
    for (operation, input) in [
        ("UpdateEndpointGroup", &turn),
        ("UpdateAccelerator", &this),
        ("RemoveEndpoints", &one),
        ("AddEndpoints", &another),
    ] {
        assert_eq!(
            refused(&gateway, operation, input).await,
            "TransactionInProgressException"
        );
    }
    clock.advance(29 * SECOND);
    assert_eq!(named(&gateway, "small").await["Status"], "IN_PROGRESS");
    clock.advance(SECOND);
    assert_eq!(named(&gateway, "small").await["Status"], "DEPLOYED");
    ask(&gateway, "RemoveEndpoints", &one).await;
    clock.advance(30 * SECOND);
    ask(&gateway, "AddEndpoints", &another).await;
    let now = group(&gateway, "small", "eu-west-1").await;
    assert_eq!(
        states(&now),
        ["HEALTHY", "INITIAL"],
        "the new one is still to be looked at"
    );
    clock.advance(60 * SECOND);
    assert_eq!(
        states(&group(&gateway, "small", "eu-west-1").await),
        ["HEALTHY", "HEALTHY"]
    );
    ask(&gateway, "UpdateAccelerator", &this).await;
    let accelerator = named(&gateway, "small").await;
    assert_eq!(accelerator["Enabled"], false);
    assert_eq!(
        accelerator["Events"][0]["Message"],
        "Disabled the accelerator"
    );
}

#[tokio::test]
async fn what_is_no_accelerator_group_or_page_is_refused_in_awss_words() {
    let (gateway, _) = small();
    let group = group(&gateway, "small", "eu-west-1").await;
    let own = group["EndpointGroupArn"].clone();
    let none = format!("arn:aws:globalaccelerator::{PROD}:accelerator/none");
    let update = |key: &str, value: Value| json!({"EndpointGroupArn": own, key: value});
    let balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/1";
    let stranger = "arn:aws:elasticloadbalancing:eu-west-1:999999999999:loadbalancer/app/none/1";
    let add = |id: &str| update("EndpointConfigurations", json!([{"EndpointId": id}]));
    let many: Vec<Value> = (0..11)
        .map(|n| json!({"EndpointId": format!("i-{n}")}))
        .collect();
    for (operation, input, code) in [
        (
            "DescribeAccelerator",
            json!({"AcceleratorArn": none}),
            "AcceleratorNotFoundException",
        ),
        (
            "DescribeAccelerator",
            json!({"AcceleratorArn": "small"}),
            "InvalidArgumentException",
        ),
        (
            "ListListeners",
            json!({"AcceleratorArn": none}),
            "AcceleratorNotFoundException",
        ),
        (
            "ListEndpointGroups",
            json!({"ListenerArn": none}),
            "ListenerNotFoundException",
        ),
        (
            "DescribeEndpointGroup",
            json!({"EndpointGroupArn": none}),
            "EndpointGroupNotFoundException",
        ),
        (
            "ListAccelerators",
            json!({"MaxResults": 101}),
            "InvalidArgumentException",
        ),
        (
            "ListAccelerators",
            json!({"NextToken": "x"}),
            "InvalidNextTokenException",
        ),
        (
            "UpdateEndpointGroup",
            update("TrafficDialPercentage", json!(101)),
            "InvalidArgumentException",
        ),
        (
            "UpdateEndpointGroup",
            update("HealthCheckIntervalSeconds", json!(20)),
            "InvalidArgumentException",
        ),
        (
            "UpdateEndpointGroup",
            update("HealthCheckPath", json!("health")),
            "InvalidArgumentException",
        ),
        ("AddEndpoints", add(balancer), "InvalidArgumentException"),
        ("AddEndpoints", add(stranger), "AccessDeniedException"),
        (
            "AddEndpoints",
            update("EndpointConfigurations", many.into()),
            "LimitExceededException",
        ),
        (
            "ListTagsForResource",
            json!({"ResourceArn": none}),
            "AcceleratorNotFoundException",
        ),
    ] {
        assert_eq!(
            refused(&gateway, operation, &input).await,
            code,
            "{operation} {input}"
        );
    }
}

#[tokio::test]
async fn another_accounts_balancer_is_let_in_by_an_attachment_only() {
    let (gateway, clock) = gateway("demo");
    let canary = group(&gateway, "canary", "us-east-1").await;
    assert_eq!(states(&canary), ["HEALTHY", "HEALTHY"]);
    let theirs = &canary["EndpointDescriptions"][1]["EndpointId"];
    assert!(theirs.as_str().unwrap().contains(STAGING));
    let owner = json!({"ResourceOwnerAwsAccountId": STAGING});
    let shared = ask(&gateway, "ListCrossAccountResources", &owner).await;
    let shared = &shared["CrossAccountResources"][0];
    assert_eq!(&shared["EndpointId"], theirs);
    let owners = ask(&gateway, "ListCrossAccountResourceAccounts", &json!({})).await;
    assert_eq!(owners["ResourceOwnerAwsAccountIds"], json!([STAGING]));
    let arn = &canary["EndpointGroupArn"];
    let gone = json!({"EndpointGroupArn": arn, "EndpointIdentifiers": [{"EndpointId": theirs}]});
    ask(&gateway, "RemoveEndpoints", &gone).await;
    clock.advance(10 * SECOND);
    let mut back =
        json!({"EndpointGroupArn": arn, "EndpointConfigurations": [{"EndpointId": theirs}]});
    assert_eq!(
        refused(&gateway, "AddEndpoints", &back).await,
        "AccessDeniedException"
    );
    back["EndpointConfigurations"][0]["AttachmentArn"] = shared["AttachmentArn"].clone();
    ask(&gateway, "AddEndpoints", &back).await;
}
