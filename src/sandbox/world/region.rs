//! The regions of the `aws` partition, and which of them an account has to ask for.

/// A region as AWS lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Region {
    pub(in crate::sandbox) name: &'static str,
    pub(in crate::sandbox) opt_in: OptIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum OptIn {
    /// Every account has it.
    NotRequired,
    /// Launched after March 2019: off until the account turns it on.
    Required,
}

const fn always(name: &'static str) -> Region {
    Region {
        name,
        opt_in: OptIn::NotRequired,
    }
}

const fn asked(name: &'static str) -> Region {
    Region {
        name,
        opt_in: OptIn::Required,
    }
}

pub(in crate::sandbox) const REGIONS: [Region; 36] = [
    always("us-east-1"),
    always("us-east-2"),
    always("us-west-1"),
    always("us-west-2"),
    always("eu-west-1"),
    always("eu-west-2"),
    always("eu-west-3"),
    always("eu-central-1"),
    always("eu-north-1"),
    always("ap-northeast-1"),
    always("ap-northeast-2"),
    always("ap-northeast-3"),
    always("ap-southeast-1"),
    always("ap-southeast-2"),
    always("ap-south-1"),
    always("ca-central-1"),
    always("sa-east-1"),
    asked("af-south-1"),
    asked("ap-east-1"),
    asked("ap-east-2"),
    asked("ap-south-2"),
    asked("ap-southeast-3"),
    asked("ap-southeast-4"),
    asked("ap-southeast-5"),
    asked("ap-southeast-6"),
    asked("ap-southeast-7"),
    asked("ca-west-1"),
    asked("eu-central-2"),
    asked("eu-south-1"),
    asked("eu-south-2"),
    asked("il-central-1"),
    asked("me-central-1"),
    asked("me-south-1"),
    asked("me-west-1"),
    asked("mx-central-1"),
    asked("sa-west-1"),
];

pub(in crate::sandbox) fn find(name: &str) -> Option<Region> {
    REGIONS.into_iter().find(|region| region.name == name)
}
