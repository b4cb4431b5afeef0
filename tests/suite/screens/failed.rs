//! The detail of the stack that failed, page by page.

use super::demo;
use super::house::{House, id, noon, scope, stack};
use chrono::TimeDelta;
use quarterdeck::domain::event::STACK_TYPE;
use quarterdeck::domain::{
    Change, ChangeSet, Difference, DriftStatus, Output, Parameter, Reading, ResourceDrift, Stack,
    StackEvent, StackId, StackResource, Template, Topic, Untrusted,
};

const REASON: &str = "Resource handler returned message: \"'MemorySize' value failed to satisfy constraint: Member must have value less \
    than or equal to 3008 (Service: Lambda, Status Code: 400, Request ID: 4f1c1c1e-9a1b-4c52-8a39-0f2a4b8f7d11)\" (RequestToken: \
    8a2c7a5e-1f6e-1d2b-9f1e-2f1a6c0e9c7a, HandlerErrorCode: InvalidRequest)";

fn text(words: &str) -> Untrusted {
    Untrusted::new(words)
}

struct Happened<'a> {
    ago: i64,
    stack: &'a StackId,
    logical: &'a str,
    kind: &'a str,
    physical: &'a str,
    status: &'a str,
    reason: &'a str,
}

impl Happened<'_> {
    fn event(&self) -> StackEvent {
        StackEvent {
            id: text(&format!("{}-{}-{}", self.logical, self.status, self.ago)),
            stack: self.stack.clone(),
            stack_name: text(self.stack.name()),
            logical: text(self.logical),
            physical: Some(text(self.physical)),
            resource_type: text(self.kind),
            status: text(self.status),
            reason: (!self.reason.is_empty()).then(|| text(self.reason)),
            at: noon() - TimeDelta::seconds(self.ago),
            token: None,
        }
    }
}

/// An update that failed in a nested stack and could not be undone.
fn events() -> Vec<StackEvent> {
    let (top, web) = (id("checkout-api"), id("checkout-api-web"));
    let (function, own) = ("AWS::Lambda::Function", STACK_TYPE);
    let rows = [
        (
            112,
            &top,
            "checkout-api",
            own,
            top.exact(),
            "UPDATE_ROLLBACK_FAILED",
            "The following resource(s) failed to update: [Web].",
        ),
        (
            115,
            &top,
            "Web",
            own,
            web.exact(),
            "UPDATE_FAILED",
            "Embedded stack was not successfully rolled back.",
        ),
        (
            118,
            &web,
            "Alias",
            "AWS::Lambda::Alias",
            "live",
            "UPDATE_FAILED",
            "Resource update cancelled",
        ),
        (
            130,
            &top,
            "checkout-api",
            own,
            top.exact(),
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to update: [Web].",
        ),
        (
            131,
            &top,
            "Web",
            own,
            web.exact(),
            "UPDATE_FAILED",
            "Embedded stack was not successfully updated.",
        ),
        (
            134,
            &web,
            "CheckoutFn",
            function,
            "checkout-fn",
            "UPDATE_FAILED",
            REASON,
        ),
        (
            136,
            &web,
            "CheckoutFn",
            function,
            "checkout-fn",
            "UPDATE_IN_PROGRESS",
            "",
        ),
        (
            139,
            &web,
            "Table",
            "AWS::DynamoDB::Table",
            "checkout-table",
            "UPDATE_COMPLETE",
            "",
        ),
        (150, &top, "Web", own, web.exact(), "UPDATE_IN_PROGRESS", ""),
        (
            155,
            &top,
            "checkout-api",
            own,
            top.exact(),
            "UPDATE_IN_PROGRESS",
            "User Initiated",
        ),
    ];
    rows.into_iter()
        .map(|(ago, stack, logical, kind, physical, status, reason)| {
            Happened {
                ago,
                stack,
                logical,
                kind,
                physical,
                status,
                reason,
            }
            .event()
        })
        .collect()
}

fn resources() -> Vec<StackResource> {
    let rows = [
        (
            "CheckoutFn",
            "AWS::Lambda::Function",
            "checkout-fn",
            "UPDATE_FAILED",
            REASON,
            DriftStatus::Drifted,
        ),
        (
            "Queue",
            "AWS::SQS::Queue",
            "https://sqs.eu-west-1.amazonaws.com/123456789012/checkout-queue",
            "UPDATE_COMPLETE",
            "",
            DriftStatus::InSync,
        ),
        (
            "Table",
            "AWS::DynamoDB::Table",
            "checkout-table",
            "UPDATE_COMPLETE",
            "",
            DriftStatus::InSync,
        ),
        (
            "Web",
            STACK_TYPE,
            "arn:aws:cloudformation:eu-west-1:123456789012:stack/checkout-api-web/1f3a",
            "UPDATE_FAILED",
            "",
            DriftStatus::NotChecked,
        ),
    ];
    let resource = |(logical, kind, physical, status, reason, drift): (
        &str,
        &str,
        &str,
        &str,
        &str,
        DriftStatus,
    )| StackResource {
        logical: text(logical),
        physical: Some(text(physical)),
        resource_type: text(kind),
        status: text(status),
        reason: (!reason.is_empty()).then(|| text(reason)),
        updated: noon() - TimeDelta::seconds(134),
        drift,
    };
    rows.into_iter().map(resource).collect()
}

fn change_sets() -> Vec<ChangeSet> {
    let rows = [
        (
            "Modify",
            "CheckoutFn",
            "AWS::Lambda::Function",
            Some("False"),
            "Properties",
        ),
        (
            "Modify",
            "OrdersDb",
            "AWS::RDS::DBInstance",
            Some("True"),
            "Properties",
        ),
        ("Remove", "OldQueue", "AWS::SQS::Queue", None, ""),
        ("Add", "NewQueue", "AWS::SQS::Queue", None, ""),
    ];
    let change =
        |(action, logical, kind, replacement, scope): (&str, &str, &str, Option<&str>, &str)| {
            Change {
                action: text(action),
                logical: text(logical),
                physical: None,
                resource_type: text(kind),
                replacement: replacement.map(text),
                scope: if scope.is_empty() {
                    Vec::new()
                } else {
                    vec![text(scope)]
                },
            }
        };
    vec![ChangeSet {
        id: text("arn:aws:cloudformation:eu-west-1:123456789012:changeSet/release-v420/1"),
        name: text("release-v420"),
        status: text("CREATE_COMPLETE"),
        execution: text("AVAILABLE"),
        reason: None,
        description: Some(text("from the pipeline")),
        created: noon() - TimeDelta::hours(2),
        changes: rows.into_iter().map(change).collect(),
    }]
}

fn drift() -> Vec<ResourceDrift> {
    vec![ResourceDrift {
        logical: text("CheckoutFn"),
        physical: Some(text("checkout-fn")),
        resource_type: text("AWS::Lambda::Function"),
        status: DriftStatus::Drifted,
        differences: vec![
            Difference {
                path: text("/MemorySize"),
                expected: text("512"),
                actual: text("1024"),
            },
            Difference {
                path: text("/Environment/Variables/LOG_LEVEL"),
                expected: text("info"),
                actual: text("debug"),
            },
        ],
        checked: noon() - TimeDelta::hours(5),
    }]
}

const TEMPLATE: &str = "# checkout, all of it\nAWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Version:\n    Type: String\nResources:\n  \
    CheckoutFn:\n    Type: AWS::Lambda::Function\n    Properties:\n      MemorySize: 4096\n\t\x1b[31mnot red\n";

/// The stack itself, with everything that its own pages show.
fn whole(mut api: Stack) -> Stack {
    api.outputs = vec![
        Output {
            key: text("Endpoint"),
            value: text("https://checkout.example.com/prod"),
            description: Some(text("Where the shop sends its baskets")),
            export: Some(text("checkout-endpoint")),
        },
        Output {
            key: text("QueueArn"),
            value: text("arn:aws:sqs:eu-west-1:123456789012:checkout-queue"),
            description: None,
            export: None,
        },
    ];
    api.parameters = vec![
        Parameter {
            key: text("Version"),
            value: text("v419"),
            resolved: None,
        },
        Parameter {
            key: text("ImageId"),
            value: text("/aws/service/ami-amazon-linux-latest"),
            resolved: Some(text("ami-0abcdef1234567890")),
        },
    ];
    api
}

/// A house in which everything about the failed stack is known, with its detail open.
pub(super) fn opened() -> House {
    let mut house = demo::one_account();
    let mut api = whole(stack("checkout-api", "UPDATE_ROLLBACK_FAILED", "v419", 112));
    api.reason = Some(text("The following resource(s) failed to update: [Web]."));
    let others = ["billing-api", "catalogue", "orders-db"]
        .map(|name| stack(name, "UPDATE_COMPLETE", "v17", 90_000));
    house.stacks(
        "prod",
        "eu-west-1",
        2,
        [vec![api], others.to_vec()].concat(),
    );
    house.press("2 g g n enter");
    tell(&mut house);
    house
}

/// Tells all that there is to know of the stack's pages.
pub(super) fn tell(house: &mut House) {
    let (here, id) = (scope("prod", "eu-west-1"), id("checkout-api"));
    for (topic, reading) in [
        (Topic::Events(id.clone()), Reading::Events(events())),
        (
            Topic::Resources(id.clone()),
            Reading::Resources(resources()),
        ),
        (
            Topic::Template(id.clone()),
            Reading::Template(Template::new(TEMPLATE)),
        ),
        (
            Topic::ChangeSets(id.clone()),
            Reading::ChangeSets(change_sets()),
        ),
        (Topic::Drift(id.clone()), Reading::Drift(drift())),
    ] {
        house.hear(&here, topic, 3, Ok(reading));
    }
}
