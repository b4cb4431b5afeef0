//! What Lambda says of functions, and what of it is kept.

use super::wire::{self, Answer, Asked};
use super::*;
use crate::domain::{Function, FunctionState, Package, UpdateStatus};
use serde_json::{Value, json};

/// A value that must not be seen anywhere.
const CANARY: &str = "CANARY-h7Gk2";

fn function(name: &str) -> Value {
    json!({
        "FunctionName": name,
        "FunctionArn": format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}"),
        "Runtime": "python3.13",
        "Role": "arn:aws:iam::111122223333:role/r",
        "Handler": "index.handler",
        "CodeSize": 5_504_399,
        "Description": "",
        "Timeout": 10,
        "MemorySize": 512,
        "LastModified": "2026-11-20T14:00:00.250+0000",
        "CodeSha256": "xvTbAatdA7m9+GWPAg5siI02QszGuX+B59pJmlDVP+k=",
        "Version": "$LATEST",
        "VpcConfig": {"SubnetIds": [], "VpcId": ""},
        "Environment": {"Variables": {"TOKEN": CANARY, "LEVEL": "info"}},
        "PackageType": "Zip",
        "Architectures": ["arm64"],
        "Layers": [{"Arn": "arn:aws:lambda:eu-west-1:1:layer:l:3", "CodeSize": 1}],
    })
}

async fn read(wire: &Wire, topic: Topic) -> Reading {
    cloud(wire).read(&topic, &ireland()).await.unwrap()
}

async fn functions(wire: &Wire) -> Vec<Function> {
    match read(wire, Topic::Functions).await {
        Reading::Functions(functions) => functions,
        other => panic!("{other:?}"),
    }
}

fn path(asked: &Asked) -> &str {
    asked.uri.strip_prefix("http://sandbox.test:1").unwrap()
}

#[tokio::test]
async fn all_pages_are_read_and_functions_come_by_name() {
    let wire = Wire::new(|asked| {
        let page = if path(asked).contains("Marker=two%2F2") {
            json!({"Functions": [function("alpha")], "NextMarker": ""})
        } else {
            json!({"Functions": [function("zeta")], "NextMarker": "two/2"})
        };
        wire::json(200, &page)
    });
    let functions = functions(&wire).await;
    let names: Vec<&str> = functions.iter().map(|it| it.name.exact()).collect();
    assert_eq!(
        (names.as_slice(), wire.asked().len()),
        (&["alpha", "zeta"][..], 2)
    );
}

#[tokio::test]
async fn the_values_of_the_environment_end_at_the_parser() {
    let wire = Wire::new(|asked| {
        if path(asked).ends_with("/configuration") {
            return wire::json(200, &function("checkout"));
        }
        wire::json(200, &json!({"Functions": [function("checkout")]}))
    });
    let listed = read(&wire, Topic::Functions).await;
    let one = read(&wire, Topic::Function("checkout".into())).await;
    for reading in [&listed, &one] {
        let all = format!("{reading:?}");
        assert!(!all.contains(CANARY), "{all}");
        assert!(all.contains("TOKEN") && all.contains("LEVEL"), "{all}");
    }
}

#[tokio::test]
async fn a_function_arrives_with_everything_that_was_said() {
    let wire = Wire::new(|_| {
        let mut image = function("image");
        image["PackageType"] = "Image".into();
        image["Runtime"] = Value::Null;
        image["Handler"] = Value::Null;
        image["LoggingConfig"] = json!({"LogGroup": "/shared"});
        image["VpcConfig"]["VpcId"] = "vpc-1".into();
        image["LastModified"] = "yesterday".into();
        let bare = json!({"FunctionName": "bare", "LastModified": "2026-11-20T14:00:00.25Z"});
        wire::json(200, &json!({"Functions": [function("zip"), image, bare]}))
    });
    let functions = functions(&wire).await;
    let [bare, image, zip] = functions.as_slice() else {
        panic!("{functions:?}");
    };
    assert_eq!(
        zip.modified,
        Some("2026-11-20T14:00:00.250Z".parse().unwrap())
    );
    assert_eq!((zip.memory, zip.timeout.num_seconds()), (512, 10));
    assert_eq!((zip.code_size, &zip.package), (5_504_399, &Package::Zip));
    assert_eq!((&zip.description, &zip.vpc), (&None, &None));
    assert_eq!(zip.environment, ["LEVEL".into(), "TOKEN".into()]);
    assert_eq!(zip.log_group.exact(), "/aws/lambda/zip");
    assert_eq!(zip.layers.len(), 1);
    assert_eq!(&*zip.code_brief(), "xvTbAatd");
    assert_eq!(image.package, Package::Image);
    assert_eq!((&image.runtime, &image.handler), (&None, &None));
    assert_eq!(image.log_group.exact(), "/shared");
    assert_eq!(image.vpc.as_ref().unwrap().exact(), "vpc-1");
    assert_eq!(image.modified, None, "a time that is none");
    assert_eq!((&bare.package, bare.memory), (&Package::Zip, 0));
    assert_eq!(bare.modified, zip.modified, "as others write it");
}

#[tokio::test]
async fn only_the_configuration_tells_the_state() {
    let wire = Wire::new(|asked| {
        assert_eq!(path(asked), "/2015-03-31/functions/checkout/configuration");
        let mut said = function("checkout");
        said["State"] = "Inactive".into();
        said["StateReason"] = "idle".into();
        said["LastUpdateStatus"] = "Sideways".into();
        wire::json(200, &said)
    });
    let Reading::Function(function) = read(&wire, Topic::Function("checkout".into())).await else {
        panic!("no function");
    };
    let condition = function.condition.unwrap();
    assert_eq!(condition.state, FunctionState::Inactive);
    assert_eq!(condition.reason.unwrap().exact(), "idle");
    assert_eq!(condition.update, UpdateStatus::Other("Sideways".into()));
}

#[tokio::test]
async fn versions_come_newest_first_without_the_latest() {
    let version = |number: &str| {
        let mut version = function("checkout");
        version["Version"] = number.into();
        version
    };
    let wire = Wire::new(move |asked| {
        let page = if path(asked).contains("Marker=m") {
            json!({"Versions": [version("10"), version("9")]})
        } else {
            json!({"Versions": [version("$LATEST"), version("2")], "NextMarker": "m"})
        };
        wire::json(200, &page)
    });
    let Reading::Versions(versions) = read(&wire, Topic::Versions("checkout".into())).await else {
        panic!("no versions");
    };
    let numbers: Vec<&str> = versions.iter().map(|it| it.version.exact()).collect();
    assert_eq!(numbers, ["10", "9", "2"]);
}

#[tokio::test]
async fn an_alias_tells_its_shares_and_its_revision() {
    let wire = Wire::new(|_| {
        wire::json(
            200,
            &json!({"Aliases": [
                {"Name": "LIVE", "FunctionVersion": "3", "RevisionId": "r-3"},
                {"Name": "ACTIVE", "FunctionVersion": "18", "RevisionId": "r-1",
                 "RoutingConfig": {"AdditionalVersionWeights": {"19": 0.1}}},
            ]}),
        )
    });
    let Reading::Aliases(aliases) = read(&wire, Topic::Aliases("checkout".into())).await else {
        panic!("no aliases");
    };
    assert_eq!(aliases[0].words(), "18 90 % 19 10 %");
    assert_eq!(aliases[0].revision.as_ref().unwrap().exact(), "r-1");
    assert_eq!(aliases[1].words(), "3");
}

#[tokio::test]
async fn what_calls_a_function_and_what_is_set_aside_for_it_arrive() {
    let wire = Wire::new(|asked| {
        let path = path(asked);
        if path.starts_with("/2015-03-31/event-source-mappings") {
            assert!(path.contains("FunctionName=checkout"), "{path}");
            return wire::json(
                200,
                &json!({"EventSourceMappings": [{
                    "UUID": "u-1", "EventSourceArn": "arn:aws:sqs:eu-west-1:1:jobs", "State": "Disabled",
                    "StateTransitionReason": "USER_INITIATED", "BatchSize": 10, "LastModified": 1_795_000_000.0,
                    "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:checkout:ACTIVE",
                }]}),
            );
        }
        if path.contains("/account-settings") {
            return wire::json(
                200,
                &json!({"AccountLimit": {"ConcurrentExecutions": 1_000, "UnreservedConcurrentExecutions": 900}}),
            );
        }
        if path.contains("/provisioned-concurrency") {
            return wire::json(
                200,
                &json!({"ProvisionedConcurrencyConfigs": [{
                    "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:checkout:ACTIVE", "Status": "IN_PROGRESS",
                    "RequestedProvisionedConcurrentExecutions": 5, "AvailableProvisionedConcurrentExecutions": 2,
                }]}),
            );
        }
        wire::json(200, &json!({"ReservedConcurrentExecutions": 0}))
    });
    let Reading::EventSources(sources) = read(&wire, Topic::EventSources("checkout".into())).await
    else {
        panic!("no sources");
    };
    assert_eq!(
        (sources[0].state.exact(), sources[0].batch),
        ("Disabled", Some(10))
    );
    assert_eq!(sources[0].modified.unwrap().timestamp(), 1_795_000_000);
    let Reading::Concurrency(kept) = read(&wire, Topic::Concurrency("checkout".into())).await
    else {
        panic!("no concurrency");
    };
    assert_eq!(kept.reserved, Some(0), "none at all is not no reservation");
    let [warm] = kept.provisioned.as_slice() else {
        panic!("{kept:?}");
    };
    assert_eq!(
        (warm.qualifier.exact(), warm.requested, warm.available),
        ("ACTIVE", 5, 2)
    );
    let Reading::LambdaLimits(limits) = read(&wire, Topic::LambdaLimits).await else {
        panic!("no limits");
    };
    assert_eq!((limits.concurrent, limits.unreserved), (1_000, 900));
}

#[tokio::test]
async fn a_function_that_is_not_there_is_missing() {
    let wire = Wire::new(|_| {
        let headers = [
            ("content-type", "application/json"),
            ("x-amzn-errortype", "ResourceNotFoundException"),
        ];
        let body = r#"{"Type":"User","Message":"Function not found: arn:aws:lambda:x"}"#;
        Ok(wire::response(404, &headers, body))
    });
    let topic = Topic::Function("checkout".into());
    let problem = cloud(&wire).read(&topic, &ireland()).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Missing);
    assert!(problem.what.contains("checkout"), "{problem}");
}

#[tokio::test]
async fn a_resource_without_a_stack_has_no_owner_and_a_refusal_is_told() {
    let owner = async |answer: fn() -> Answer| {
        let wire = Wire::new(move |_| answer());
        let topic = Topic::Owner("checkout".into());
        let read = cloud(&wire).read(&topic, &ireland()).await;
        assert_eq!(
            wire.asked()[0].parameter("PhysicalResourceId"),
            Some("checkout")
        );
        read
    };
    let missing = owner(|| {
        let message = "Stack for checkout does not exist";
        Ok(wire::error(400, "ValidationError", message))
    });
    assert_eq!(missing.await, Ok(Reading::Owner(None)));
    let found = owner(|| {
        let resource = "<LogicalResourceId>Fn</LogicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType>\
             <Timestamp>2026-11-20T14:00:00Z</Timestamp><ResourceStatus>CREATE_COMPLETE</ResourceStatus>";
        wire::result(
            "DescribeStackResources",
            &format!(
                "<StackResources><member><StackId>{STACK}</StackId>{resource}</member></StackResources>"
            ),
        )
    });
    assert_eq!(found.await, Ok(Reading::Owner(Some(StackId::new(STACK)))));
    let denied = owner(|| Ok(wire::error(403, "AccessDenied", "no")));
    assert_eq!(denied.await.unwrap_err().kind, Kind::Denied);
}

#[tokio::test]
async fn an_invocation_is_sent_once_and_tells_how_it_ended() {
    let wire = Wire::new(|_| {
        let headers = [
            ("content-type", "application/json"),
            ("x-amz-executed-version", "18"),
            ("x-amz-function-error", "Unhandled"),
            ("x-amz-log-result", "RU5EIFJlcXVlc3RJZA=="),
        ];
        Ok(wire::response(200, &headers, r#"{"errorMessage":"no"}"#))
    });
    let cloud = cloud_of(&wire, Access::Operate);
    let now = crate::domain::Timestamp::default();
    let warrant = cloud.warrant(&AccountName::new("prod"), now).unwrap();
    let asked = Invocation {
        function: "checkout".into(),
        qualifier: Some("ACTIVE".into()),
        payload: r#"{"ramuda_action":"ping"}"#.to_owned(),
    };
    let invoked = cloud.invoke(&warrant, &ireland(), &asked).await;
    let invoked = invoked.unwrap();
    assert_eq!(invoked.version.unwrap().exact(), "18");
    assert_eq!(invoked.error.unwrap().exact(), "Unhandled");
    assert_eq!(invoked.payload.exact(), r#"{"errorMessage":"no"}"#);
    assert_eq!(invoked.log.exact(), "END RequestId");
    let sent = wire.asked();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (path(&sent[0]), sent[0].body.as_str()),
        (
            "/2015-03-31/functions/checkout/invocations?Qualifier=ACTIVE",
            r#"{"ramuda_action":"ping"}"#
        )
    );
}

#[tokio::test]
async fn an_invocation_that_fails_on_the_way_is_not_repeated() {
    let wire = Wire::new(|_| wire::json(500, &json!({"message": "oh"})));
    let cloud = cloud_of(&wire, Access::Operate);
    let now = crate::domain::Timestamp::default();
    let warrant = cloud.warrant(&AccountName::new("prod"), now).unwrap();
    let asked = Invocation {
        function: "checkout".into(),
        qualifier: None,
        payload: String::new(),
    };
    let invoked = cloud.invoke(&warrant, &ireland(), &asked).await;
    assert_eq!(
        (invoked.unwrap_err().kind, wire.asked().len()),
        (Kind::Server, 1)
    );
}
