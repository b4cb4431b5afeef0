//! What is made of a change that has no good answer: not done, taken before, or unknown; and it is never sent twice.

use super::*;
use crate::domain::Reach;
use aws_smithy_runtime_api::client::result::ConnectorError;

async fn fate(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Miscarriage {
    let wire = Wire::new(move |_| answer());
    let miscarried = carry_out(&wire, &execution(OnFailure::RollBack)).await;
    assert_eq!(wire.asked().len(), 1, "sent once, whatever came of it");
    miscarried.unwrap_err()
}

fn refusal(miscarriage: Miscarriage) -> Problem {
    match miscarriage {
        Miscarriage::Refused(problem) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refusal_with_a_code_was_not_done_and_says_why() {
    let problem = refusal(
        fate(|| {
            Ok(wire::error(
                400,
                "InvalidChangeSetStatus",
                "ChangeSet [qd-1] cannot be executed in its current status of [OBSOLETE]",
            ))
        })
        .await,
    );
    assert_eq!(problem.kind, Kind::Invalid);
    assert_eq!(
        problem.what,
        "Could not execute the change set of the stack checkout in eu-west-1 of prod: \
         ChangeSet [qd-1] cannot be executed in its current status of [OBSOLETE]."
    );
    assert_eq!(problem.request.as_deref(), Some("req-1"));

    let problem = refusal(fate(|| Ok(wire::error(403, "AccessDenied", "no"))).await);
    assert_eq!(problem.kind, Kind::Denied);
    assert!(
        problem
            .to_string()
            .contains("`cloudformation:ExecuteChangeSet`"),
        "{problem}"
    );
    for (status, code) in [(400, "Throttling"), (503, "RequestLimitExceeded")] {
        let problem = refusal(fate(move || Ok(wire::error(status, code, "Rate exceeded"))).await);
        assert_eq!(problem.kind, Kind::Throttled, "{code}");
    }
}

#[tokio::test]
async fn a_change_set_that_is_gone_is_what_does_not_exist() {
    let answer = || Ok(wire::error(404, "ChangeSetNotFound", "no"));
    let problem = refusal(fate(answer).await);
    assert_eq!(
        problem.what,
        "The change set of the stack checkout does not exist in eu-west-1 of prod."
    );
}

#[tokio::test]
async fn a_token_that_was_used_says_that_it_was_taken_before() {
    let answer = || Ok(wire::error(400, "TokenAlreadyExistsException", "used"));
    assert_eq!(fate(answer).await, Miscarriage::AlreadyTaken);
}

#[tokio::test]
async fn what_may_have_arrived_is_unknown() {
    let reset = || {
        let io = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Err(ConnectorError::io(io.into()))
    };
    let late = || Err(ConnectorError::timeout("nothing came".into()));
    let torn = || wire::xml(200, "<ExecuteChangeSetResponse><Execu");
    let page = || {
        Ok(wire::response(
            200,
            &[("content-type", "text/html")],
            "<html>",
        ))
    };
    let broken = || Ok(wire::error(500, "InternalFailure", "oh"));
    let naked = || Ok(wire::response(502, &[], ""));
    let fates = [
        fate(reset).await,
        fate(late).await,
        fate(torn).await,
        fate(page).await,
        fate(broken).await,
        fate(naked).await,
    ];
    for fate in fates {
        assert!(matches!(fate, Miscarriage::Unknown(_)), "{fate:?}");
    }
}

#[tokio::test]
async fn what_never_left_was_not_done() {
    let refused = || {
        let io = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        Err(ConnectorError::io(io.into()))
    };
    let problem = refusal(fate(refused).await);
    assert_eq!(problem.kind, Kind::Unreachable(Reach::Refused));
}

#[tokio::test]
async fn ended_credentials_are_a_refusal_and_nothing_is_sent_again() {
    let answer = || Ok(wire::error(403, "ExpiredToken", "over"));
    assert_eq!(refusal(fate(answer).await).kind, Kind::Expired);
}
