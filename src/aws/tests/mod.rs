//! The whole room against canned answers: through the real SDK, up to the byte, without a socket.

mod accelerator;
mod alarms;
mod balancers;
mod cbor;
mod events;
mod failures;
mod functions;
mod live;
mod metrics;
mod network;
mod operate;
mod paging;
mod parameters;
mod query;
mod wall;
mod wallet;
mod wire;

use super::*;
use crate::domain::fleet::{Access, Guard, RegionChoice};
use crate::domain::{Account as Plan, Credentials, StackId};
use wire::Wire;

const STACK: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/checkout/1";

fn plan(access: Access) -> Plan {
    Plan {
        name: AccountName::new("prod"),
        colour: None,
        guard: Guard::default(),
        access,
        regions: RegionChoice::Listed(vec![Region::new("eu-west-1")]),
        home: Region::new("eu-west-1"),
        credentials: Credentials::Sandbox {
            access_key: "AKIASANDBOX".to_owned(),
        },
    }
}

fn cloud(wire: &Wire) -> Cloud {
    cloud_of(wire, Access::ReadOnly)
}

fn cloud_of(wire: &Wire, access: Access) -> Cloud {
    let fleet = Fleet {
        accounts: vec![plan(access)],
        ..Fleet::default()
    };
    let link = Link {
        endpoint: Some("http://sandbox.test:1".to_owned()),
        http: Some(wire.client()),
    };
    Cloud::new(&fleet, link)
}

fn ireland() -> Scope {
    Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
}

fn events() -> Topic {
    Topic::Events(StackId::new(STACK))
}

#[test]
fn a_question_can_be_asked_from_any_task() {
    fn is_sendable<T: Send>(_: &T) {}
    fn is_shareable<T: Send + Sync>(_: &T) {}
    let cloud = cloud(&Wire::new(|_| wire::xml(200, "")));
    is_shareable(&cloud);
    is_sendable(&cloud.read(&Topic::Stacks, &ireland()));
    is_sendable(&cloud.ready(&AccountName::new("prod")));
    is_sendable(&cloud.reconnect());
    is_sendable(&cloud.renew(&AccountName::new("prod")));
}

#[tokio::test]
async fn being_ready_takes_no_request() {
    let wire = Wire::new(|_| wire::xml(200, ""));
    let cloud = cloud(&wire);
    cloud.ready(&AccountName::new("prod")).await.unwrap();
    assert_eq!(wire.asked().len(), 0);
    let nobody = cloud.ready(&AccountName::new("nobody")).await;
    assert_eq!(nobody.unwrap_err().kind, Kind::Bug);
}

#[tokio::test]
async fn an_unknown_account_is_our_own_mistake() {
    let cloud = cloud(&Wire::new(|_| wire::xml(200, "")));
    let scope = Scope::global(&AccountName::new("nobody"));
    let problem = cloud.read(&Topic::Identity, &scope).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Bug);
}
