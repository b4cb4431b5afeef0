//! Brings an account back when its credentials ended.
//!
//! One task per account, so one refresh per identity is in flight. It sleeps until the gate is shut, then watches
//! the files that a login writes and asks STS who we are whenever one changed, and now and then besides: some
//! credentials (a role, a process) come back without any file of ours changing.

use super::Shop;
use super::message::Update;
use crate::domain::store::Attempt;
use crate::domain::{AccountName, Kind, Problem, Reading, Scope, Topic};
use chrono::TimeDelta;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How often the files are looked at: a new login is seen within this.
const LOOK: Duration = Duration::from_secs(1);
/// How long to wait before asking although no file changed.
const ASK_ANYWAY: Duration = Duration::from_secs(30);
/// How long STS may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Runs until the engine stops.
pub(super) async fn run(shop: Shop, account: AccountName) {
    let stop = shop.stop.clone();
    let renewing = async {
        loop {
            let problem = shop.gates.shut_by(&account).await;
            report(&shop, &account, Err(problem)).await;
            renew(&shop, &account).await;
            shop.gates.open(&account);
        }
    };
    let _ = stop.run_until_cancelled(renewing).await;
}

/// Returns when STS has recognized us again.
async fn renew(shop: &Shop, account: &AccountName) {
    let files = shop.cloud.credential_files(account);
    let mut seen = marks(files.clone()).await;
    loop {
        let asked = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let now = marks(files.clone()).await;
            if now != seen {
                seen = now;
                break;
            }
            if asked.elapsed() >= ASK_ANYWAY {
                break;
            }
        }
        shop.cloud.renew(account).await;
        let scope = Scope::global(account);
        let (result, _) = shop.ask(&Topic::Identity, &scope, DEADLINE).await;
        // Anything but "still no credentials" means that asking is possible again; pollers say what else is wrong.
        let is_back = !matches!(&result, Err(problem) if problem.kind == Kind::Expired);
        report(shop, account, result).await;
        if is_back {
            return;
        }
    }
}

async fn report(shop: &Shop, account: &AccountName, result: Result<Reading, Problem>) {
    let attempt = Attempt {
        topic: Topic::Identity,
        scope: Scope::global(account),
        at: shop.clock.now(),
        took: TimeDelta::zero(),
        result,
        retry: None,
    };
    let _ = shop.updates.send(Update::Attempt(attempt)).await;
}

/// When each file, and each file of each directory, was last written. Disk work, so off the workers' threads.
async fn marks(paths: Vec<PathBuf>) -> Vec<(PathBuf, Option<SystemTime>)> {
    let look = move || {
        let mut marks = Vec::new();
        for path in paths {
            let inside = std::fs::read_dir(&path)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path());
            for file in inside.chain([path.clone()]) {
                let written = std::fs::metadata(&file)
                    .and_then(|metadata| metadata.modified())
                    .ok();
                marks.push((file, written));
            }
        }
        marks.sort();
        marks
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}
