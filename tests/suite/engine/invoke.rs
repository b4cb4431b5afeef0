//! Calling a function: written down first, sent once, and not at all where the account is read-only.

use crate::support::world::{PROD, PROD_ID, World, account, fleet, scope};
use quarterdeck::domain::fleet::Access;
use quarterdeck::domain::{Invocation, Invoked, Kind, Problem};
use quarterdeck::engine::Books;
use quarterdeck::engine::audit::Audit;
use quarterdeck::engine::message::{InvocationId, Request, Update};
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

const ID: InvocationId = InvocationId(7);

fn world(access: Access, audit: Audit) -> World {
    let mut account = account(PROD, PROD_ID, &["eu-west-1"]);
    account.access = access;
    World::audited(
        &Scenario::named("demo").unwrap(),
        fleet(vec![account]),
        Books {
            audit,
            ..Books::nowhere()
        },
    )
}

fn ping() -> Invocation {
    Invocation {
        function: "orders-api-Function".into(),
        qualifier: None,
        payload: r#"{"ramuda_action":"ping"}"#.to_owned(),
    }
}

async fn invoke(world: &mut World, asked: Invocation) -> Result<Invoked, Problem> {
    let request = Request::Invoke(ID, scope(PROD, "eu-west-1"), asked);
    world.engine.submit(request).await;
    let until = Instant::now() + Duration::from_mins(20);
    while let Some(update) = world.next(until).await {
        if let Update::Invoked(ID, _, result, _) = update {
            return result;
        }
    }
    panic!("nothing came back");
}

fn calls(world: &World) -> usize {
    let requests = world.gateway.requests();
    requests
        .iter()
        .filter(|it| it.operation == "Invoke")
        .count()
}

fn phases(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let phase = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
        format!("{} {}", word("phase"), word("outcome"))
    };
    text.lines().map(phase).collect()
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_with_the_end_of_the_log_and_leaves_two_lines_behind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    let mut world = world(Access::Operate, Audit::at(file.clone(), "ann"));
    let invoked = invoke(&mut world, ping()).await.unwrap();
    assert!(invoked.payload.exact().contains("alive"), "{invoked:?}");
    assert!(
        invoked.log.exact().contains("REPORT RequestId"),
        "{invoked:?}"
    );
    assert_eq!(invoked.error, None);
    assert_eq!(calls(&world), 1);
    assert_eq!(phases(&file), ["intent -", "outcome succeeded"]);
}

#[tokio::test(start_paused = true)]
async fn without_an_audit_nothing_leaves() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for audit in [
        Audit::nowhere(),
        Audit::at(file.path().join("audit.jsonl"), "ann"),
    ] {
        let mut world = world(Access::Operate, audit);
        let problem = invoke(&mut world, ping()).await.unwrap_err();
        assert!(problem.what.contains("nothing was sent"), "{problem}");
        assert_eq!(calls(&world), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_only_account_is_not_called() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    let mut world = world(Access::ReadOnly, Audit::at(file.clone(), "ann"));
    let problem = invoke(&mut world, ping()).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Denied);
    assert!(problem.what.contains("read-only"), "{problem}");
    assert_eq!(calls(&world), 0);
    assert!(
        !file.exists(),
        "what may not be done is not intended either"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_answer_got_lost_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    for kind in [FaultKind::Reset, FaultKind::ServerError { status: 503 }] {
        let mut world = world(Access::Operate, Audit::at(file.clone(), "ann"));
        let place = Place::region("eu-west-1").service("lambda");
        world.gateway.inject(Fault::new(place, kind));
        invoke(&mut world, ping()).await.unwrap_err();
        assert_eq!(calls(&world), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_that_does_not_exist_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::at(folder.path().join("audit.jsonl"), "ann");
    let mut world = world(Access::Operate, audit);
    let asked = Invocation {
        function: "nobody".into(),
        qualifier: Some("ACTIVE".into()),
        ..ping()
    };
    let problem = invoke(&mut world, asked).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Missing);
    assert!(problem.what.contains("nobody:ACTIVE"), "{problem}");
}
