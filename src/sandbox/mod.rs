//! A small AWS on loopback HTTP, inside the same binary.
//!
//! The program is developed, demonstrated and tested against this: the real SDK talks to it over the real
//! wire. It imports nothing of ours, so that it cannot share our mistakes; strangers (botocore, the AWS
//! CLI) are held against it in `tests/oracles`.
//!
//! ```text
//!   bytes ─► server ─► gateway ─► wire ─► service ─► world (scenario, timeline, clock)
//!                         │                              │
//!   bytes ◄─ server ◄─ faults ◄── wire ◄── answer ◄──────┘
//! ```
//!
//! An answer may also go on (`stream.rs`): the service is asked again every second, and each piece meets the faults
//! of its moment.
//!
//! A world is a function of (seed, scenario, time): two sandboxes that are asked the same at the same
//! time answer the same. To add a service: a file under `service/`, its line in `service/mod.rs`, and,
//! for a REST service, its routes in `wire/route.rs`.

mod bucket;
mod clock;
mod credential;
mod door;
mod failure;
mod fault;
mod gateway;
mod log;
mod meter;
mod scenario;
mod server;
mod service;
mod stream;
mod template;
mod timeline;
mod value;
mod wire;
mod world;

use std::io;
use std::net::SocketAddr;

pub use clock::Clock;
pub use door::serve;
pub use fault::{Fault, FaultId, FaultKind, Place, Spells};
pub use gateway::{Body, Broken, Gateway};
pub use log::LoggedRequest;
pub use meter::Bill;
pub use scenario::{Scenario, ScenarioError, UnknownScenario};
pub use wire::Protocol;
pub use world::{FailingUpdate, LogEvent, LogLine};

use fault::Faults;
use server::Server;
use world::World;

/// What a sandbox is started with.
#[derive(Clone, Debug)]
pub struct Options {
    pub scenario: Scenario,
    pub clock: Clock,
    /// Zero for any that is free.
    pub port: u16,
}

/// A running sandbox: its address, its clock, its log, and the means to break it.
#[derive(Debug)]
pub struct Sandbox {
    gateway: Gateway,
    server: Server,
    fleet: String,
}

impl Sandbox {
    /// Builds the world as of the clock's now and listens on loopback.
    pub async fn start(options: Options) -> io::Result<Sandbox> {
        let gateway = Sandbox::without_socket(&options.scenario, &options.clock);
        Ok(Sandbox {
            server: Server::start(gateway.clone(), options.port).await?,
            gateway,
            fleet: options.scenario.fleet().to_owned(),
        })
    }

    /// The same world without a socket, for tests in which time is paused.
    pub fn without_socket(scenario: &Scenario, clock: &Clock) -> Gateway {
        let began = clock.now();
        let world = World::build(scenario, began);
        Gateway::new(
            world,
            clock.clone(),
            Faults::new(&scenario.plan().fault, began),
        )
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// What `AWS_ENDPOINT_URL` should be.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The fleet file that goes with the scenario.
    pub fn fleet(&self) -> &str {
        &self.fleet
    }

    pub fn clock(&self) -> Clock {
        self.gateway.clock().clone()
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.gateway.requests()
    }

    /// What was asked of CloudWatch, as AWS would charge for it.
    pub fn bill(&self) -> Bill {
        self.gateway.bill()
    }

    pub fn inject(&self, fault: Fault) -> FaultId {
        self.gateway.inject(fault)
    }

    pub fn heal(&self, fault: FaultId) {
        self.gateway.heal(fault);
    }

    /// Has the next update of a stack fail, as if a scenario had said so.
    pub fn fail_update(&self, failing: FailingUpdate) {
        self.gateway.fail_update(failing);
    }

    /// The way in that needs no socket.
    pub fn service(&self) -> Gateway {
        self.gateway.clone()
    }

    /// Closes every connection and waits until nothing is left.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

#[cfg(test)]
mod tests;
