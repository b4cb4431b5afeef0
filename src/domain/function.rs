//! A Lambda function as `ListFunctions` and `GetFunctionConfiguration` tell of it.
//!
//! Values of environment variables never get here: the adapter keeps their names and drops the rest before anything is
//! remembered, for they are in clear and full of secrets.

use super::{Timestamp, Untrusted};
use chrono::TimeDelta;

/// One function in one region, as it stands under `$LATEST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: Untrusted,
    pub arn: Untrusted,
    /// None for a container image.
    pub runtime: Option<Untrusted>,
    pub package: Package,
    pub handler: Option<Untrusted>,
    /// In MB.
    pub memory: u32,
    pub timeout: TimeDelta,
    pub architectures: Vec<Untrusted>,
    /// When code or configuration changed last.
    pub modified: Option<Timestamp>,
    /// The SHA-256 of the package in base64: equal code has equal hashes in every region.
    pub code: Untrusted,
    /// In bytes.
    pub code_size: u64,
    pub description: Option<Untrusted>,
    pub role: Option<Untrusted>,
    /// The names of its environment variables, never their values.
    pub environment: Vec<Untrusted>,
    pub layers: Vec<Untrusted>,
    pub vpc: Option<Untrusted>,
    /// Where it writes its log.
    pub log_group: Untrusted,
    /// `GetFunctionConfiguration` tells it, `ListFunctions` does not.
    pub condition: Option<Condition>,
}

/// How the code was delivered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Package {
    Zip,
    Image,
    Other(Untrusted),
}

/// Whether the function can be called, and how its last update went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub state: FunctionState,
    pub reason: Option<Untrusted>,
    pub update: UpdateStatus,
    pub update_reason: Option<Untrusted>,
}

/// AWS's `State`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunctionState {
    Failed,
    Pending,
    Inactive,
    Active,
    Other(Untrusted),
}

/// AWS's `LastUpdateStatus`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpdateStatus {
    Failed,
    InProgress,
    Successful,
    Other(Untrusted),
}

/// A published version: a snapshot that does not change any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionVersion {
    /// A number, or `$LATEST`.
    pub version: Untrusted,
    pub description: Option<Untrusted>,
    /// When it was published.
    pub modified: Option<Timestamp>,
    pub code: Untrusted,
    pub runtime: Option<Untrusted>,
}

/// A name that points to a version, or for a while to two.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    pub name: Untrusted,
    pub version: Untrusted,
    /// Other versions that take a share of the calls, as parts of one.
    pub weights: Vec<(Untrusted, f64)>,
    pub description: Option<Untrusted>,
    /// What a change has to name, so that it does not undo somebody else's.
    pub revision: Option<Untrusted>,
}

/// A queue or a stream that calls the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSource {
    pub id: Untrusted,
    /// The ARN of the queue or stream; none for a self-managed Kafka.
    pub source: Option<Untrusted>,
    /// What it calls: the function, a version or an alias of it.
    pub function: Option<Untrusted>,
    /// AWS's word: `Enabled`, `Disabled`, `Creating`, ….
    pub state: Untrusted,
    pub reason: Option<Untrusted>,
    /// How the last batch went, in AWS's words.
    pub result: Option<Untrusted>,
    pub batch: Option<u32>,
    pub modified: Option<Timestamp>,
}

/// What is set aside for one function.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Concurrency {
    /// None where it shares what the account has left.
    pub reserved: Option<u32>,
    pub provisioned: Vec<Provisioned>,
}

/// Environments that are kept warm for a version or alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// The version or alias.
    pub qualifier: Untrusted,
    pub requested: u32,
    pub available: u32,
    /// AWS's word: `READY`, `IN_PROGRESS`, `FAILED`.
    pub status: Untrusted,
    pub reason: Option<Untrusted>,
}

/// How many executions an account may have at once in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LambdaLimits {
    pub concurrent: u32,
    /// What is left to functions without a reservation.
    pub unreserved: u32,
}

impl Package {
    pub fn parse(word: &str) -> Self {
        match word {
            // Older answers leave it out, and mean an archive.
            "Zip" | "" => Self::Zip,
            "Image" => Self::Image,
            other => Self::Other(other.into()),
        }
    }

    pub fn words(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Zip => "zip".into(),
            Self::Image => "image".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl FunctionState {
    pub fn parse(word: &str) -> Self {
        match word {
            "Active" => Self::Active,
            "Inactive" => Self::Inactive,
            "Pending" => Self::Pending,
            "Failed" => Self::Failed,
            other => Self::Other(other.into()),
        }
    }

    pub fn words(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Active => "active".into(),
            Self::Inactive => "inactive".into(),
            Self::Pending => "pending".into(),
            Self::Failed => "failed".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl UpdateStatus {
    pub fn parse(word: &str) -> Self {
        match word {
            "Successful" => Self::Successful,
            "InProgress" => Self::InProgress,
            "Failed" => Self::Failed,
            other => Self::Other(other.into()),
        }
    }

    pub fn words(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Successful => "updated".into(),
            Self::InProgress => "being updated".into(),
            Self::Failed => "update failed".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl Function {
    /// The first characters of the code's hash, enough to tell two apart.
    pub fn code_brief(&self) -> std::borrow::Cow<'_, str> {
        brief(&self.code)
    }
}

impl FunctionVersion {
    /// As [`Function::code_brief`].
    pub fn code_brief(&self) -> std::borrow::Cow<'_, str> {
        brief(&self.code)
    }

    /// The number, where it has one.
    pub fn number(&self) -> Option<u64> {
        self.version.exact().parse().ok()
    }
}

fn brief(hash: &Untrusted) -> std::borrow::Cow<'_, str> {
    const ENOUGH: usize = 8;
    match hash.safe() {
        std::borrow::Cow::Borrowed(text) => text.get(..ENOUGH).unwrap_or(text).into(),
        std::borrow::Cow::Owned(text) => text.chars().take(ENOUGH).collect::<String>().into(),
    }
}

impl Alias {
    /// `19`, or `18 90 % 19 10 %` while two share the calls.
    pub fn words(&self) -> String {
        if self.weights.is_empty() {
            return self.version.safe().into_owned();
        }
        let rest: f64 = 1.0 - self.weights.iter().map(|(_, share)| share).sum::<f64>();
        let shares = self
            .weights
            .iter()
            .map(|(version, share)| (version, *share));
        let shares = std::iter::once((&self.version, rest)).chain(shares);
        let words: Vec<String> = shares
            .map(|(version, share)| format!("{} {:.0} %", version.safe(), share * 100.0))
            .collect();
        words.join(" ")
    }
}

/// Why a text cannot be the name of a function, as a sentence that names what can; nothing where it can.
///
/// AWS takes ARNs and partial ARNs for names. Here a name is asked of many accounts and regions at once, and an ARN
/// names one.
pub fn name_mistake(text: &str) -> Option<String> {
    let shown = super::untrusted::sanitise(text);
    let is_name = |text: &str| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if is_name(text) {
        return None;
    }
    if let Some((_, behind)) = text
        .split_once(":function:")
        .or(text.split_once("function:"))
    {
        let name = behind.split(':').next().unwrap_or_default();
        let hint = if is_name(name) {
            format!("; its name is `{name}`")
        } else {
            String::new()
        };
        return Some(format!(
            "`{shown}` is an ARN, which names one account and region{hint}."
        ));
    }
    if let Some(name) = text
        .strip_prefix("/aws/lambda/")
        .filter(|name| is_name(name))
    {
        return Some(format!(
            "`{shown}` is a log group; the function's name is `{name}`."
        ));
    }
    Some(format!(
        "`{shown}` cannot be a function: a name has up to 64 letters, digits, `-` and `_`."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_name_is_told_with_what_could() {
        for (text, mistake) in [
            ("checkout-api", None),
            (
                "arn:aws:lambda:eu-west-1:123456789012:function:checkout-api:ACTIVE",
                Some("`checkout-api`"),
            ),
            ("function:checkout", Some("`checkout`")),
            ("/aws/lambda/checkout", Some("`checkout`")),
            ("team/checkout", Some("up to 64 letters")),
            ("", Some("up to 64 letters")),
            ("a\u{1b}[2J", Some("up to 64 letters")),
        ] {
            let found = name_mistake(text);
            match mistake {
                None => assert_eq!(found, None, "{text}"),
                Some(part) => {
                    let found = found.expect(text);
                    assert!(found.contains(part) && found.ends_with('.'), "{found}");
                    assert!(!found.contains('\u{1b}'));
                }
            }
        }
    }

    #[test]
    fn an_alias_tells_its_version_and_the_shares_while_two_have_one() {
        let mut alias = Alias {
            name: "ACTIVE".into(),
            version: "18".into(),
            weights: Vec::new(),
            description: None,
            revision: None,
        };
        assert_eq!(alias.words(), "18");
        alias.weights = vec![("19".into(), 0.1)];
        assert_eq!(alias.words(), "18 90 % 19 10 %");
    }
}
