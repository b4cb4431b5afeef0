//! What has to be known before something may be planned.

use super::*;
use crate::aws::{Echo, TemplateNeeds, TemplateParameter};
use crate::domain::operation::Body;
use crate::domain::{Output, Stack};

fn described() -> Answer {
    let inside = format!(
        "<Stacks><member><StackId>{STACK}</StackId><StackName>checkout</StackName>\
         <CreationTime>2026-11-01T12:00:00Z</CreationTime><LastUpdatedTime>2026-11-20T12:00:00Z</LastUpdatedTime>\
         <StackStatus>UPDATE_COMPLETE</StackStatus><RoleARN>arn:role</RoleARN>\
         <Parameters><member><ParameterKey>Image</ParameterKey><ParameterValue>2</ParameterValue></member>\
         <member><ParameterKey>Password</ParameterKey><ParameterValue>****</ParameterValue></member>\
         <member><ParameterKey>Empty</ParameterKey><ParameterValue></ParameterValue></member></Parameters>\
         <Capabilities><member>CAPABILITY_IAM</member></Capabilities>\
         <NotificationARNs><member>arn:topic</member></NotificationARNs>\
         <Tags><member><Key>team</Key><Value>web</Value></member>\
         <member><Key>aws:cloudformation:x</Key><Value>y</Value></member></Tags></member></Stacks>"
    );
    wire::result("DescribeStacks", &inside)
}

async fn found() -> Stack {
    let wire = Wire::new(|_| described());
    let stack = cloud(&wire).stack(&ireland(), "checkout").await.unwrap();
    assert_eq!(said(&wire.asked()[0]), "StackName=checkout");
    stack.unwrap()
}

#[tokio::test]
async fn only_awss_own_sentence_says_that_a_stack_does_not_exist() {
    assert_eq!(found().await.name.exact(), "checkout");
    let none = Wire::new(|_| {
        let words = "Stack with id checkout does not exist";
        Ok(wire::error(400, "ValidationError", words))
    });
    assert_eq!(cloud(&none).stack(&ireland(), "checkout").await, Ok(None));
    for (status, code) in [
        (400, "Throttling"),
        (403, "AccessDenied"),
        (400, "ValidationError"),
        (500, "InternalFailure"),
    ] {
        let wire = Wire::new(move |_| Ok(wire::error(status, code, "something else")));
        let problem = cloud(&wire)
            .stack(&ireland(), "checkout")
            .await
            .unwrap_err();
        assert!(
            problem.what.contains("checkout") || problem.kind == Kind::Denied,
            "{problem}"
        );
    }
}

#[tokio::test]
async fn a_snapshot_has_all_that_a_deploy_takes_and_no_secret() {
    let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "DescribeStacks" => described(),
        "GetTemplate" => {
            assert_eq!(asked.parameter("TemplateStage"), Some("Original"));
            wire::result("GetTemplate", "<TemplateBody>Resources: {}</TemplateBody>")
        }
        "GetStackPolicy" => wire::result("GetStackPolicy", "<StackPolicyBody>{}</StackPolicyBody>"),
        other => panic!("{other}"),
    });
    let stack = found().await;
    let taken = cloud(&wire).snapshot(&ireland(), &stack, noon()).await;
    let taken = taken.unwrap();
    let parameters: Vec<_> = taken
        .parameters
        .iter()
        .map(|it| (it.key.exact(), it.value.as_ref().map(Untrusted::exact)))
        .collect();
    assert_eq!(
        parameters,
        [
            ("Image", Some("2")),
            ("Password", None),
            ("Empty", Some(""))
        ]
    );
    assert_eq!(taken.tags, [("team".into(), "web".into())]);
    assert_eq!(taken.capabilities, ["CAPABILITY_IAM"]);
    assert_eq!(taken.notifications, texts(&["arn:topic"]));
    assert_eq!(taken.role, Some("arn:role".into()));
    assert_eq!(taken.policy.as_deref(), Some("{}"));
    assert_eq!(taken.template, "Resources: {}");
    assert_eq!(taken.taken, noon());
    assert_eq!(taken.updated, Some(at("2026-11-20T12:00:00Z")));
}

#[tokio::test]
async fn a_template_says_what_it_needs_and_a_macro_needs_one_more() {
    let wire = Wire::new(|_| {
        wire::result(
            "GetTemplateSummary",
            "<Capabilities><member>CAPABILITY_NAMED_IAM</member></Capabilities>\
             <DeclaredTransforms><member>AWS::Serverless-2016-10-31</member></DeclaredTransforms>\
             <Parameters><member><ParameterKey>Image</ParameterKey><DefaultValue>1</DefaultValue></member>\
             <member><ParameterKey>Password</ParameterKey><DefaultValue>hunter2</DefaultValue><NoEcho>true</NoEcho></member></Parameters>",
        )
    });
    let body = Body::Url("https://b/t".to_owned());
    let needs = cloud(&wire).template_needs(&ireland(), Ok(&body)).await;
    let parameter = |key: &str, default: Option<&str>, echo| TemplateParameter {
        key: key.into(),
        default: default.map(Untrusted::from),
        echo,
    };
    assert_eq!(
        needs.unwrap(),
        TemplateNeeds {
            capabilities: vec![
                "CAPABILITY_NAMED_IAM".to_owned(),
                "CAPABILITY_AUTO_EXPAND".to_owned()
            ],
            parameters: vec![
                parameter("Image", Some("1"), Echo::Shown),
                // There is one, and nobody learns it.
                parameter("Password", Some("****"), Echo::Secret),
            ],
        }
    );
    let id = stack();
    cloud(&wire)
        .template_needs(&ireland(), Err(&id))
        .await
        .unwrap();
    let asked: Vec<_> = wire.asked().iter().map(said).collect();
    assert_eq!(
        asked,
        ["TemplateURL=https://b/t", &format!("StackName={STACK}")]
    );
}

#[tokio::test]
async fn a_template_that_is_wrong_is_told_in_awss_words() {
    let wire = Wire::new(|_| {
        let words = "Template format error: JSON not well-formed. (line 12, column 7)";
        Ok(wire::error(400, "ValidationError", words))
    });
    let body = Body::Text("{".to_owned());
    let needs = cloud(&wire).template_needs(&ireland(), Ok(&body)).await;
    assert_eq!(
        needs.unwrap_err().what,
        "Could not read what the template needs in eu-west-1 of prod: \
         Template format error: JSON not well-formed. (line 12, column 7)."
    );
}

#[tokio::test]
async fn exports_that_nobody_uses_are_left_out() {
    let wire = Wire::new(|asked| match asked.parameter("ExportName").unwrap() {
        "queue" => wire::result(
            "ListImports",
            "<Imports><member>orders</member><member>billing</member></Imports>",
        ),
        name => {
            let words = format!("Export '{name}' is not imported by any stack.");
            Ok(wire::error(400, "ValidationError", &words))
        }
    });
    let output = |export: Option<&str>| Output {
        key: "K".into(),
        value: "v".into(),
        description: None,
        export: export.map(Untrusted::from),
    };
    let stack = Stack {
        outputs: vec![output(Some("table")), output(None), output(Some("queue"))],
        ..found().await
    };
    let used = cloud(&wire)
        .exports_in_use(&ireland(), &stack)
        .await
        .unwrap();
    assert_eq!(used, [("queue".into(), texts(&["orders", "billing"]))]);
    assert_eq!(wire.asked().len(), 2);
}

#[tokio::test]
async fn who_we_are_is_asked_anew_each_time() {
    let wire = Wire::new(|_| {
        wire::result(
            "GetCallerIdentity",
            "<Account>111122223333</Account><Arn>arn:aws:sts::111122223333:assumed-role/ops/ann</Arn>",
        )
    });
    let cloud = cloud(&wire);
    for count in 1..=2 {
        let identity = cloud.whoami(&AccountName::new("prod")).await.unwrap();
        assert_eq!(identity.account_id.exact(), "111122223333");
        assert_eq!(wire.asked().len(), count);
    }
}
