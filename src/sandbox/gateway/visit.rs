//! One request on its way through.
//!
//! Who asks, where and what is read first, and kept even if it makes no sense: faults are looked up by it.
//! Only then is anything checked, in the order in which AWS does.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use hyper::{Request, Response};

use super::{Delivery, Flow, Gateway, Reply, intruder};
use crate::sandbox::credential::Credential;
use crate::sandbox::failure::{Failure, Refusal, SIGNATURE_WINDOW};
use crate::sandbox::fault::{FaultKind, Place};
use crate::sandbox::log::LoggedRequest;
use crate::sandbox::service::{self, Call, Output, Refused};
use crate::sandbox::wire::{self, Protocol, Question, Unreadable, event_stream};
use crate::sandbox::world::Caller;
use crate::sandbox::world::random::Dice;

/// What can be said of one request before anything is believed.
pub(super) struct Visit<'g> {
    gateway: &'g Gateway,
    pub(super) id: String,
    pub(super) now: DateTime<Utc>,
    credential: Result<Credential, Refusal>,
    caller: Result<Caller, Refusal>,
    question: Result<Question, Unreadable>,
    pub(super) place: Place,
}

impl<'g> Visit<'g> {
    pub(super) fn new(gateway: &'g Gateway, request: &Request<Bytes>) -> Visit<'g> {
        let inner = &*gateway.0;
        let now = inner.clock.now();
        let number = inner.served.fetch_add(1, Ordering::Relaxed);
        let unsigned = wire::rest_json::unsigned_service(request.uri().path());
        let credential = match unsigned {
            Some(service) => Ok(Credential::unsigned(service, request.headers())),
            None => Credential::of(request.headers()),
        };
        let (region, service) = credential.as_ref().map_or_else(
            |_| (String::new(), String::new()),
            |known| (known.region.clone(), known.service.clone()),
        );
        let question = wire::read(
            request,
            credential.as_ref().ok().map(|known| known.service.as_str()),
        );
        let caller = match (&credential, unsigned) {
            (Ok(_), Some(_)) => {
                let asked = question
                    .as_ref()
                    .ok()
                    .and_then(|question| question.input.text("accountId"));
                Ok(Caller::bearing_a_token(&asked.unwrap_or_default()))
            }
            (Ok(credential), None) => inner.world.caller(credential, now),
            (Err(refusal), _) => Err(refusal.clone()),
        };
        Visit {
            id: Dice::named(inner.world.seed, &format!("request/{number}")).uuid(),
            place: Place {
                account: caller
                    .as_ref()
                    .map(|caller| caller.account.clone())
                    .unwrap_or_default(),
                region,
                service,
                operation: question
                    .as_ref()
                    .map(|asked| asked.operation.clone())
                    .unwrap_or_default(),
            },
            gateway,
            now,
            credential,
            caller,
            question,
        }
    }

    pub(super) fn latency(&self, facing: &[FaultKind]) -> Option<Duration> {
        let waits = facing.iter().filter_map(|kind| match kind {
            FaultKind::Latency { fixed, jitter } => {
                let most = i64::try_from(jitter.as_micros()).unwrap_or(0);
                let extra = Dice::named(self.gateway.0.world.seed, &self.id).between(0, most + 1);
                Some(*fixed + Duration::from_micros(u64::try_from(extra).unwrap_or(0)))
            }
            _ => None,
        });
        waits.reduce(|sum, wait| sum + wait)
    }

    /// The time that this request's endpoint believes it is.
    pub(super) fn date(&self, facing: &[FaultKind]) -> DateTime<Utc> {
        facing.iter().fold(self.now, |date, kind| match kind {
            FaultKind::ClockSkew { seconds } => date + TimeDelta::seconds(*seconds),
            _ => date,
        })
    }

    pub(super) fn reply(&self, facing: &[FaultKind]) -> Reply {
        let mut delivery = Delivery::Whole;
        for kind in facing {
            match kind {
                FaultKind::Reset => delivery = Delivery::Reset,
                FaultKind::Dark => delivery = Delivery::Never,
                FaultKind::Truncated => delivery = Delivery::Truncated,
                FaultKind::SlowBody { pause } => delivery = Delivery::SlowBody(*pause),
                FaultKind::SlowClose { pause } => delivery = Delivery::SlowClose(*pause),
                FaultKind::Html => {
                    return Reply::said(intruder::login_page(), delivery);
                }
                FaultKind::Redirect { location } => {
                    return Reply::said(intruder::redirect(location), delivery);
                }
                FaultKind::ServerError { status } => {
                    let response = self.refuse(&Refusal::Broken { status: *status });
                    return Reply::said(response, delivery);
                }
                FaultKind::Latency { .. }
                | FaultKind::Throttle { .. }
                | FaultKind::AccessDenied
                | FaultKind::Expired { .. }
                | FaultKind::ClockSkew { .. }
                | FaultKind::Severed { .. }
                | FaultKind::Garbled { .. } => {}
            }
        }
        let (mut response, flow) = self.serve(facing);
        for kind in facing {
            if let FaultKind::Garbled { find, bytes } = kind {
                let garbled = intruder::garbled(response.body(), find.as_bytes(), bytes);
                *response.body_mut() = garbled;
            }
        }
        Reply {
            response,
            flow,
            delivery,
        }
    }

    fn serve(&self, facing: &[FaultKind]) -> (Response<Bytes>, Option<Flow>) {
        match self.output(facing) {
            Ok((question, Output::Whole(output))) => {
                let service = &self.place.service;
                (wire::write(question, service, &output, &self.id), None)
            }
            Ok((_, Output::Stream(stream))) => {
                let flow = Flow::new(self.gateway.clone(), self.place.clone(), stream);
                (event_stream::head(), Some(flow))
            }
            Err(Refused::Plainly(refusal)) => (self.refuse(&refusal), None),
            Err(Refused::With(failure)) => (self.fail(&failure), None),
        }
    }

    /// What the service says, if the request gets as far as the service.
    fn output(&self, facing: &[FaultKind]) -> Result<(&Question, Output), Refused> {
        let question = self.question.as_ref().map_err(|error| self.unread(error))?;
        let credential = self.credential.as_ref().map_err(Clone::clone)?;
        let caller = self.caller.as_ref().map_err(Clone::clone)?;
        self.check_signature_age(credential, facing)?;
        self.check_faults(caller, facing)?;
        let output = service::answer(&Call {
            world: &self.gateway.0.world,
            id: &self.id,
            now: self.now,
            caller,
            region: &credential.region,
            service: &credential.service,
            operation: &question.operation,
            version: &question.version,
            input: &question.input,
        })?;
        Ok((question, output))
    }

    fn check_signature_age(
        &self,
        credential: &Credential,
        facing: &[FaultKind],
    ) -> Result<(), Refusal> {
        let skewed = facing
            .iter()
            .any(|kind| matches!(kind, FaultKind::ClockSkew { .. }));
        if !skewed && !self.gateway.0.clock.judges_signatures() {
            return Ok(());
        }
        let here = self.date(facing);
        match credential.signed_at {
            Some(signed) if (signed - here).abs() > SIGNATURE_WINDOW => {
                Err(Refusal::Skewed { signed, here })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_faults(&self, caller: &Caller, facing: &[FaultKind]) -> Result<(), Refusal> {
        for kind in facing {
            match kind {
                FaultKind::Expired {
                    issued_before: None,
                } => return Err(Refusal::Expired),
                FaultKind::Expired {
                    issued_before: Some(limit),
                } => {
                    if caller.issued.is_none_or(|issued| issued < *limit) {
                        return Err(Refusal::Expired);
                    }
                }
                // Who one is, one may always ask.
                FaultKind::AccessDenied if self.place.operation == "GetCallerIdentity" => {}
                FaultKind::AccessDenied => {
                    let action = format!(
                        "{}:{}",
                        iam_prefix(&self.place.service),
                        self.place.operation
                    );
                    return Err(Refusal::Denied {
                        caller: caller.arn.clone(),
                        action,
                        resource: self.resource(&caller.account),
                    });
                }
                FaultKind::Throttle { .. } => return Err(Refusal::Throttled),
                FaultKind::Latency { .. }
                | FaultKind::Reset
                | FaultKind::Dark
                | FaultKind::Html
                | FaultKind::Redirect { .. }
                | FaultKind::Truncated
                | FaultKind::SlowBody { .. }
                | FaultKind::SlowClose { .. }
                | FaultKind::ServerError { .. }
                | FaultKind::ClockSkew { .. }
                | FaultKind::Severed { .. }
                | FaultKind::Garbled { .. } => {}
            }
        }
        Ok(())
    }

    /// What a denial names: the stack or the log group asked for, or all of them.
    fn resource(&self, account: &str) -> String {
        if self.place.service == "logs" {
            return self.log_group(account);
        }
        if self.place.service != "cloudformation" {
            return "*".to_owned();
        }
        let asked = self
            .question
            .as_ref()
            .ok()
            .and_then(|question| question.input.text("StackName"));
        match asked {
            Some(arn) if arn.starts_with("arn:") => arn.into_owned(),
            Some(name) => format!(
                "arn:aws:cloudformation:{}:{account}:stack/{name}/*",
                self.place.region
            ),
            None => format!(
                "arn:aws:cloudformation:{}:{account}:stack/*/*",
                self.place.region
            ),
        }
    }

    /// How a denial names a log group.
    fn log_group(&self, account: &str) -> String {
        let input = self.question.as_ref().map(|question| &question.input);
        let asked = input.ok().and_then(|input| {
            input
                .text("logGroupName")
                .or_else(|| input.text("logGroupIdentifier"))
        });
        let asked = asked.unwrap_or_default();
        let name = asked
            .rsplit_once(":log-group:")
            .map_or(asked.as_ref(), |(_, name)| name);
        let region = &self.place.region;
        format!("arn:aws:logs:{region}:{account}:log-group:{name}:log-stream:")
    }

    /// Nobody can be answered in a protocol that nobody recognised; query is what browsers get.
    fn protocol(&self) -> Protocol {
        match &self.question {
            Ok(question) => question.protocol,
            Err(Unreadable::Malformed { protocol, .. }) => *protocol,
            Err(Unreadable::Unclaimed) => Protocol::Query,
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Response<Bytes> {
        self.fail(&refusal.worded_for(self.protocol()))
    }

    fn fail(&self, failure: &Failure) -> Response<Bytes> {
        let version = self
            .question
            .as_ref()
            .map_or("", |question| question.version.as_str());
        let service = &self.place.service;
        wire::write_failure(self.protocol(), version, service, failure, &self.id)
    }

    fn unread(&self, unreadable: &Unreadable) -> Refused {
        match (unreadable, &self.credential) {
            (Unreadable::Unclaimed, Err(refusal)) => refusal.clone().into(),
            (Unreadable::Unclaimed, Ok(_)) => {
                Failure::new(404, "UnknownOperationException", "").into()
            }
            (Unreadable::Malformed { protocol, why }, _) => {
                let code = match protocol {
                    Protocol::Query | Protocol::Ec2 => "MalformedQueryString",
                    Protocol::RestXml => "InvalidRequest",
                    Protocol::Json | Protocol::RestJson | Protocol::Cbor => {
                        "SerializationException"
                    }
                };
                Failure::new(400, code, why).into()
            }
        }
    }

    pub(super) fn logged(&self, reply: &Reply, request: &Request<Bytes>) -> LoggedRequest {
        let headers = request.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        LoggedRequest {
            account: self.place.account.clone(),
            region: self.place.region.clone(),
            service: self.place.service.clone(),
            operation: self.place.operation.clone(),
            at: self.now,
            status: match reply.delivery {
                Delivery::Reset | Delivery::Never => None,
                Delivery::Whole
                | Delivery::Truncated
                | Delivery::SlowBody(_)
                | Delivery::SlowClose(_) => Some(reply.response.status().as_u16()),
            },
            protocol: self
                .question
                .as_ref()
                .ok()
                .map(|question| question.protocol),
            method: request.method().to_string(),
            target: request
                .uri()
                .path_and_query()
                .map_or_else(String::new, ToString::to_string),
            headers: headers.collect(),
            body: request.body().clone(),
        }
    }
}

/// IAM calls CloudWatch by its name and not by its endpoint's.
fn iam_prefix(service: &str) -> &str {
    match service {
        "monitoring" => "cloudwatch",
        "awsssoportal" => "sso",
        other => other,
    }
}
