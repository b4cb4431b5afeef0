//! What every plan is made with: who asks, for what, under which name; and how members become a plan.

pub(super) use crate::domain::operation::planning::Stake;
use crate::domain::operation::planning::{consent, targets};
use crate::domain::operation::{
    Hazard, Member, MemberState, OperationId, Plan, Run, Undo, UndoPolicy, Verb, Wave,
};
use crate::domain::{
    AccountName, Fleet, Kind, Problem, Reading, Scope, Timestamp, Topic, Untrusted,
};
use crate::engine::Shop;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Places of one account that are looked at at the same time.
const AT_ONCE: usize = 4;

/// Where plans are made.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) shop: Shop,
    pub(super) fleet: Arc<Fleet>,
    pub(super) id: OperationId,
    pub(super) now: Timestamp,
    /// Newest first.
    history: Arc<Result<Vec<Run>, Problem>>,
}

/// A plan but for what every plan has.
pub(super) struct Outline {
    pub(super) verb: Verb,
    pub(super) target: Untrusted,
    pub(super) waves: Vec<Wave>,
    pub(super) undo: UndoPolicy,
    pub(super) stake: Stake,
    /// The region of members that are in none.
    pub(super) region: Option<Untrusted>,
}

impl Desk {
    pub(super) async fn new(shop: &Shop, fleet: &Fleet, id: &OperationId) -> Self {
        Self {
            history: Arc::new(shop.books.journals.runs().await),
            now: shop.clock.now(),
            shop: shop.clone(),
            fleet: Arc::new(fleet.clone()),
            id: id.clone(),
        }
    }

    /// Asks AWS something that changes nothing.
    pub(super) async fn read(&self, topic: Topic, scope: &Scope) -> Result<Reading, Problem> {
        self.shop.cloud.read(&topic, scope).await
    }

    /// The twelve digits of an account, asked anew: a plan is for one account, and its run asks again.
    pub(super) async fn digits(&self, account: &AccountName) -> Result<Untrusted, Problem> {
        let digits = self.shop.cloud.whoami(account).await?.account_id;
        let is_known =
            digits.exact().len() == 12 && digits.exact().bytes().all(|byte| byte.is_ascii_digit());
        if is_known {
            return Ok(digits);
        }
        Err(Problem::new(
            Kind::Garbled,
            format!(
                "STS does not say which account {account} is: `{}`.",
                digits.safe()
            ),
        ))
    }

    /// What this machine knows of earlier runs, newest first.
    pub(super) fn history(&self) -> Result<&[Run], Problem> {
        match &*self.history {
            Ok(runs) => Ok(runs),
            Err(problem) => Err(problem.clone()),
        }
    }

    /// How many seconds the last good run of this took here.
    fn usual(&self, verb: Verb, member: &Member) -> Option<u32> {
        let runs = self.history().ok()?.iter();
        let mut same = runs
            .filter(|run| run.plan.verb == verb)
            .flat_map(Run::members)
            .filter(|(planned, run)| {
                planned.target == member.target
                    && planned.scope == member.scope
                    && run.state == MemberState::Succeeded
            });
        let span = same.find_map(|(_, run)| Some(run.ended? - run.began?))?;
        u32::try_from(span.num_seconds()).ok()
    }

    /// The plan of an outline.
    pub(super) fn plan(&self, outline: Outline) -> Plan {
        let Outline {
            verb,
            target,
            mut waves,
            undo,
            stake,
            region,
        } = outline;
        for member in waves.iter_mut().flat_map(|wave| &mut wave.members) {
            member.usual = self.usual(verb, member);
        }
        let mut plan = Plan {
            id: self.id.clone(),
            verb,
            target,
            // From here on: what it is made of was read while it was made, and some of that takes minutes.
            made: self.shop.clock.now(),
            by: self.shop.books.journals.who().to_owned(),
            waves,
            consent: crate::domain::operation::Consent::Key,
            undo,
        };
        let named = region.clone();
        let region = region.as_ref().map_or("global".into(), Untrusted::safe);
        let losses = plan.losses().count();
        let stake = if losses > 0 { Stake::Grave } else { stake };
        let targets = targets(&plan, &region);
        plan.consent = consent(&self.fleet, &plan.target.safe(), &targets, stake);
        if let Some(region) = named {
            // An accelerator is in no region, and what is done to it is in one: it has to be read everywhere.
            plan.target = Untrusted::new(format!("{} {}", plan.target.exact(), region.exact()));
        }
        plan
    }

    /// Works on all of these at the same time, though not on too many of one account; in their order.
    pub(super) async fn side_by_side<T, W, F>(
        &self,
        items: Vec<(Scope, T)>,
        work: impl Fn(Self, Scope, T) -> F,
    ) -> Vec<Result<W, Problem>>
    where
        W: Send + 'static,
        F: Future<Output = Result<W, Problem>> + Send + 'static,
    {
        let mut turns: BTreeMap<AccountName, Arc<Semaphore>> = BTreeMap::new();
        let mut tasks = JoinSet::new();
        let mut results: Vec<Option<Result<W, Problem>>> = Vec::new();
        for (index, (scope, item)) in items.into_iter().enumerate() {
            results.push(None);
            let turns = turns.entry(scope.account.clone());
            let turn = Arc::clone(turns.or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))));
            let work = work(self.clone(), scope, item);
            tasks.spawn(async move {
                // Nobody closes it.
                let _turn = turn.acquire().await;
                (index, work.await)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok((index, result)) => {
                    if let Some(place) = results.get_mut(index) {
                        *place = Some(result);
                    }
                }
                // A panic must not vanish.
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_cancelled) => {}
            }
        }
        let lost = || {
            Err(Problem::new(
                Kind::Bug,
                "A part of the plan was not finished.",
            ))
        };
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(lost))
            .collect()
    }
}

/// All of them, or one problem that names every reason; with what was made all the same.
pub(super) fn all<T>(results: Vec<Result<T, Problem>>) -> Result<Vec<T>, (Vec<T>, Problem)> {
    let of = results.len();
    let (mut made, mut problems) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(it) => made.push(it),
            Err(problem) => problems.push(problem),
        }
    }
    let mut problems = problems.into_iter();
    let Some(first) = problems.next() else {
        return Ok(made);
    };
    let mut others: Vec<String> = problems.map(|problem| problem.what).collect();
    let mut whole = first;
    if !others.is_empty() {
        let failed = of - made.len();
        // What is the same everywhere is said once.
        others.retain(|what| *what != whole.what);
        others.dedup();
        others.insert(0, whole.what);
        whole.what = format!(
            "{failed} of {of} cannot be planned for. {}",
            others.join(" ")
        );
    }
    Err((made, whole))
}

/// A name for one target, or for all of several.
pub(super) fn title(names: &[Untrusted], plural: &str) -> Untrusted {
    match names {
        [first, rest @ ..] if rest.iter().all(|name| name == first) => first.clone(),
        names => {
            let distinct: std::collections::BTreeSet<_> = names.iter().collect();
            Untrusted::new(format!("{} {plural}", distinct.len()))
        }
    }
}

/// A member without anything to do, to be filled in.
pub(super) fn member(scope: &Scope, account: Untrusted, target: String) -> Member {
    Member {
        scope: scope.clone(),
        account,
        target: Untrusted::new(target),
        steps: Vec::new(),
        changes: Vec::new(),
        parameters: Vec::new(),
        hazards: Vec::new(),
        undo: Undo::Reverse,
        snapshot: None,
        idle: None,
        usual: None,
    }
}

pub(super) fn warns(words: impl Into<String>) -> Hazard {
    Hazard::Warns(words.into())
}

/// A rule says no: a sentence.
pub(super) fn denial(what: impl Into<String>) -> Problem {
    Problem::new(Kind::Denied, what)
}

/// What somebody asked for makes no sense: a sentence.
pub(super) fn refusal(what: impl Into<String>) -> Problem {
    Problem::new(Kind::Invalid, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_stands_for_itself_and_many_are_all_named() {
        let bad = |what: &str| Err::<u8, _>(refusal(what).hint("Do this."));
        assert_eq!(all(vec![Ok(1), Ok(2)]).unwrap(), [1, 2]);
        let (made, problem) = all(vec![Ok(1), bad("One.")]).unwrap_err();
        assert_eq!((made, problem.what.as_str()), (vec![1], "One."));
        let (_, problem) = all(vec![bad("One."), Ok(1), bad("Two.")]).unwrap_err();
        assert_eq!(problem.what, "2 of 3 cannot be planned for. One. Two.");
        assert_eq!(problem.hint.as_deref(), Some("Do this."));
    }

    #[test]
    fn a_title_names_what_all_share() {
        let names = |names: &[&str]| {
            let names: Vec<Untrusted> = names.iter().map(|name| (*name).into()).collect();
            title(&names, "stacks").exact().to_owned()
        };
        assert_eq!(names(&["api", "api"]), "api");
        assert_eq!(names(&["api", "web", "api"]), "2 stacks");
    }
}
