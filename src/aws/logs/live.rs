//! Live Tail: events as CloudWatch takes them in, over a connection that stays open for up to three hours.
//!
//! Its connections are a pool of their own, or sessions would take the places of questions. Once a session has begun
//! nothing of the SDK's limits it in time; whoever listens knows how long silence may last ([`LiveTail::next`]).

use crate::aws::problem::{Asking, Failure, Subject};
use crate::aws::session::Session;
use crate::aws::{Cloud, answering};
use crate::domain::{LogEvents, Problem, Region, Scope, Untrusted};
use aws_sdk_cloudwatchlogs::primitives::event_stream::EventReceiver;
use aws_sdk_cloudwatchlogs::types::error::StartLiveTailResponseStreamError as StreamError;
use aws_sdk_cloudwatchlogs::types::{
    LiveTailSessionMetadata, LiveTailSessionUpdate, StartLiveTailResponseStream as Said,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::sync::Arc;

/// Groups that one session listens to, at most.
pub const LIVE_GROUPS: usize = 10;

/// What to listen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveQuestion {
    /// The groups' names, at most [`LIVE_GROUPS`].
    pub groups: Vec<Untrusted>,
    /// In CloudWatch's pattern language.
    pub pattern: Option<String>,
}

/// A session. Dropping it ends it, and what it costs.
#[derive(Debug)]
pub struct LiveTail {
    scope: Scope,
    renewal: String,
    groups: Vec<Untrusted>,
    stream: EventReceiver<Said, StreamError>,
}

/// What came in one second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveUpdate {
    /// The events of each group that had any, by its place in the question.
    pub events: Vec<(usize, LogEvents)>,
    /// There were more than 500 events, and the service left some out.
    pub is_sampled: bool,
}

impl Cloud {
    /// Opens a Live Tail session: one attempt, because one that is refused for want of a free session is not helped
    /// by asking again at once.
    ///
    /// The service wants ARNs. They are made of what STS says of us, asked once for a session's credentials: looking
    /// the groups up would need a permission, and a call for each.
    pub async fn live_tail(
        &self,
        scope: &Scope,
        question: &LiveQuestion,
    ) -> Result<LiveTail, Problem> {
        let account = self.account(&scope.account)?;
        let home = &account.plan().home;
        let place = scope.region().unwrap_or(home);
        let http = self.streams().await?;
        let open = |session: Arc<Session>| {
            let http = http.clone();
            answering(async move {
                let stream = open(&session, http, (home, place), question).await?;
                Ok((stream, session.wallet().renewal().to_owned()))
            })
        };
        let (stream, renewal) = self.put(account, scope, Subject::LiveTail, open).await?;
        Ok(LiveTail {
            scope: scope.clone(),
            renewal,
            groups: question.groups.clone(),
            stream,
        })
    }
}

async fn open(
    session: &Session,
    http: SharedHttpClient,
    (home, place): (&Region, &Region),
    question: &LiveQuestion,
) -> Result<EventReceiver<Said, StreamError>, Failure> {
    let identity = session.identity(home).await?;
    let partition = identity.arn.exact().split(':').nth(1).unwrap_or("aws");
    let account = identity.account_id.exact();
    let arn = |group: &Untrusted| {
        let group = group.exact();
        format!("arn:{partition}:logs:{place}:{account}:log-group:{group}")
    };
    let answer = session
        .streaming_logs(place, http)
        .start_live_tail()
        .set_log_group_identifiers(Some(question.groups.iter().map(arn).collect()))
        .set_log_event_filter_pattern(question.pattern.clone())
        .send()
        .await?;
    Ok(answer.response_stream)
}

impl LiveTail {
    /// Waits for the next second's events, of which there may be none; `None` when AWS has ended the session.
    ///
    /// Comes every second: five seconds without are a dead connection.
    pub async fn next(&mut self) -> Result<Option<LiveUpdate>, Problem> {
        loop {
            match self.stream.recv().await {
                Ok(Some(Said::SessionUpdate(update))) => return Ok(Some(self.read(&update))),
                // The beginning of the session, or something that is not invented yet.
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(SdkError::ServiceError(context))
                    if context.err().is_session_timeout_exception() =>
                {
                    return Ok(None);
                }
                Err(error) => return Err(self.problem(&Failure::of_stream(&error))),
            }
        }
    }

    fn read(&self, update: &LiveTailSessionUpdate) -> LiveUpdate {
        let mut read = LiveUpdate {
            events: Vec::new(),
            is_sampled: update
                .session_metadata()
                .is_some_and(LiveTailSessionMetadata::sampled),
        };
        for event in update.session_results() {
            let identifier = event.log_group_identifier().unwrap_or_default();
            let (Some(group), Some(time)) = (self.place_of(identifier), event.timestamp()) else {
                continue;
            };
            let known = read.events.iter().position(|(of, _)| *of == group);
            let at = known.unwrap_or_else(|| {
                read.events.push((group, LogEvents::default()));
                read.events.len() - 1
            });
            read.events[at].1.push(
                event.log_stream_name().unwrap_or_default(),
                (time, event.ingestion_time().unwrap_or(time)),
                "",
                event.message().unwrap_or_default(),
            );
        }
        read
    }

    /// Which group is meant: by an ARN, `account:name`, or its name. Names have no colon.
    fn place_of(&self, identifier: &str) -> Option<usize> {
        let identifier = identifier.strip_suffix(":*").unwrap_or(identifier);
        let name = identifier.rsplit(':').next()?;
        self.groups.iter().position(|group| group.exact() == name)
    }

    fn problem(&self, failure: &Failure) -> Problem {
        Asking {
            subject: Subject::LiveTail,
            scope: &self.scope,
            renewal: &self.renewal,
        }
        .problem(failure)
    }
}

/// Keeps the SDK from putting `stream-` before the host: of AWS's own hosts that is right, but it does so with an
/// endpoint that the operator has set as well, and nobody answers at `stream-127.0.0.1`.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) struct HostAsSet;

#[dyn_dispatch_hint]
impl Intercept for HostAsSet {
    fn name(&self) -> &'static str {
        "HostAsSet"
    }

    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().unset::<EndpointPrefix>();
        Ok(())
    }
}
