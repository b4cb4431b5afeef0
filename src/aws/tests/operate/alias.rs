//! Aliases that are moved.

use super::*;
use crate::domain::operation::AliasTarget;
use serde_json::json as shape;

fn target(version: &str, weights: &[(&str, f64)]) -> AliasTarget {
    AliasTarget {
        version: version.into(),
        weights: weights.iter().map(|it| (it.0.into(), it.1)).collect(),
    }
}

fn shift(before: AliasTarget, after: AliasTarget) -> Call {
    Call::UpdateAlias {
        function: "checkout".into(),
        alias: "ACTIVE".to_owned(),
        before,
        after,
    }
}

fn active(version: &str, weights: &serde_json::Value) -> Answer {
    wire::json(
        200,
        &shape!({
            "Name": "ACTIVE", "FunctionVersion": version, "RevisionId": "rev-1",
            "RoutingConfig": { "AdditionalVersionWeights": weights },
        }),
    )
}

fn path(asked: &Asked) -> &str {
    asked.uri.strip_prefix("http://sandbox.test:1").unwrap()
}

#[tokio::test]
async fn an_alias_is_moved_from_where_it_was_seen_under_the_revision_just_read() {
    let wire = Wire::new(|_| active("19", &shape!({ "18": 0.1 })));
    let call = shift(target("19", &[("18", 0.1)]), target("18", &[]));
    carry_out(&wire, &call).await.unwrap();
    let asked = wire.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(
        path(&asked[0]),
        "/2015-03-31/functions/checkout/aliases/ACTIVE"
    );
    assert_eq!(
        path(&asked[1]),
        "/2015-03-31/functions/checkout/aliases/ACTIVE"
    );
    let body: serde_json::Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(
        body,
        shape!({
            "FunctionVersion": "18", "RevisionId": "rev-1",
            "RoutingConfig": { "AdditionalVersionWeights": {} },
        }),
        "weights that are not sent would stay"
    );
}

#[tokio::test]
async fn weights_are_sent_as_they_are() {
    let wire = Wire::new(|_| active("19", &shape!({})));
    let call = shift(target("19", &[]), target("19", &[("18", 0.5)]));
    carry_out(&wire, &call).await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&wire.asked()[1].body).unwrap();
    assert_eq!(
        body["RoutingConfig"]["AdditionalVersionWeights"],
        shape!({ "18": 0.5 })
    );
}

#[tokio::test]
async fn an_alias_that_points_elsewhere_by_now_is_left_alone() {
    let wire = Wire::new(|_| active("20", &shape!({})));
    let call = shift(target("19", &[]), target("18", &[]));
    let Err(Miscarriage::Refused(problem)) = carry_out(&wire, &call).await else {
        panic!("it was moved");
    };
    assert_eq!(
        problem.what,
        "The alias ACTIVE of checkout points to 20 by now, so it was left there."
    );
    assert_eq!(wire.asked().len(), 1);
}

#[tokio::test]
async fn an_alias_that_cannot_be_read_before_was_not_moved() {
    let wire = Wire::new(|_| wire::json(500, &shape!({ "message": "oh" })));
    let call = shift(target("19", &[]), target("18", &[]));
    let miscarried = carry_out(&wire, &call).await.unwrap_err();
    assert!(
        matches!(miscarried, Miscarriage::Refused(_)),
        "{miscarried:?}"
    );
}

#[tokio::test]
async fn an_alias_is_looked_at_with_its_weights_in_order() {
    let call = shift(target("19", &[]), target("18", &[]));
    let wire = Wire::new(|_| active("19", &shape!({ "18": 0.1, "17": 0.2 })));
    assert_eq!(
        look(&wire, &call).await,
        Ok(Sight::Alias(target("19", &[("17", 0.2), ("18", 0.1)])))
    );
    let gone = Wire::new(|_| {
        let headers = [
            ("content-type", "application/json"),
            ("x-amzn-errortype", "ResourceNotFoundException"),
        ];
        Ok(wire::response(404, &headers, r#"{"Message":"no"}"#))
    });
    assert_eq!(look(&gone, &call).await, Ok(Sight::Gone));
}
