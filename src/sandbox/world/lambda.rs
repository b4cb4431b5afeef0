//! What clients can change about functions, and what was deployed past the stacks: versions, aliases and
//! reserved concurrency, each with its past, because metrics and logs are asked about the past too.
//!
//! `ACTIVE` carries a function's traffic. Where it points to a version that is bad, calls fail from that
//! moment, and stop failing when somebody points it back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use super::World;
use super::ailment::Ailment;
use super::function::{self, Function};
use super::random::Dice;
use super::stack::Stack;
use crate::sandbox::wire::base64;

/// The alias that callers use.
pub(in crate::sandbox) const ACTIVE: &str = "ACTIVE";

/// A version that was put to work past its stack, and is bad.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Release {
    /// The function's name.
    pub(in crate::sandbox) function: String,
    pub(in crate::sandbox) version: i64,
    pub(in crate::sandbox) description: String,
    /// Since when, and how bad.
    pub(in crate::sandbox) ailment: Ailment,
}

/// Where an alias points, from some time on.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Pointing {
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) since: i64,
    pub(in crate::sandbox) version: String,
    /// Another version, and its share of the calls.
    pub(in crate::sandbox) beside: Option<(String, f64)>,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) revision: String,
}

/// A published version.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Version {
    pub(in crate::sandbox) number: i64,
    pub(in crate::sandbox) published: DateTime<Utc>,
    pub(in crate::sandbox) description: String,
}

/// One function of one account and region, beyond what its stack says.
#[derive(Debug)]
pub(in crate::sandbox) struct Lambda {
    seed: u64,
    release: Option<Release>,
    /// Of its stack.
    ailment: Option<Ailment>,
    /// When its stack is deployed anew and well, in milliseconds since the epoch; [`i64::MAX`] if it is not.
    mended: AtomicI64,
    changes: Mutex<Changes>,
}

#[derive(Debug, Default)]
struct Changes {
    published: Vec<Version>,
    /// By alias, in order of time.
    pointings: Vec<(String, Pointing)>,
    /// In order of time.
    reserved: Vec<(i64, Option<i64>)>,
    /// Set or taken away, past the stack.
    tags: BTreeMap<String, Option<String>>,
}

impl Changes {
    fn of(logical: &str) -> Changes {
        Changes {
            // Workers are held back, so that they leave the database some connections.
            reserved: (logical == "WorkerFunction")
                .then_some((0, Some(50)))
                .into_iter()
                .collect(),
            ..Changes::default()
        }
    }
}

/// A version's part in a function's calls.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Route {
    pub(in crate::sandbox) version: String,
    pub(in crate::sandbox) weight: f64,
    pub(in crate::sandbox) ailment: Option<Ailment>,
}

impl World {
    pub(in crate::sandbox) fn lambda(
        &self,
        account: &str,
        region: &str,
        function: &Function<'_>,
    ) -> Arc<Lambda> {
        let name = &function.resource.physical;
        let key = [account, region, name].map(str::to_owned);
        let mut lambdas = self.lambdas.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lambdas.entry(key).or_insert_with(|| {
            let estate = self.estate(account, region).ok();
            let mut releases = estate.iter().flat_map(|estate| &estate.releases);
            let release = releases.find(|release| release.function == *name).cloned();
            Arc::new(Lambda {
                seed: Dice::named(self.seed, &format!("{account}/{region}/{name}/lambda")).roll(),
                // What was deployed past the stack is not what the stack left there.
                ailment: Ailment::of(function.stack, &function.resource.logical)
                    .filter(|_| release.is_none()),
                mended: AtomicI64::new(i64::MAX),
                release,
                changes: Mutex::new(Changes::of(&function.resource.logical)),
            })
        });
        Arc::clone(known)
    }
}

impl World {
    /// What a failed update left behind ends where clients have deployed the stack since.
    pub(super) fn mend(&self, stack: &Stack, (account, region): (&str, &str)) {
        let Ok(estate) = self.estate(account, region) else {
            return;
        };
        let tree = function::functions(self.seed, &estate.stacks).filter(|function| {
            function.stack.id == stack.id || function.stack.root.as_ref() == Some(&stack.id)
        });
        for function in tree {
            let mended = function.stack.mended();
            let at = mended.map_or(i64::MAX, |at| at.timestamp_millis());
            let lambda = self.lambda(account, region, &function);
            lambda.mended.store(at, Ordering::Relaxed);
        }
    }
}

impl Lambda {
    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The share of the calls that fail, where it is not the ordinary one.
    pub(in crate::sandbox) fn failing(&self, at: i64) -> Option<f64> {
        if self.release.is_none() && self.ailment.is_none() {
            return None;
        }
        let routes = self.routes(at);
        let shares = routes.iter().map(|route| {
            let ailment = route.ailment?;
            Some(ailment.share * route.weight)
        });
        shares.flatten().reduce(|sum, share| sum + share)
    }

    /// Who answers calls at a time: the stack's version (an empty name) unless something else was
    /// pointed to.
    pub(in crate::sandbox) fn routes(&self, at: i64) -> Vec<Route> {
        let of = |version: &str, weight: f64| Route {
            ailment: self.ailment_of(version, at),
            version: version.to_owned(),
            weight,
        };
        match self.pointed(ACTIVE, at) {
            None => vec![of("", 1.0)],
            Some(pointing) => match &pointing.beside {
                None => vec![of(&pointing.version, 1.0)],
                Some((version, weight)) => {
                    vec![of(&pointing.version, 1.0 - weight), of(version, *weight)]
                }
            },
        }
    }

    /// What is wrong with a version.
    pub(in crate::sandbox) fn ailment_of(&self, version: &str, at: i64) -> Option<Ailment> {
        match &self.release {
            Some(release) if release.version.to_string() == version => Some(release.ailment),
            Some(_) | None => {
                let lasts = ..self.mended.load(Ordering::Relaxed);
                let ailment = self.ailment.filter(|ailment| ailment.since <= at);
                ailment.filter(|_| lasts.contains(&at))
            }
        }
    }

    /// What `$LATEST` is called when it is published: it is one ahead of what is deployed.
    pub(in crate::sandbox) fn latest(&self, base: Option<i64>, now: DateTime<Utc>) -> i64 {
        let release = self.release.as_ref();
        let release = release.filter(|release| release.ailment.since <= now.timestamp_millis());
        let released = release.map_or(0, |release| release.version);
        base.unwrap_or(0).max(released) + 1
    }

    /// The times from which on other versions answer.
    pub(in crate::sandbox) fn turns(&self) -> Vec<i64> {
        let changes = self.changes();
        let moved = changes.pointings.iter().map(|(_, pointing)| pointing.since);
        let ill = self.ailment.iter().map(|ailment| ailment.since);
        let released = self.release.iter().map(|release| release.ailment.since);
        let mended = Some(self.mended.load(Ordering::Relaxed)).filter(|at| *at < i64::MAX);
        released.chain(ill).chain(mended).chain(moved).collect()
    }

    /// Where the alias was pointed, by a client or past the stack.
    fn pointed(&self, alias: &str, at: i64) -> Option<Pointing> {
        let changes = self.changes();
        let by_client = changes
            .pointings
            .iter()
            .rfind(|(name, pointing)| name == alias && pointing.since <= at);
        if let Some((_, pointing)) = by_client {
            return Some(pointing.clone());
        }
        let release = self.release.as_ref();
        release
            .filter(|release| alias == ACTIVE && release.ailment.since <= at)
            .map(|release| Pointing {
                since: release.ailment.since,
                version: release.version.to_string(),
                beside: None,
                description: String::new(),
                revision: self.revision(&format!("{ACTIVE}/release")),
            })
    }

    /// An alias now. `base` is the version that the stack has deployed, if it deploys versions.
    pub(in crate::sandbox) fn alias(
        &self,
        alias: &str,
        base: Option<i64>,
        now: i64,
    ) -> Option<Pointing> {
        self.pointed(alias, now).or_else(|| {
            let base = base.filter(|_| alias == ACTIVE)?;
            Some(Pointing {
                since: 0,
                version: base.to_string(),
                beside: None,
                description: String::new(),
                revision: self.revision(&format!("{ACTIVE}/{base}")),
            })
        })
    }

    /// All aliases now, by name.
    pub(in crate::sandbox) fn aliases(
        &self,
        base: Option<i64>,
        now: i64,
    ) -> Vec<(String, Pointing)> {
        let mut names: Vec<String> = {
            let changes = self.changes();
            changes
                .pointings
                .iter()
                .map(|(name, _)| name.clone())
                .collect()
        };
        names.push(ACTIVE.to_owned());
        names.sort();
        names.dedup();
        let found = names.into_iter().filter_map(|name| {
            let pointing = self.alias(&name, base, now)?;
            Some((name, pointing))
        });
        found.collect()
    }

    /// Points an alias somewhere; makes it if it is not there.
    pub(in crate::sandbox) fn point(&self, alias: &str, mut pointing: Pointing) -> Pointing {
        let mut changes = self.changes();
        let count = changes.pointings.len();
        pointing.revision = self.revision(&format!("{alias}/change/{count}"));
        changes.pointings.push((alias.to_owned(), pointing.clone()));
        pointing
    }

    /// Something whose revision id it is, as an id.
    pub(in crate::sandbox) fn revision(&self, of: &str) -> String {
        Dice::named(self.seed, of).uuid().replacen("-a", "-9", 1)
    }

    /// The published versions, oldest first. `deployed` is when the stack was last updated.
    pub(in crate::sandbox) fn versions(
        &self,
        base: Option<i64>,
        deployed: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<Version> {
        const KEPT: i64 = 4;
        let Some(base) = base else {
            return self.changes().published.clone();
        };
        let mut versions: Vec<Version> = ((base - KEPT).max(1)..=base)
            .map(|number| Version {
                number,
                published: deployed - TimeDelta::hours((base - number) * 163),
                description: String::new(),
            })
            .collect();
        let release = self.release.iter();
        versions.extend(
            release
                .filter(|release| release.ailment.since <= now.timestamp_millis())
                .map(|release| Version {
                    number: release.version,
                    published: DateTime::from_timestamp_millis(release.ailment.since - 41_000)
                        .unwrap_or_default(),
                    description: release.description.clone(),
                }),
        );
        versions.extend(self.changes().published.iter().cloned());
        versions.sort_by_key(|version| version.number);
        versions.dedup_by_key(|version| version.number);
        versions
    }

    pub(in crate::sandbox) fn publish(&self, version: Version) {
        self.changes().published.push(version);
    }

    /// Reserved concurrency, by time.
    pub(in crate::sandbox) fn reservations(&self) -> Vec<(i64, Option<i64>)> {
        self.changes().reserved.clone()
    }

    pub(in crate::sandbox) fn reserved(&self, now: i64) -> Option<i64> {
        let changes = self.changes();
        let last = changes.reserved.iter().rfind(|(since, _)| *since <= now);
        last.and_then(|(_, limit)| *limit)
    }

    pub(in crate::sandbox) fn reserve(&self, now: i64, limit: Option<i64>) {
        self.changes().reserved.push((now, limit));
    }

    /// The tags that it has, if its stack gave it these.
    pub(in crate::sandbox) fn tags(
        &self,
        mut of_stack: BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        for (key, value) in &self.changes().tags {
            match value {
                Some(value) => of_stack.insert(key.clone(), value.clone()),
                None => of_stack.remove(key),
            };
        }
        of_stack
    }

    /// Sets a tag, or takes it away.
    pub(in crate::sandbox) fn tag(&self, key: &str, value: Option<String>) {
        self.changes().tags.insert(key.to_owned(), value);
    }
}

impl Function<'_> {
    /// Whether its stack deploys versions, and points an alias at them.
    pub(in crate::sandbox) fn has_versions(&self) -> bool {
        self.stack
            .past
            .first()
            .is_some_and(|birth| birth.version.chars().any(|letter| letter.is_ascii_digit()))
    }

    /// The version that its stack has deployed; `None` where the stack deploys without versions.
    pub(in crate::sandbox) fn deployed_version(&self, now: DateTime<Utc>) -> Option<i64> {
        let standing = self.stack.standing(now)?;
        let digits: String = standing
            .version
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let number: i64 = digits.parse().ok()?;
        // Releases of a service are counted for ever; functions are younger.
        Some((number % 100).max(1))
    }

    /// The hash of a version's code: the same in every region that has the version.
    pub(in crate::sandbox) fn code_hash(&self, seed: u64, version: i64) -> String {
        let what = format!(
            "{}/{}/code/{version}",
            self.stack.service(),
            self.resource.logical
        );
        let mut dice = Dice::named(seed, &what);
        let bytes: Vec<u8> = (0..4).flat_map(|_| dice.roll().to_be_bytes()).collect();
        base64(&Bytes::from(bytes))
    }
}
