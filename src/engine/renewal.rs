//! Brings an account back when its credentials ended.
//!
//! One task per account, so one refresh per identity is in flight. It sleeps until the gate is shut, then watches
//! the files that a login writes and asks STS who we are whenever one changed, when the operator asks for it, and
//! now and then besides: some credentials (a role, a process) come back without any file of ours changing.

use super::Shop;
use super::gate::Call;
use super::message::Update;
use crate::domain::store::Attempt;
use crate::domain::{AccountName, Kind, Problem, Reading, Scope, Topic};
use chrono::TimeDelta;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the files are looked at: a new login is seen within this.
const LOOK: Duration = Duration::from_secs(1);
/// How long to wait before asking although no file changed: at first, and after a night of failures. Some sources ask
/// a person back, who should not find three hundred questions in the morning.
const ASK_ANYWAY: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(300));
/// How long STS may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Runs until the engine stops.
pub(super) async fn run(shop: Shop, account: AccountName) {
    let stop = shop.stop.clone();
    let files = shop.cloud.credential_files(&account);
    let renewing = async {
        // What the files were when they were last read: a login that comes in while the gate is being shut is seen.
        let mut seen = marks(files.clone()).await;
        loop {
            match shop.gates.called(&account).await {
                Call::Shut(problem) => {
                    report(&shop, &account, Err(problem)).await;
                    renew(&shop, &account, &files, &mut seen).await;
                    shop.gates.open(&account);
                }
                Call::Doubt => verify(&shop, &account).await,
            }
        }
    };
    let _ = stop.run_until_cancelled(renewing).await;
}

/// Returns when STS has recognized us again.
async fn renew(shop: &Shop, account: &AccountName, files: &[PathBuf], seen: &mut Marks) {
    let (shortest, longest) = ASK_ANYWAY;
    let mut pause = shortest;
    loop {
        tokio::select! {
            () = changed(files, seen) => {}
            () = shop.gates.knocked(account) => {}
            () = tokio::time::sleep(pause) => {}
        }
        shop.cloud.renew(account).await;
        // Whoever issues the credentials comes first: while it fails there are none, for whatever reason it gives.
        if let Err(problem) = shop.cloud.ready(account).await {
            if problem.kind == Kind::Expired {
                report(shop, account, Err(problem)).await;
            }
            pause = (pause * 2).min(longest);
            continue;
        }
        pause = shortest;
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

/// Asks STS whether a key that one region does not know is known at all, and shuts the gate when it is not.
async fn verify(shop: &Shop, account: &AccountName) {
    let Ok(turn) = shop.gates.look(account) else {
        return;
    };
    let scope = Scope::global(account);
    let (result, _) = shop.ask(&Topic::Identity, &scope, DEADLINE).await;
    match result {
        Err(problem) if problem.kind == Kind::Expired => shop.gates.shut(account, turn, &problem),
        result => report(shop, account, result).await,
    }
    shop.gates.trust(account);
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

/// When each file was last written, and how long it was then.
type Marks = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Returns when a file is no longer as it was seen.
async fn changed(files: &[PathBuf], seen: &mut Marks) {
    loop {
        let now = marks(files.to_vec()).await;
        if now != *seen {
            *seen = now;
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Looks at each file, and each file of each directory. Disk work, so off the workers' threads.
async fn marks(paths: Vec<PathBuf>) -> Marks {
    let mark = |file: &Path| {
        let metadata = std::fs::metadata(file).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    let look = move || {
        let mut marks = Marks::new();
        for path in paths {
            let inside = std::fs::read_dir(&path)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path());
            for file in inside.chain([path.clone()]) {
                let mark = mark(&file);
                marks.push((file, mark));
            }
        }
        marks.sort();
        marks
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}
