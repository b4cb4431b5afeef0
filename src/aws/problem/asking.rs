//! The sentences: what was asked, why it failed, and what to do next.

use super::code::{Verdict, denied_action, denying_policy, verdict};
use super::deed::Deed;
use super::failure::{Answer, Failure, Foreign};
use super::{quote, skew};
use crate::domain::untrusted::sanitise;
use crate::domain::{Invocation, Kind, Problem, Reach, Scope, Topic, Untrusted};

/// A question on its way: whom it is about, and how its account gets new credentials.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) struct Asking<'a> {
    pub(in crate::aws) subject: Subject<'a>,
    pub(in crate::aws) scope: &'a Scope,
    /// A sentence in the imperative.
    pub(in crate::aws) renewal: &'a str,
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) enum Subject<'a> {
    Topic(&'a Topic),
    /// The events of a log group, page by page.
    LogEvents(&'a Untrusted),
    /// A Live Tail session.
    LiveTail,
    /// A query of Logs Insights.
    Query,
    /// Metrics of many things at once.
    Metrics,
    /// A call of a function.
    Invocation(&'a Invocation),
    /// What an operation does, or has to know.
    Deed(Deed<'a>),
}

impl Asking<'_> {
    /// Words a failure of this question.
    pub(in crate::aws) fn problem(&self, failure: &Failure) -> Problem {
        match failure {
            Failure::Worded(problem) => problem.clone(),
            Failure::Refused(refused) => refused.problem(self.scope.account.as_str()),
            Failure::Answered(answer) => {
                let mut problem = self.answered(answer);
                problem.request.clone_from(&answer.request);
                problem
            }
            Failure::Foreign(foreign) => self.foreign(foreign),
            Failure::Unreachable { reach, detail } => self.unreachable(*reach, detail.as_deref()),
            Failure::Unsent => self.could_not(Kind::Bug, "the request could not be made."),
        }
    }

    fn answered(&self, answer: &Answer) -> Problem {
        let Answer {
            status,
            code,
            message,
            ahead,
            ..
        } = answer;
        if skew::is_cause(code, message, *ahead) {
            return self.clock(&skew::words(message, *ahead));
        }
        if code == "LimitExceededException"
            && let Some(limit) = self.subject.limit()
        {
            return self.could_not(Kind::Throttled, limit);
        }
        if code == "TransactionInProgressException" {
            let why = "another change of the accelerator is on its way to the edges.";
            return self.could_not(Kind::Throttled, why);
        }
        match verdict(*status, code, message) {
            Verdict::Denied => self.denied(message),
            Verdict::Expired => Problem::new(
                Kind::Expired,
                format!("The credentials of {} have ended.", self.scope.account),
            )
            .hint(self.renewal),
            Verdict::Throttled => self.could_not(Kind::Throttled, "AWS asks to slow down."),
            Verdict::NotRecognized => self.not_recognized(code),
            Verdict::Missing => Problem::new(
                Kind::Missing,
                format!("{} does not exist in {}.", self.thing(), self.place()),
            ),
            Verdict::Invalid if message.is_empty() => self.could_not(
                Kind::Invalid,
                &format!("AWS refused the request ({}).", sanitise(code)),
            ),
            Verdict::Invalid => self.could_not(Kind::Invalid, &quote(message)),
            Verdict::Server => self.could_not(
                Kind::Server,
                &format!("AWS failed on its own side ({status})."),
            ),
        }
    }

    fn denied(&self, message: &str) -> Problem {
        let action = denied_action(message).unwrap_or_else(|| self.action());
        let hint = match denying_policy(message) {
            Some(policy) => format!("Needs `{action}`, which {policy} denies."),
            None => format!("Needs `{action}`."),
        };
        Problem::new(Kind::Denied, format!("Not allowed to {}.", self.deed())).hint(hint)
    }

    fn not_recognized(&self, code: &str) -> Problem {
        let account = &self.scope.account;
        match (self.scope.region(), code) {
            // Nothing in the account will work before it has other keys, which is what an end of credentials means.
            (_, "SignatureDoesNotMatch" | "InvalidSignatureException") | (None, _) => Problem::new(
                Kind::Expired,
                format!("AWS does not know the credentials of {account}."),
            )
            .hint(self.renewal),
            (Some(region), _) => Problem::new(
                Kind::NotRecognized,
                format!("{region} does not know the credentials of {account}."),
            )
            .hint("Enable the region for the account, or check the access key."),
        }
    }

    fn clock(&self, off: &str) -> Problem {
        Problem::new(
            Kind::ClockSkew,
            format!(
                "This machine's clock is {off}, so AWS refuses to {}.",
                self.deed()
            ),
        )
        .hint("Set this machine's clock.")
    }

    fn foreign(&self, foreign: &Foreign) -> Problem {
        const LOGIN: &str = "Open a browser: the network or a proxy may want a login first.";
        match foreign {
            Foreign::Elsewhere { host } => {
                let target = host.as_deref().map_or_else(
                    || "elsewhere".into(),
                    |host| format!("to {}", quote_name(host)),
                );
                self.could_not(
                    Kind::Unreachable(Reach::Redirected),
                    &format!("something on the way redirects {target}."),
                )
                .hint(LOGIN)
            }
            Foreign::Page { kind } if kind.is_empty() => self
                .could_not(Kind::Garbled, "what came back is not an answer of AWS.")
                .hint(LOGIN),
            Foreign::Page { kind } => self
                .could_not(
                    Kind::Garbled,
                    &format!(
                        "what came back is not an answer of AWS ({}).",
                        quote_name(kind)
                    ),
                )
                .hint(LOGIN),
            Foreign::CutOff => self.could_not(Kind::Garbled, "the answer was cut off."),
        }
    }

    fn unreachable(&self, reach: Reach, detail: Option<&str>) -> Problem {
        let (why, hint) = match reach {
            Reach::Dns => (
                "its host name was not found.".to_owned(),
                "Check the network and its DNS.",
            ),
            Reach::Refused => (
                "the connection was refused.".to_owned(),
                "Check the proxy and the endpoint settings.",
            ),
            Reach::Reset => (
                "the connection was cut.".to_owned(),
                "Check the network and the proxy.",
            ),
            Reach::TimedOut => (
                "nothing came back in time.".to_owned(),
                "Check the network.",
            ),
            Reach::Certificate => (
                format!(
                    "the certificate is refused: {}.",
                    detail.unwrap_or("it is not valid")
                ),
                "If a proxy inspects TLS, put its certificate into AWS_CA_BUNDLE.",
            ),
            Reach::Redirected => ("it was redirected.".to_owned(), "Check the proxy."),
            Reach::Other => (
                quote(detail.unwrap_or("it cannot be reached")),
                "Check the network.",
            ),
        };
        self.could_not(Kind::Unreachable(reach), &why).hint(hint)
    }

    fn could_not(&self, kind: Kind, why: &str) -> Problem {
        Problem::new(kind, format!("Could not {}: {why}", self.deed()))
    }

    /// "list the stacks in eu-west-1 of prod"
    fn deed(&self) -> String {
        format!("{} in {}", self.subject.deed(), self.place())
    }

    /// "eu-west-1 of prod"
    fn place(&self) -> String {
        let account = &self.scope.account;
        match self.scope.region() {
            Some(region) => format!("{region} of {account}"),
            None => account.to_string(),
        }
    }

    fn thing(&self) -> String {
        match self.subject {
            Subject::Topic(topic) => match (topic, topic.stack()) {
                (_, Some(stack)) => sanitise(stack.name()).into_owned(),
                (
                    Topic::FunctionLog(name)
                    | Topic::Function(name)
                    | Topic::Versions(name)
                    | Topic::Aliases(name)
                    | Topic::EventSources(name)
                    | Topic::Concurrency(name),
                    None,
                ) => format!("The function {}", name.safe()),
                (Topic::AlarmHistory(name), None) => format!("The alarm {}", name.safe()),
                (Topic::Listeners(arn, _), None) => {
                    format!("The accelerator {}", sanitise(arn.id()))
                }
                (_, None) => "What was asked for".to_owned(),
            },
            Subject::LogEvents(group) => format!("The log group {}", group.safe()),
            Subject::LiveTail | Subject::Query => "A log group".to_owned(),
            Subject::Metrics => "A metric".to_owned(),
            Subject::Invocation(asked) => format!("The function {}", asked.target()),
            Subject::Deed(deed) => deed.thing(),
        }
    }

    /// The action that the question needs, for when AWS does not name it.
    fn action(&self) -> &'static str {
        self.subject.action()
    }
}

impl Subject<'_> {
    /// "list the stacks"
    fn deed(&self) -> String {
        let topic = match self {
            Self::Topic(topic) => topic,
            Self::LogEvents(group) => return format!("read the log group {}", group.safe()),
            Self::LiveTail => return "open a Live Tail session".to_owned(),
            Self::Query => return "query the logs".to_owned(),
            Self::Metrics => return "read the metrics".to_owned(),
            Self::Invocation(asked) => return format!("invoke {}", asked.target()),
            Self::Deed(deed) => return deed.words(),
        };
        let noun = topic.noun();
        let verb = match topic {
            Topic::Identity => "ask",
            Topic::Regions
            | Topic::Stacks
            | Topic::Resources(_)
            | Topic::ChangeSets(_)
            | Topic::LogGroups(_)
            | Topic::Functions
            | Topic::Alarms
            | Topic::Accelerators
            | Topic::Attachments => "list",
            Topic::Events(_)
            | Topic::Template(_)
            | Topic::Drift(_)
            | Topic::LambdaLimits
            | Topic::Metrics(_, _) => "read",
            Topic::Function(name)
            | Topic::Versions(name)
            | Topic::Aliases(name)
            | Topic::EventSources(name)
            | Topic::Concurrency(name)
            | Topic::AlarmHistory(name)
            | Topic::LastErrors(name) => return format!("read {noun} of {}", name.safe()),
            Topic::Listeners(arn, _) => {
                return format!("list {noun} of accelerator {}", sanitise(arn.id()));
            }
            Topic::Balancer(arn) => {
                let name = arn.exact().rsplit('/').nth(1).unwrap_or(arn.exact());
                return format!("read {noun} {}", sanitise(name));
            }
            Topic::Parameters(path) => return format!("list {noun} below {}", path.safe()),
            Topic::Owner(physical) => {
                return format!("find the stack that made {}", physical.safe());
            }
            Topic::FunctionLog(name) => {
                return format!("ask where the function {} logs", name.safe());
            }
        };
        match topic.stack() {
            Some(stack) => format!("{verb} {noun} of {}", sanitise(stack.name())),
            None => format!("{verb} {noun}"),
        }
    }

    /// What it means when there are too many at once.
    fn limit(self) -> Option<&'static str> {
        match self {
            Self::LiveTail => Some("all sessions that AWS allows there (15) are in use."),
            Self::Query => Some("as many queries run there as AWS allows (100)."),
            Self::Topic(_)
            | Self::LogEvents(_)
            | Self::Metrics
            | Self::Invocation(_)
            | Self::Deed(_) => None,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Topic(topic) => action(topic),
            Self::LogEvents(_) => "logs:FilterLogEvents",
            Self::LiveTail => "logs:StartLiveTail",
            Self::Query => "logs:StartQuery` and `logs:GetQueryResults",
            Self::Metrics => "cloudwatch:GetMetricData",
            Self::Invocation(_) => "lambda:InvokeFunction",
            Self::Deed(deed) => deed.action(),
        }
    }
}

fn action(topic: &Topic) -> &'static str {
    match topic {
        Topic::Identity => "sts:GetCallerIdentity",
        Topic::Regions => "account:ListRegions` or `ec2:DescribeRegions",
        Topic::Stacks => "cloudformation:DescribeStacks",
        Topic::Events(_) => "cloudformation:DescribeStackEvents",
        Topic::Resources(_) => "cloudformation:ListStackResources",
        Topic::Template(_) => "cloudformation:GetTemplate",
        Topic::ChangeSets(_) => {
            "cloudformation:ListChangeSets` and `cloudformation:DescribeChangeSet"
        }
        Topic::Drift(_) => "cloudformation:DescribeStackResourceDrifts",
        Topic::LogGroups(_) => "logs:DescribeLogGroups",
        Topic::FunctionLog(_) | Topic::Function(_) => "lambda:GetFunctionConfiguration",
        Topic::Functions => "lambda:ListFunctions",
        Topic::Versions(_) => "lambda:ListVersionsByFunction",
        Topic::Aliases(_) => "lambda:ListAliases",
        Topic::EventSources(_) => "lambda:ListEventSourceMappings",
        Topic::Concurrency(_) => {
            "lambda:GetFunctionConcurrency` and `lambda:ListProvisionedConcurrencyConfigs"
        }
        Topic::LambdaLimits => "lambda:GetAccountSettings",
        Topic::Owner(_) => "cloudformation:DescribeStackResources",
        Topic::Metrics(_, _) => "cloudwatch:GetMetricData",
        Topic::Alarms => "cloudwatch:DescribeAlarms",
        Topic::AlarmHistory(_) => "cloudwatch:DescribeAlarmHistory",
        Topic::LastErrors(_) => "logs:FilterLogEvents",
        Topic::Accelerators => {
            "globalaccelerator:ListAccelerators` and `globalaccelerator:ListCustomRoutingAccelerators"
        }
        Topic::Listeners(_, _) => {
            "globalaccelerator:ListListeners` and `globalaccelerator:ListEndpointGroups"
        }
        Topic::Attachments => "globalaccelerator:ListCrossAccountAttachments",
        Topic::Balancer(_) => {
            "elasticloadbalancing:DescribeLoadBalancers`, `elasticloadbalancing:DescribeTargetGroups` and `elasticloadbalancing:DescribeTargetHealth"
        }
        Topic::Parameters(_) => "ssm:GetParametersByPath",
    }
}

/// A short foreign word inside a sentence of ours.
fn quote_name(text: &str) -> String {
    sanitise(text).chars().take(60).collect()
}
