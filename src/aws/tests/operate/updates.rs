//! The calls that change a stack.

use super::*;
use crate::domain::operation::{Body, Setting};

async fn sent(call: &Call) -> (String, String) {
    let wire = Wire::new(|asked| {
        let action = asked.parameter("Action").unwrap();
        let answer = wire::result(action, "")?;
        let body = String::from_utf8_lossy(answer.body().bytes().unwrap()).into_owned();
        let headers = [("content-type", "text/xml"), ("x-amzn-requestid", "req-7")];
        Ok(wire::response(200, &headers, &body))
    });
    let request = carry_out(&wire, call).await.unwrap();
    assert_eq!(request.as_deref(), Some("req-7"));
    let asked = wire.asked();
    assert_eq!(asked.len(), 1, "one request and no other");
    (wire.actions().remove(0), said(&asked[0]))
}

#[tokio::test]
async fn a_change_set_is_executed_by_its_arn_and_a_failure_is_always_spoken_of() {
    for (failing, disabled) in [(OnFailure::RollBack, "false"), (OnFailure::Stay, "true")] {
        assert_eq!(
            sent(&execution(failing)).await,
            (
                "ExecuteChangeSet".to_owned(),
                format!(
                    "ChangeSetName={CHANGE_SET}&ClientRequestToken=qd-1-0-0-0&DisableRollback={disabled}"
                )
            )
        );
    }
}

#[tokio::test]
async fn an_update_past_the_policy_says_everything_and_lends_the_policy_once() {
    let call = Call::UpdateStack {
        stack: stack(),
        template: Body::Url("https://b.s3.amazonaws.com/t?versionId=v".to_owned()),
        parameters: vec![
            Setting {
                key: "Image".into(),
                value: Some("2".into()),
            },
            Setting {
                key: "Password".into(),
                value: None,
            },
        ],
        tags: vec![("team".into(), "web & shop".into())],
        capabilities: vec!["CAPABILITY_IAM".to_owned()],
        role: Some("arn:aws:iam::111122223333:role/deploy".into()),
        policy: r#"{"Statement":[]}"#.to_owned(),
        token: token(),
        seen: seen(),
    };
    let (action, said) = sent(&call).await;
    assert_eq!(action, "UpdateStack");
    assert_eq!(
        said,
        format!(
            "StackName={STACK}&TemplateURL=https://b.s3.amazonaws.com/t?versionId=v\
             &StackPolicyDuringUpdateBody={{\"Statement\":[]}}\
             &Parameters.member.1.ParameterKey=Image&Parameters.member.1.ParameterValue=2\
             &Parameters.member.2.ParameterKey=Password&Parameters.member.2.UsePreviousValue=true\
             &Capabilities.member.1=CAPABILITY_IAM&RoleARN=arn:aws:iam::111122223333:role/deploy\
             &Tags.member.1.Key=team&Tags.member.1.Value=web & shop\
             &DisableRollback=false&ClientRequestToken=qd-1-0-0-0"
        )
    );
}

#[tokio::test]
async fn what_brings_a_stack_back_is_sent_under_its_token() {
    let skip = texts(&["Nested.Queue", "Table"]);
    let resume = |skip| Call::ContinueUpdateRollback {
        stack: stack(),
        skip,
        token: token(),
        seen: seen(),
    };
    let ours = "ClientRequestToken=qd-1-0-0-0";
    for (call, action, expected) in [
        (
            Call::CancelUpdateStack {
                stack: stack(),
                token: token(),
                seen: None,
            },
            "CancelUpdateStack",
            format!("StackName={STACK}&{ours}"),
        ),
        (
            Call::RollbackStack {
                stack: stack(),
                token: token(),
                seen: seen(),
            },
            "RollbackStack",
            format!("StackName={STACK}&{ours}"),
        ),
        (
            resume(Vec::new()),
            "ContinueUpdateRollback",
            format!("StackName={STACK}&{ours}"),
        ),
        (
            resume(skip),
            "ContinueUpdateRollback",
            format!(
                "StackName={STACK}&ResourcesToSkip.member.1=Nested.Queue&ResourcesToSkip.member.2=Table&{ours}"
            ),
        ),
        (
            Call::SetStackPolicy {
                stack: stack(),
                policy: "{}".to_owned(),
            },
            "SetStackPolicy",
            format!("StackName={STACK}&StackPolicyBody={{}}"),
        ),
    ] {
        assert_eq!(sent(&call).await, (action.to_owned(), expected));
    }
}
