//! Why an endpoint is not healthy, as far as somebody can be asked.
//!
//! Over a load balancer its own target groups decide, so it is asked, in the account and region where it stands. Over
//! an instance or an address the group's check decides, and nobody knows more than its settings.

use crate::cli::Session;
use crate::cli::endpoints::{Question, Seat, exact};
use crate::cli::fetch::Fetched;
use crate::domain::{
    AccountName, Balancer, EndpointKind, Health, Identity, Region, Scope, Slot, Target,
    TargetGroup, Topic, Untrusted,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long anybody waits for reasons: the health itself is known by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// What load balancers said.
#[derive(Default)]
pub(super) struct Reasons {
    fetched: Fetched,
    /// Who has these twelve digits.
    owners: BTreeMap<String, AccountName>,
    /// Who was asked and has not answered.
    open: BTreeSet<Question>,
}

/// Why one endpoint is not healthy.
pub(super) struct Reason<'r> {
    pub(super) words: String,
    /// What decides, and the target that tells best.
    culprit: Option<(&'r TargetGroup, &'r Target)>,
}

impl Reasons {
    /// Asks the balancers among endpoints that are not healthy.
    pub(super) async fn ask(&mut self, session: &mut Session, seats: &[Seat<'_>]) {
        let seats: Vec<&Seat<'_>> = seats.iter().filter(|seat| is_asked(seat)).collect();
        for seat in &seats {
            // An accelerator's ARN has the digits of its account.
            if let Some(digits) = seat.accelerator.arn.exact().split(':').nth(4) {
                let account = &seat.scope.account;
                self.owners.insert(digits.to_owned(), account.clone());
            }
        }
        let strangers = |owners: &BTreeMap<String, AccountName>| {
            let mut accounts = seats.iter().filter_map(|seat| seat.endpoint.account());
            accounts.any(|digits| !owners.contains_key(digits))
        };
        if strangers(&self.owners) {
            self.ask_who(session).await;
        }
        let questions: BTreeSet<Question> = seats
            .iter()
            .filter_map(|seat| self.question(seat).ok())
            .collect();
        if !questions.is_empty() {
            let questions = questions.into_iter().collect();
            let patience = Some(PATIENCE);
            self.open = self.fetched.ask_aloud(session, questions, patience).await;
        }
    }

    async fn ask_who(&mut self, session: &mut Session) {
        let known: BTreeSet<&AccountName> = self.owners.values().collect();
        let unknown = session.fleet.accounts.iter().map(|account| &account.name);
        let unknown: Vec<AccountName> = unknown.filter(|it| !known.contains(it)).cloned().collect();
        let questions = unknown
            .iter()
            .map(|account| (Topic::Identity, Scope::global(account)))
            .collect();
        let patience = Some(PATIENCE);
        self.fetched.ask_aloud(session, questions, patience).await;
        for account in unknown {
            let slot = self.fetched.store.identity(&account);
            if let Some(Identity { account_id, .. }) = slot.and_then(Slot::value) {
                self.owners.insert(account_id.exact().to_owned(), account);
            }
        }
    }

    /// Whom to ask of a balancer; else why nobody is.
    fn question(&self, seat: &Seat<'_>) -> Result<Question, String> {
        let endpoint = seat.endpoint;
        let digits = endpoint.account().unwrap_or_default();
        let Some(account) = self.owners.get(digits) else {
            return Err(format!(
                "its load balancer is in another account ({})",
                Untrusted::new(digits).safe()
            ));
        };
        let region = endpoint.region().unwrap_or_default();
        if !Region::is_plausible(region) {
            return Err(format!(
                "its load balancer is in a region that cannot be asked ({})",
                Untrusted::new(region).safe()
            ));
        }
        let scope = Scope::regional(account, &Region::new(region));
        Ok((Topic::Balancer(endpoint.id.clone()), scope))
    }

    /// Says what kept reasons from being told.
    pub(super) fn say_problems(&self) {
        self.fetched.say_problems();
    }

    /// Why an endpoint is as it is; none where it is well.
    pub(super) fn of(&self, seat: &Seat<'_>) -> Option<Reason<'_>> {
        let plain = |words: String| {
            Some(Reason {
                words,
                culprit: None,
            })
        };
        match &seat.endpoint.health {
            Health::Healthy | Health::Unchecked => return None,
            Health::Unhealthy | Health::Initial | Health::Other(_) => {}
        }
        if !seat.endpoint.kind.is_balancer() {
            return plain(check(seat)?);
        }
        let (topic, scope) = match self.question(seat) {
            Ok(question) => question,
            Err(words) => return plain(words),
        };
        let slot = self.fetched.store.balancer(&scope, &topic);
        match (slot.and_then(Slot::value), slot.and_then(Slot::failing)) {
            (Some(Some(balancer)), _) => Some(reason(balancer)),
            (Some(None), _) => plain("its load balancer does not exist any more".into()),
            (None, Some(failing)) => plain(format!("unknown: {}", failing.problem.brief())),
            (None, None) if self.open.contains(&(topic, scope)) => {
                plain("unknown: no answer in time".into())
            }
            (None, None) => plain("unknown".into()),
        }
    }
}

/// Whether somebody can say more of it.
pub(super) fn is_asked(seat: &Seat<'_>) -> bool {
    let is_well = matches!(seat.endpoint.health, Health::Healthy | Health::Unchecked);
    seat.endpoint.kind.is_balancer() && !is_well
}

/// The check that decides over what is no balancer.
fn check(seat: &Seat<'_>) -> Option<String> {
    let check = seat.group.check.as_ref()?;
    let port = check.port.map_or_else(String::new, |it| format!(" {it}"));
    let path = check
        .path
        .as_ref()
        .filter(|_| check.protocol.exact() != "TCP")
        .map_or_else(String::new, |it| format!(" {}", it.safe()));
    let what = match seat.endpoint.kind {
        EndpointKind::Instance => "the instance",
        EndpointKind::ElasticIp => "the address",
        EndpointKind::ApplicationBalancer
        | EndpointKind::NetworkBalancer
        | EndpointKind::Subnet
        | EndpointKind::Other => "it",
    };
    Some(format!(
        "the group's check decides over {what}: {}{port}{path}, every {}s, {} in a row",
        check.protocol.safe(),
        check.interval,
        check.threshold
    ))
}

fn reason(balancer: &Balancer) -> Reason<'_> {
    let culprit = balancer.culprit();
    let is_active = ["active", "active_impaired"].contains(&balancer.state.exact());
    let words = match (culprit, balancer.groups.first()) {
        _ if !is_active => {
            let reason = balancer.reason.as_ref();
            let reason = reason.map_or_else(String::new, |it| format!(": {}", it.safe()));
            format!("the load balancer is {}{reason}", balancer.state.safe())
        }
        (Some((group, target)), _) => told(group, target),
        (None, None) => "the load balancer has no target group".into(),
        (None, Some(_)) => match balancer.groups.iter().find(|it| it.targets.is_empty()) {
            Some(group) => format!("{} has no target", group.name.safe()),
            None => "every target is healthy by now".into(),
        },
    };
    Reason { words, culprit }
}

/// `k8s-gco-api 0/3: Target.ResponseCodeMismatch, Health checks failed with these codes: [503]`
fn told(group: &TargetGroup, target: &Target) -> String {
    let (healthy, all) = group.counts();
    let mut words = format!(
        "{} {healthy}/{all}: {}",
        group.name.safe(),
        target
            .reason
            .as_ref()
            .map_or_else(|| target.health.word(), Untrusted::safe)
    );
    if let Some(description) = &target.description {
        words.push_str(", ");
        words.push_str(&description.safe());
    }
    words
}

impl Reason<'_> {
    pub(super) fn object(&self) -> Value {
        let mut object = json!({ "words": self.words });
        if let Some((group, target)) = self.culprit {
            object["target_group"] = group.name.exact().into();
            object["target"] = target.id.exact().into();
            object["port"] = target.port.into();
            object["state"] = target.health.word().into();
            object["code"] = exact(target.reason.as_ref()).into();
            object["description"] = exact(target.description.as_ref()).into();
        }
        object
    }
}
