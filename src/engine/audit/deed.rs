//! The lines that a call of a run leaves in the audit: before it is sent, and when it is known what AWS said.

use super::{Audit, append, unwritten};
use crate::aws::Miscarriage;
use crate::domain::operation::{Call, OperationId};
use crate::domain::{Problem, Scope, Timestamp, Untrusted, json};
use serde_json::{Value, json};

/// A call of a run, and in whose name AWS is asked.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Deed<'a> {
    pub(in crate::engine) run: &'a OperationId,
    pub(in crate::engine) scope: &'a Scope,
    pub(in crate::engine) target: &'a Untrusted,
    pub(in crate::engine) call: &'a Call,
    /// The principal's ARN.
    pub(in crate::engine) identity: &'a Untrusted,
}

/// How far the call is.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum Stage<'a> {
    Intent,
    /// What AWS said, with the id of the request.
    Outcome(Result<Option<&'a str>, &'a Miscarriage>),
    /// The house was left before there was an answer; what was sent goes on.
    Detached,
}

impl Audit {
    /// Writes a stage down, on the disk when this returns.
    pub(in crate::engine) async fn tell(
        &self,
        at: Timestamp,
        deed: Deed<'_>,
        stage: Stage<'_>,
    ) -> Result<(), Problem> {
        let Some(file) = self.file.clone() else {
            return Err(unwritten("there is no directory to keep it in"));
        };
        let line = self.deed(at, deed, stage);
        match tokio::task::spawn_blocking(move || append(&file, &line)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(unwritten(&error.to_string())),
            Err(_) => Err(unwritten("the writer broke down")),
        }
    }

    /// Says at once that nobody waits for a call any more; what cannot be written is lost.
    pub(in crate::engine) fn detach(&self, at: Timestamp, deed: Deed<'_>) {
        let Some(file) = &self.file else { return };
        if let Err(error) = append(file, &self.deed(at, deed, Stage::Detached)) {
            tracing::warn!(%error, "the end of a call was not written down");
        }
    }

    fn deed(&self, at: Timestamp, deed: Deed<'_>, stage: Stage<'_>) -> String {
        let (phase, outcome) = match stage {
            Stage::Intent => ("intent", None),
            Stage::Outcome(Ok(_)) => ("outcome", Some("accepted")),
            Stage::Outcome(Err(Miscarriage::AlreadyTaken)) => ("outcome", Some("accepted before")),
            Stage::Outcome(Err(Miscarriage::Refused(_))) => ("outcome", Some("refused")),
            Stage::Outcome(Err(Miscarriage::Unknown(_))) => ("outcome", Some("unknown")),
            Stage::Detached => ("outcome", Some("detached")),
        };
        let (request, problem) = match stage {
            Stage::Outcome(Ok(request)) => (request, None),
            Stage::Outcome(Err(Miscarriage::Refused(why) | Miscarriage::Unknown(why))) => {
                (why.request.as_deref(), Some(why.what.as_str()))
            }
            Stage::Outcome(Err(Miscarriage::AlreadyTaken)) | Stage::Intent | Stage::Detached => {
                (None, None)
            }
        };
        let line: Value = json!({
            "at": at.to_rfc3339(),
            "who": &*self.who,
            "identity": deed.identity.safe(),
            "account": deed.scope.account.as_str(),
            "region": deed.scope.region().map(crate::domain::Region::as_str),
            "call": deed.call.action(),
            "target": deed.target.safe(),
            "does": deed.call.words(),
            "operation": deed.run.as_str(),
            "token": deed.call.token().map(crate::domain::operation::Token::as_str),
            "phase": phase,
            "outcome": outcome,
            "problem": problem,
            "request": request,
        });
        format!("{}\n", json::text(&line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Kind, Region};

    #[tokio::test]
    async fn a_call_leaves_a_line_before_it_and_one_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.jsonl");
        let audit = Audit::at(file.clone(), "ann");
        let scope = Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"));
        let call = Call::SetStackPolicy {
            stack: crate::domain::StackId::new("arn:aws:cloudformation:eu-west-1:1:stack/top/1"),
            policy: "{}".to_owned(),
        };
        let (id, target) = (
            OperationId::new("20261128t221530z-deploy-7f3a"),
            "stack/top".into(),
        );
        let identity = "arn:aws:iam::1:user/ann\u{1b}".into();
        let deed = Deed {
            run: &id,
            scope: &scope,
            target: &target,
            call: &call,
            identity: &identity,
        };
        let lost = Miscarriage::Unknown(Problem::new(Kind::Server, "Nothing came back."));
        for stage in [
            Stage::Intent,
            Stage::Outcome(Ok(Some("r-1"))),
            Stage::Outcome(Err(&lost)),
        ] {
            audit.tell(Timestamp::default(), deed, stage).await.unwrap();
        }
        audit.detach(Timestamp::default(), deed);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains('\u{1b}'));
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["call"], "cloudformation:SetStackPolicy");
        assert_eq!(lines[0]["phase"], "intent");
        assert_eq!(lines[1]["request"], "r-1");
        let outcomes: Vec<_> = lines
            .iter()
            .filter_map(|it| it["outcome"].as_str())
            .collect();
        assert_eq!(outcomes, ["accepted", "unknown", "detached"]);
        assert_eq!(lines[2]["problem"], "Nothing came back.");
    }

    #[tokio::test]
    async fn without_an_audit_nothing_may_be_sent() {
        let scope = Scope::global(&AccountName::new("prod"));
        let call = Call::SetDial {
            group: crate::domain::AcceleratorArn::new("arn"),
            before: 100.0,
            after: 0.0,
        };
        let (id, text) = (OperationId::new("x"), "dial".into());
        let deed = Deed {
            run: &id,
            scope: &scope,
            target: &text,
            call: &call,
            identity: &text,
        };
        let nowhere = Audit::nowhere();
        let told = nowhere.tell(Timestamp::default(), deed, Stage::Intent);
        assert!(told.await.unwrap_err().what.contains("nothing was sent"));
    }
}
