//! Why an endpoint is as it is, as far as anybody has told.

use super::home::Home;
use crate::domain::{
    AccountName, Balancer, Endpoint, EndpointGroup, Fleet, Health, HealthCheck, Kind, Problem,
    Slot, Store, Target, TargetGroup, Topic, Untrusted,
};

/// What is known of the reason.
#[derive(Clone, Debug)]
pub enum Reason<'s> {
    /// It is healthy, or nobody checks it.
    None,
    /// Its balancer is being asked.
    Asking,
    /// Its balancer stands in an account that we cannot ask.
    Elsewhere(Untrusted),
    /// Its balancer could not be asked.
    Refused(&'s Problem),
    /// Its balancer does not exist any more.
    Gone,
    /// A target behind it says why.
    Target(&'s TargetGroup, &'s Target),
    /// The balancer's targets are as they should be, so the cause lies between, or is over.
    Behind(&'s Balancer),
    /// The group's own check found it so; Global Accelerator tells no more.
    Check(&'s HealthCheck),
    /// Nobody tells.
    Untold,
}

impl<'s> Reason<'s> {
    /// Of an endpoint of a group of this account.
    pub fn of(
        (fleet, store): (&Fleet, &'s Store),
        account: &AccountName,
        (group, endpoint): (&'s EndpointGroup, &Endpoint),
    ) -> Self {
        if matches!(endpoint.health, Health::Healthy | Health::Unchecked) {
            return Self::None;
        }
        if !endpoint.kind.is_balancer() {
            return group.check.as_ref().map_or(Self::Untold, Self::Check);
        }
        match Home::of((fleet, store), account, (group, endpoint)) {
            Home::Here(scope) => {
                Self::of_slot(store.balancer(&scope, &Topic::Balancer(endpoint.id.clone())))
            }
            Home::Elsewhere(digits) => Self::Elsewhere(digits),
            Home::Untold => Self::Asking,
            Home::Nowhere => Self::Untold,
        }
    }

    fn of_slot(slot: Option<&'s Slot<Option<Balancer>>>) -> Self {
        match slot.map(|slot| (slot.value(), slot.failing())) {
            None | Some((None, None)) => Self::Asking,
            Some((None, Some(failing))) => Self::Refused(&failing.problem),
            Some((Some(None), _)) => Self::Gone,
            Some((Some(Some(balancer)), _)) => match balancer.culprit() {
                Some((group, target)) => Self::Target(group, target),
                None => Self::Behind(balancer),
            },
        }
    }

    /// In a word or two, for a narrow column: the end of a sentence would be cut off, and says most.
    pub fn brief(&self) -> String {
        match self {
            Self::Target(_, target) => {
                let code = target.reason.as_ref().map(|it| it.safe().into_owned());
                let code = code.unwrap_or_else(|| target.health.word().into_owned());
                let behind = code.split_once('.').map(|(_, behind)| behind.to_owned());
                behind.filter(|it| !it.is_empty()).unwrap_or(code)
            }
            Self::Elsewhere(digits) => format!("account {}", grouped(digits)),
            Self::Refused(problem) if problem.kind == Kind::Denied => {
                "reason not allowed".to_owned()
            }
            Self::Refused(problem) => problem.brief().to_owned(),
            Self::Gone => "balancer is gone".to_owned(),
            Self::Check(check) => format!("no answer {}", check.protocol.safe()),
            Self::None | Self::Asking | Self::Behind(_) | Self::Untold => self.words(),
        }
    }

    /// In a few words, all of them safe; none where there is nothing to say.
    pub fn words(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Asking => "asking its balancer".to_owned(),
            Self::Elsewhere(digits) => format!("in another account {}", grouped(digits)),
            Self::Refused(problem) if problem.kind == Kind::Denied => {
                format!("reason not allowed: {}", missing(problem))
            }
            Self::Refused(problem) => format!("reason not known: {}", problem.brief()),
            Self::Gone => "its balancer does not exist".to_owned(),
            Self::Target(group, target) => told(group, target),
            Self::Behind(balancer) => match &balancer.reason {
                Some(reason) => reason.safe().into_owned(),
                None => "its targets are healthy by now".to_owned(),
            },
            Self::Check(check) => format!("did not answer {}", check_words(check)),
            Self::Untold => "nobody tells why".to_owned(),
        }
    }
}

/// AWS's sentence and its code, of a target.
fn told(group: &TargetGroup, target: &Target) -> String {
    let described = target.description.as_ref().map(|it| it.safe().into_owned());
    let code = target.reason.as_ref().map(|it| it.safe().into_owned());
    match (described, code) {
        (Some(words), Some(code)) => format!("{words} ({code})"),
        (Some(words), None) => words,
        (None, Some(code)) => format!("{code} in {}", group.name.safe()),
        (None, None) => format!("target {} in {}", target.health.word(), group.name.safe()),
    }
}

/// Which permission a refusal says is missing; the sentence as it is, where it names none.
pub fn missing(problem: &Problem) -> String {
    let texts = [&problem.what].into_iter().chain(&problem.hint);
    let mut words = texts
        .flat_map(|text| text.split(|sign: char| sign.is_whitespace() || "`\"',;".contains(sign)));
    let found = words.find(|word| {
        word.split_once(':').is_some_and(|(service, action)| {
            service == "elasticloadbalancing" && !action.is_empty()
        })
    });
    found.map_or_else(
        || "elasticloadbalancing:DescribeTargetHealth".to_owned(),
        |word| word.trim_end_matches('.').to_owned(),
    )
}

/// `HTTP :80 /api/v1/health every 30 s ×3`, in plain letters.
pub fn check_words(check: &HealthCheck) -> String {
    let port = check
        .port
        .map_or_else(String::new, |port| format!(" :{port}"));
    let path = check.path.as_ref();
    let path = path.map_or_else(String::new, |path| format!(" {}", path.safe()));
    let (every, times) = (check.interval, check.threshold);
    let what = format!("{}{port}{path}", check.protocol.safe());
    // A function is invoked, by no protocol and at no port.
    format!("{} every {every} s, {times} in a row", what.trim_start())
}

/// `1234-5678-9012`
pub fn grouped(digits: &Untrusted) -> String {
    let safe = digits.safe();
    match (safe.get(0..4), safe.get(4..8), safe.get(8..12)) {
        (Some(a), Some(b), Some(c)) if safe.len() == 12 => format!("{a}-{b}-{c}"),
        _ => safe.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_permission_that_is_missing() {
        let denied = Problem::new(Kind::Denied, "Not allowed to read the load balancer web.")
            .hint("Allow `elasticloadbalancing:DescribeTargetHealth` for the profile prod.");
        let words = Reason::Refused(&denied).words();
        assert_eq!(
            words,
            "reason not allowed: elasticloadbalancing:DescribeTargetHealth"
        );
        assert_eq!(
            Reason::Elsewhere("210987654321".into()).words(),
            "in another account 2109-8765-4321"
        );
    }
}
