//! Buckets, and what clients put into them. Names are the world's: a bucket is in one region of one account.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::World;
use super::random::Dice;
use crate::sandbox::scenario::Plan;

#[derive(Debug)]
pub(in crate::sandbox) struct Bucket {
    /// The id of the owner.
    pub(in crate::sandbox) account: String,
    pub(in crate::sandbox) region: String,
    pub(in crate::sandbox) is_versioned: bool,
    /// By key, each with its versions, oldest first.
    objects: Mutex<BTreeMap<String, Vec<Object>>>,
}

/// One version of an object. Cheap to clone.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Object {
    pub(in crate::sandbox) bytes: Bytes,
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) version: String,
    /// Says the same of the same bytes.
    pub(in crate::sandbox) tag: String,
    pub(in crate::sandbox) written: DateTime<Utc>,
}

impl Bucket {
    /// The newest version of a key, or the one that is named.
    pub(in crate::sandbox) fn get(&self, key: &str, version: Option<&str>) -> Option<Object> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = objects.get(key)?;
        let is_it = |object: &&Object| version.is_none_or(|version| object.version == version);
        versions.iter().rfind(is_it).cloned()
    }

    pub(in crate::sandbox) fn put(
        &self,
        key: &str,
        (bytes, kind): (Bytes, String),
        now: DateTime<Utc>,
    ) -> Object {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = objects.entry(key.to_owned()).or_default();
        let name = format!("{key}/{}", versions.len());
        let version = if self.is_versioned {
            Dice::named(0, &name).suffix(32)
        } else {
            versions.clear();
            "null".to_owned()
        };
        let object = Object {
            tag: Dice::named(0, &String::from_utf8_lossy(&bytes)).hex(32),
            bytes,
            kind,
            version,
            written: now,
        };
        versions.push(object.clone());
        object
    }
}

impl World {
    /// What an account finds under a key, in whichever region the bucket is; `?versionId=` behind the key asks for one
    /// version of it.
    pub(in crate::sandbox) fn object(
        &self,
        account: &str,
        bucket: &str,
        key: &str,
    ) -> Option<Object> {
        let found = self.buckets.get(bucket)?;
        let (key, version) = match key.split_once("?versionId=") {
            Some((key, version)) => (key, Some(version)),
            None => (key, None),
        };
        found.get(key, version).filter(|_| found.account == account)
    }
}

/// The buckets of a scenario, by name.
pub(super) fn buckets(plan: &Plan) -> BTreeMap<String, Bucket> {
    let buckets = plan.bucket.iter().filter_map(|bucket| {
        let mut accounts = plan.account.iter();
        let owner = accounts.find(|account| account.name == bucket.account)?;
        let name = bucket
            .name
            .replace("{account_id}", &owner.id)
            .replace("{region}", &bucket.region);
        let bucket = Bucket {
            account: owner.id.clone(),
            region: bucket.region.clone(),
            is_versioned: bucket.versioned,
            objects: Mutex::default(),
        };
        Some((name, bucket))
    });
    buckets.collect()
}
