//! The adapters: SDK shapes in, nouns of [`domain`](crate::domain) out, and nothing else.
//!
//! This is the only room that names an AWS crate. [`Cloud`] is its one door: a question ([`Topic`]) and a place
//! ([`Scope`]) go in, a [`Reading`] or a [`Problem`] in an operator's words comes out. It decides nothing about
//! when to ask, how often, or what to do about a failure; that is the engine's.

mod account;
mod ca_bundle;
mod change_sets;
mod drift;
mod endpoint;
mod events;
mod http;
mod identity;
mod link;
mod page;
mod problem;
mod profile;
mod raw;
mod regions;
mod resources;
mod session;
mod shape;
mod source;
mod stacks;
mod template;
mod wall;
mod wallet;
mod whole;

pub use link::Link;

use crate::domain::{AccountName, Fleet, Kind, Problem, Reading, Scope, Topic};
use std::path::PathBuf;

/// The fleet's accounts, reachable.
///
/// Share it as an `Arc`: every method takes `&self`, may be called from many tasks at once, and a slow account
/// never holds up another one.
#[derive(Debug)]
pub struct Cloud {
    fleet: Fleet,
    link: Link,
}

impl Cloud {
    /// Cheap and without I/O: files, sockets and credentials are touched by the first question about an account.
    pub fn new(fleet: &Fleet, link: Link) -> Self {
        Self {
            fleet: fleet.clone(),
            link,
        }
    }

    /// Asks AWS once.
    pub async fn read(&self, topic: &Topic, scope: &Scope) -> Result<Reading, Problem> {
        let _ = (&self.fleet, &self.link);
        Err(Problem::new(
            Kind::Bug,
            format!("{} of {scope} cannot be read yet.", topic.noun()),
        ))
    }

    /// Forgets an account's credentials and everything made with them, so that the next question sees new ones.
    pub async fn renew(&self, account: &AccountName) {
        let _ = account;
    }

    /// The files and directories whose change means that an account may have new credentials.
    pub fn credential_files(&self, account: &AccountName) -> Vec<PathBuf> {
        let _ = account;
        Vec::new()
    }

    /// What an operator has to do to give an account new credentials, as one imperative sentence with the exact
    /// command in backticks where there is one: "Run `aws sso login --profile prod`."
    pub fn renewal(&self, account: &AccountName) -> String {
        format!("Renew the credentials of {account}.")
    }
}
