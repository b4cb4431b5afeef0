//! The words of a scenario about buckets of S3.

use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct BucketPlan {
    /// May carry `{account_id}` and `{region}`.
    pub(in crate::sandbox) name: String,
    /// The owner's account, by name.
    pub(in crate::sandbox) account: String,
    pub(in crate::sandbox) region: String,
    /// Whether what is written over can still be had.
    #[serde(default = "yes")]
    pub(in crate::sandbox) versioned: bool,
}

fn yes() -> bool {
    true
}
