//! What an SDK error says, without its type: the facts that the words are made of.

use super::code::{self, Verdict};
use super::{chain, network, skew};
use crate::aws::wall::Refused;
use crate::aws::whole::CutOff;
use crate::domain::{Problem, Reach};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use chrono::TimeDelta;
use std::error::Error;

/// Why a request has no answer.
#[derive(Clone, Debug)]
pub(in crate::aws) enum Failure {
    /// Somebody has already said it in words: the wallet.
    Worded(Problem),
    /// Our own wall stopped it.
    Refused(Refused),
    /// AWS answered, and said no.
    Answered(Answer),
    /// Something answered that is not AWS.
    Foreign(Foreign),
    /// Nobody answered.
    Unreachable {
        reach: Reach,
        detail: Option<String>,
    },
    /// It could not even be made.
    Unsent,
}

/// AWS's refusal.
#[derive(Clone, Debug, Default)]
pub(in crate::aws) struct Answer {
    pub(super) status: u16,
    /// The error code; empty when a 5xx came without one.
    pub(super) code: String,
    pub(super) message: String,
    pub(super) request: Option<String>,
    /// How far this machine's clock is ahead of AWS's.
    pub(super) ahead: Option<TimeDelta>,
}

/// What answered instead of AWS.
#[derive(Clone, Debug)]
pub(in crate::aws) enum Foreign {
    /// A redirect, which AWS's APIs do not send: a captive portal, or a proxy that wants a login.
    Elsewhere { host: Option<String> },
    /// A page with this content type.
    Page { kind: String },
    /// An answer whose end is missing.
    CutOff,
}

/// Whether a change that failed was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::aws) enum Fate {
    /// It certainly was not.
    NotDone,
    /// It was, by an earlier request with the same token.
    Taken,
    /// Nobody knows.
    Unknown,
}

impl Failure {
    /// What this failure says of the change that was asked for.
    pub(in crate::aws) fn fate(&self) -> Fate {
        match self {
            Self::Worded(_) | Self::Refused(_) | Self::Unsent => Fate::NotDone,
            Self::Answered(answer) if answer.code == "TokenAlreadyExistsException" => Fate::Taken,
            Self::Answered(_) => match self.verdict() {
                Some(Verdict::Server) | None => Fate::Unknown,
                Some(
                    Verdict::Denied
                    | Verdict::Expired
                    | Verdict::Throttled
                    | Verdict::NotRecognized
                    | Verdict::Missing
                    | Verdict::Invalid,
                ) => Fate::NotDone,
            },
            Self::Foreign(_) => Fate::Unknown,
            Self::Unreachable { reach, .. } => match reach {
                // No connection was made, so nothing was sent on one.
                Reach::Dns | Reach::Refused | Reach::Certificate => Fate::NotDone,
                Reach::Reset | Reach::TimedOut | Reach::Redirected | Reach::Other => Fate::Unknown,
            },
        }
    }

    /// AWS's code, where it answered with one.
    pub(in crate::aws) fn code(&self) -> Option<&str> {
        match self {
            Self::Answered(answer) => Some(answer.code.as_str()),
            Self::Worded(_)
            | Self::Refused(_)
            | Self::Foreign(_)
            | Self::Unreachable { .. }
            | Self::Unsent => None,
        }
    }

    /// AWS's sentence, where it answered with one.
    pub(in crate::aws) fn says(&self, words: &str) -> bool {
        matches!(self, Self::Answered(answer) if answer.message.contains(words))
    }

    /// An answer that was delivered but does not make sense.
    pub(in crate::aws) fn senseless() -> Self {
        Self::Foreign(Foreign::Page {
            kind: "unexpected content".to_owned(),
        })
    }

    /// A stream that had begun well and then broke.
    pub(in crate::aws) fn of_stream<E, R>(error: &SdkError<E, R>) -> Self
    where
        E: Error + 'static,
        R: std::fmt::Debug + 'static,
    {
        tracing::debug!(%error, "a stream failed");
        match error {
            // AWS says so in the stream, whose answer was a good one when it began.
            SdkError::ServiceError(_) => Self::Answered(Answer {
                status: 500,
                ..Answer::default()
            }),
            SdkError::ResponseError(_) => Self::senseless(),
            error => {
                let (reach, detail) = network::before_answer(error);
                Self::Unreachable { reach, detail }
            }
        }
    }

    /// Whether no other service would answer better: the account has no valid credentials, or we stopped it.
    pub(in crate::aws) fn is_final(&self) -> bool {
        matches!(self, Self::Worded(_) | Self::Refused(_)) || self.is_lapse()
    }

    /// Whether AWS refused credentials that we hold because they have ended.
    pub(in crate::aws) fn is_lapse(&self) -> bool {
        self.verdict() == Some(Verdict::Expired)
    }

    /// Whether AWS says that what was asked for does not exist.
    pub(in crate::aws) fn is_missing(&self) -> bool {
        self.verdict() == Some(Verdict::Missing)
    }

    /// Whether AWS, there, has never heard of the credentials that we hold.
    pub(in crate::aws) fn is_unknown(&self) -> bool {
        self.verdict() == Some(Verdict::NotRecognized)
    }

    fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Answered(answer) => {
                Some(code::verdict(answer.status, &answer.code, &answer.message))
            }
            Self::Worded(_)
            | Self::Refused(_)
            | Self::Foreign(_)
            | Self::Unreachable { .. }
            | Self::Unsent => None,
        }
    }

    fn of_response(response: &HttpResponse, error: &(dyn Error + 'static)) -> Self {
        let header = |name: &str| response.headers().get(name);
        let status = response.status().as_u16();
        let kind = header("content-type").unwrap_or_default();
        if (300..400).contains(&status) {
            return Self::Foreign(Foreign::Elsewhere {
                host: header("location").and_then(host),
            });
        }
        if let Some((reach, detail)) = network::during_transfer(error) {
            return match reach {
                Reach::Reset => Self::Foreign(Foreign::CutOff),
                reach => Self::Unreachable { reach, detail },
            };
        }
        if status >= 500 {
            return Self::Answered(Answer {
                status,
                request: response.request_id().map(str::to_owned),
                ..Answer::default()
            });
        }
        if response.status().is_success() && !kind.contains("html") {
            // The right kind of answer, but not parseable: its end is missing.
            return Self::Foreign(Foreign::CutOff);
        }
        Self::Foreign(Foreign::Page {
            kind: kind.to_owned(),
        })
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        // For the log file: never anybody's words. AWS quotes the whole request, its session token included, when a
        // signature is wrong.
        tracing::debug!(
            code = ?error.code(),
            status = error.raw_response().map(|response| response.status().as_u16()),
            request = ?error.request_id(),
            "a request failed"
        );
        let own = chain(&error).find_map(|cause| {
            let worded = cause.downcast_ref::<Problem>().cloned().map(Self::Worded);
            let refused = || cause.downcast_ref::<Refused>().cloned().map(Self::Refused);
            let cut_off = || {
                cause
                    .is::<CutOff>()
                    .then_some(Self::Foreign(Foreign::CutOff))
            };
            worded.or_else(refused).or_else(cut_off)
        });
        if let Some(own) = own {
            return own;
        }
        if let (Some(code), Some(response)) = (error.code(), error.raw_response()) {
            return Self::Answered(Answer {
                status: response.status().as_u16(),
                code: code.to_owned(),
                message: error.message().unwrap_or_default().to_owned(),
                request: error.request_id().map(str::to_owned),
                ahead: response.headers().get("date").and_then(skew::ahead),
            });
        }
        match error.raw_response() {
            Some(response) => Self::of_response(response, &error),
            None if matches!(error, SdkError::ConstructionFailure(_)) => Self::Unsent,
            None => {
                let (reach, detail) = network::before_answer(&error);
                Self::Unreachable { reach, detail }
            }
        }
    }
}

/// The host of an absolute URL.
fn host(location: &str) -> Option<String> {
    let (_, rest) = location.split_once("://")?;
    rest.split(['/', '?', '#', ':']).next().map(str::to_owned)
}
