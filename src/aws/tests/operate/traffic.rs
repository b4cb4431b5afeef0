//! Dials and weights.

use super::*;
use crate::domain::AcceleratorArn;
use crate::domain::operation::Spread;
use serde_json::{Value, json as shape};

const ACCELERATOR: &str = "arn:aws:globalaccelerator::111122223333:accelerator/edge";

fn group() -> AcceleratorArn {
    AcceleratorArn::new(format!("{ACCELERATOR}/listener/l/endpoint-group/g"))
}

fn dial(before: f64, after: f64) -> Call {
    Call::SetDial {
        group: group(),
        before,
        after,
    }
}

fn weigh(endpoint: &str, before: u8, after: u8) -> Call {
    Call::SetWeight {
        group: group(),
        endpoint: endpoint.into(),
        before,
        after,
    }
}

fn edge(status: &'static str) -> Wire {
    Wire::new(move |asked| {
        let (_, operation) = asked.target.split_once('.').unwrap();
        json(&match operation {
            "DescribeAccelerator" => shape!({ "Accelerator": { "Status": status } }),
            _ => shape!({ "EndpointGroup": {
                "EndpointGroupArn": group().exact(), "EndpointGroupRegion": "eu-west-1", "TrafficDialPercentage": 33.3,
                "EndpointDescriptions": [
                    { "EndpointId": "arn:a", "Weight": 100, "ClientIPPreservationEnabled": true, "HealthState": "HEALTHY" },
                    { "EndpointId": "arn:b", "Weight": 50, "ClientIPPreservationEnabled": false, "HealthState": "HEALTHY" },
                ],
            } }),
        })
    })
}

fn operations(wire: &Wire) -> Vec<String> {
    let target = |asked: &Asked| asked.target.rsplit('.').next().unwrap().to_owned();
    wire.asked().iter().map(target).collect()
}

fn last(wire: &Wire) -> Value {
    serde_json::from_str(&wire.asked().last().unwrap().body).unwrap()
}

#[tokio::test]
async fn a_dial_is_read_compared_and_sent_alone() {
    let wire = edge("DEPLOYED");
    let request = carry_out(&wire, &dial(33.3, 0.0)).await.unwrap();
    assert_eq!(request.as_deref(), Some("req-7"));
    assert_eq!(
        operations(&wire),
        ["DescribeEndpointGroup", "UpdateEndpointGroup"]
    );
    assert_eq!(
        last(&wire),
        shape!({ "EndpointGroupArn": group().exact(), "TrafficDialPercentage": 0.0 }),
        "endpoints that are sent would replace those that are there"
    );
    let asked = &wire.asked()[1];
    assert!(
        asked
            .authorization
            .contains("/us-west-2/globalaccelerator/")
    );
}

#[tokio::test]
async fn a_dial_that_is_another_by_now_is_left_alone() {
    let wire = edge("DEPLOYED");
    let Err(Miscarriage::Refused(problem)) = carry_out(&wire, &dial(100.0, 0.0)).await else {
        panic!("it was set");
    };
    assert_eq!(
        problem.what,
        "The dial of the endpoint group g is 33.3 % by now, so it was left there."
    );
    assert_eq!(operations(&wire), ["DescribeEndpointGroup"]);
}

#[tokio::test]
async fn a_weight_takes_the_other_endpoints_along_as_they_are() {
    let wire = edge("DEPLOYED");
    carry_out(&wire, &weigh("arn:b", 50, 0)).await.unwrap();
    assert_eq!(
        last(&wire),
        shape!({ "EndpointGroupArn": group().exact(), "EndpointConfigurations": [
            { "EndpointId": "arn:a", "Weight": 100, "ClientIPPreservationEnabled": true },
            { "EndpointId": "arn:b", "Weight": 0, "ClientIPPreservationEnabled": false },
        ] })
    );
    for call in [weigh("arn:b", 51, 0), weigh("arn:gone", 50, 0)] {
        let wire = edge("DEPLOYED");
        let miscarried = carry_out(&wire, &call).await.unwrap_err();
        assert!(
            matches!(miscarried, Miscarriage::Refused(_)),
            "{miscarried:?}"
        );
        assert_eq!(operations(&wire), ["DescribeEndpointGroup"]);
    }
}

#[tokio::test]
async fn a_look_says_whether_the_change_is_everywhere() {
    for (status, reach) in [
        ("DEPLOYED", Spread::Deployed),
        ("IN_PROGRESS", Spread::InProgress),
        ("UNHEARD", Spread::InProgress),
    ] {
        let wire = edge(status);
        let dialled = look(&wire, &dial(33.3, 0.0)).await;
        let percent = 33.3;
        assert_eq!(dialled, Ok(Sight::Dial { percent, reach }));
        assert_eq!(last(&wire), shape!({ "AcceleratorArn": ACCELERATOR }));
        let weighed = look(&edge(status), &weigh("arn:a", 1, 2)).await;
        let weight = Some(100);
        assert_eq!(weighed, Ok(Sight::Weight { weight, reach }));
        let without = look(&edge(status), &weigh("arn:gone", 1, 2)).await;
        let weight = None;
        assert_eq!(without, Ok(Sight::Weight { weight, reach }));
    }
}

#[tokio::test]
async fn a_group_is_read_as_it_is_and_one_that_is_gone_is_said_to_be() {
    let wire = edge("DEPLOYED");
    let scope = Scope::global(&AccountName::new("prod"));
    let read = cloud(&wire).endpoint_group(&scope, &group()).await.unwrap();
    assert_eq!(
        (read.endpoints.len(), read.region.exact()),
        (2, "eu-west-1")
    );
    let gone = Wire::new(|_| {
        let body = r#"{"__type":"EndpointGroupNotFoundException","Message":"no"}"#;
        let headers = [("content-type", "application/x-amz-json-1.1")];
        Ok(wire::response(400, &headers, body))
    });
    let problem = cloud(&gone).endpoint_group(&scope, &group()).await;
    assert_eq!(
        problem.unwrap_err().what,
        "The endpoint group g does not exist in prod."
    );
    assert_eq!(look(&gone, &dial(1.0, 2.0)).await, Ok(Sight::Gone));
}

#[tokio::test]
async fn another_change_on_its_way_is_waited_for_and_not_repeated() {
    let wire = Wire::new(|asked| {
        if asked.target.ends_with("Describe") || asked.target.contains("DescribeEndpointGroup") {
            return json(&shape!({ "EndpointGroup": { "TrafficDialPercentage": 100.0 } }));
        }
        let body = r#"{"__type":"TransactionInProgressException","Message":"busy"}"#;
        let headers = [("content-type", "application/x-amz-json-1.1")];
        Ok(wire::response(400, &headers, body))
    });
    let Err(Miscarriage::Refused(problem)) = carry_out(&wire, &dial(100.0, 0.0)).await else {
        panic!("it was set");
    };
    assert_eq!(problem.kind, Kind::Throttled);
    assert!(problem.what.contains("another change"), "{problem}");
    assert_eq!(wire.asked().len(), 2, "the SDK would repeat it by itself");
}
