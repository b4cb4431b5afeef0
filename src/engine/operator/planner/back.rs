//! Plans the way back of stacks: what the state that each is in leaves open, and for one at rest what was there before.

use super::bench::{Bench, Piece, Recipe};
use super::desk::{Desk, Outline, Stake, all, denial, member, refusal, title, warns};
use super::hazard::{Policed, exports, of_changes};
use crate::aws::Warrant;
use crate::domain::operation::planning::{
    BackWay, back_way, destroys, expand, never_stable, skippable, stateful,
};
use crate::domain::operation::{
    Call, Member, OnFailure, OperationId, Plan, Seen, Sight, Snapshot, StackWish, Step, Token,
    Trace, Undo, UndoPolicy, Verb, Wave,
};
use crate::domain::stack::Protection;
use crate::domain::{
    Fleet, Kind, Problem, Reading, Scope, Stack, StackEvent, StackId, Topic, Untrusted,
};
use crate::engine::Shop;

/// What is wanted of a stack.
#[derive(Clone)]
struct Seat {
    wish: StackWish,
    skip: Vec<String>,
    index: usize,
}

/// A stack that is there.
struct Spot<'a> {
    desk: &'a Desk,
    scope: &'a Scope,
    digits: Untrusted,
    stack: Stack,
    token: Token,
}

pub(super) async fn plan(
    desk: &Desk,
    stacks: &[StackWish],
    skip: &[String],
) -> Result<Plan, Problem> {
    if stacks.is_empty() {
        return Err(refusal("No stack was named to roll back."));
    }
    let seats = stacks.iter().enumerate().map(|(index, wish)| {
        let seat = Seat {
            wish: wish.clone(),
            skip: skip.to_vec(),
            index,
        };
        (wish.scope.clone(), seat)
    });
    let pieces = desk
        .side_by_side(seats.collect(), |desk, scope, seat| async move {
            stack(&desk, &scope, &seat).await
        })
        .await;
    let pieces = match all(pieces) {
        Ok(pieces) => pieces,
        Err((made, problem)) => {
            Piece::discard_all(&desk.shop, made).await;
            return Err(problem);
        }
    };
    let stake = pieces.iter().map(|piece| piece.stake).max();
    let names: Vec<Untrusted> = stacks.iter().map(|wish| wish.name.clone()).collect();
    Ok(desk.plan(Outline {
        verb: Verb::Rollback,
        target: title(&names, "stacks"),
        waves: vec![Wave {
            members: pieces.into_iter().map(|piece| piece.member).collect(),
            gates: Vec::new(),
        }],
        undo: UndoPolicy::None,
        stake: stake.unwrap_or(Stake::Ordinary),
        region: None,
    }))
}

async fn stack(desk: &Desk, scope: &Scope, seat: &Seat) -> Result<Piece, Problem> {
    let digits = desk.digits(&scope.account).await?;
    let name = seat.wish.name.safe();
    let asked = seat.wish.id.as_ref();
    let asked = asked.map_or(seat.wish.name.exact(), StackId::exact);
    let found = desk.shop.cloud.stack(scope, asked).await?;
    let stack = found.ok_or_else(|| {
        Problem::new(
            Kind::Missing,
            format!("There is no stack {name} in {scope} to roll back."),
        )
    })?;
    if let Some(parent) = &stack.parent {
        let parent = crate::domain::untrusted::sanitise(parent.name());
        return Err(denial(format!(
            "{name} in {scope} is nested in {parent}: roll that one back."
        )));
    }
    let way = back_way(&stack.status);
    if !seat.skip.is_empty() && way != BackWay::Continue {
        return Err(denial(format!(
            "{name} in {scope} is {}: resources are only skipped where a rollback is stuck.",
            stack.status
        )));
    }
    let spot = Spot {
        desk,
        scope,
        digits,
        stack,
        token: desk.id.token(0, seat.index, 0),
    };
    match way {
        BackWay::Cancel => Ok(spot.cancel()),
        BackWay::RollBack => spot.roll_back().await,
        BackWay::Continue => spot.go_on(&seat.skip).await,
        BackWay::Redeploy => spot.redeploy().await,
        BackWay::Refuse(why) => Err(denial(format!(
            "{name} in {scope} is {}. {why}",
            spot.stack.status
        ))),
    }
}

impl Spot<'_> {
    fn place(&self) -> String {
        format!("{} in {}", self.stack.name.safe(), self.scope)
    }

    fn seen(&self) -> Seen {
        Seen {
            status: self.stack.status.as_str().to_owned(),
            updated: self.stack.updated,
        }
    }

    fn member(&self, never: &str) -> Member {
        let target = format!("stack/{}", self.stack.name.exact());
        let mut member = member(self.scope, self.digits.clone(), target);
        member.undo = Undo::Never(never.to_owned());
        member
    }

    async fn events(&self) -> Result<Vec<StackEvent>, Problem> {
        let topic = Topic::Events(self.stack.id.clone());
        match self.desk.read(topic, self.scope).await? {
            Reading::Events(events) => Ok(events),
            _ => Err(Problem::new(Kind::Bug, "Events were asked for.")),
        }
    }

    fn cancel(self) -> Piece {
        let mut member = self.member("An update that was cancelled is deployed anew.");
        member.steps.push(Step::Call(Call::CancelUpdateStack {
            stack: self.stack.id.clone(),
            seen: Some(self.seen()),
            token: self.token,
        }));
        Piece::of(member, Stake::Ordinary)
    }

    async fn roll_back(self) -> Result<Piece, Problem> {
        let events = self.events().await?;
        let mut member = self.member("What was rolled back is deployed anew.");
        let never = never_stable(&self.stack.status, &self.stack.id, &events);
        let stake = if let Some(false) = never {
            Stake::Ordinary
        } else {
            let topic = Topic::Resources(self.stack.id.clone());
            if let Reading::Resources(resources) = self.desk.read(topic, self.scope).await? {
                member.hazards.extend(stateful(&resources));
                let all: Vec<_> = resources.iter().map(|it| it.logical.safe()).collect();
                let may = if never.is_some() {
                    "WILL DELETE"
                } else {
                    "may delete"
                };
                member.hazards.push(warns(format!(
                    "The stack {} stable: rolling it back {may} all of it: {}.",
                    if never.is_some() {
                        "was never"
                    } else {
                        "may never have been"
                    },
                    all.join(", ")
                )));
            }
            if self.stack.protected == Protection::On {
                member.hazards.push(warns(
                    "Termination protection is on: AWS refuses to delete the stack until it is off.",
                ));
            }
            member
                .hazards
                .extend(exports(self.desk, self.scope, &self.stack).await);
            Stake::Grave
        };
        member.steps.push(Step::Call(Call::RollbackStack {
            stack: self.stack.id.clone(),
            seen: self.seen(),
            token: self.token,
        }));
        Ok(Piece::of(member, stake))
    }

    async fn go_on(self, skip: &[String]) -> Result<Piece, Problem> {
        let failed = skippable(&self.stack.id, &self.events().await?);
        let mut member = self.member("A rollback is not taken back.");
        let mut skipped = Vec::new();
        for name in skip {
            let found = failed.iter().find(|(it, _)| it.exact() == name);
            let Some((name, _)) = found else {
                let names: Vec<_> = failed.iter().map(|(it, _)| it.safe()).collect();
                let which = if names.is_empty() {
                    "its events name none".to_owned()
                } else {
                    format!("those are {}", names.join(", "))
                };
                return Err(refusal(format!(
                    "{} of {} cannot be skipped: only what failed in the rollback can, and {which}.",
                    crate::domain::untrusted::sanitise(name),
                    self.place()
                )));
            };
            skipped.push(name.clone());
        }
        for (name, reason) in &failed {
            let why = reason
                .as_ref()
                .map_or("no reason given".into(), Untrusted::safe);
            let words = if skipped.contains(name) {
                format!(
                    "{} is left as it is, so the stack has to be reconciled by hand afterwards. It failed: {why}",
                    name.safe()
                )
            } else {
                format!(
                    "{} failed in the rollback, and is tried again: {why}",
                    name.safe()
                )
            };
            member.hazards.push(warns(words));
        }
        let stake = if skipped.is_empty() {
            Stake::Ordinary
        } else {
            Stake::Grave
        };
        member.steps.push(Step::Call(Call::ContinueUpdateRollback {
            stack: self.stack.id.clone(),
            skip: skipped,
            seen: self.seen(),
            token: self.token,
        }));
        Ok(Piece::of(member, stake))
    }

    /// Deploys what was there before, through a change set, so that the reverse of the difference is seen.
    async fn redeploy(self) -> Result<Piece, Problem> {
        let journals = &self.desk.shop.books.journals;
        let kept = journals.latest(self.scope, &self.stack.id).await?;
        let Some((name, snapshot)) = kept else {
            return Err(denial(format!(
                "{} is {}, and no snapshot of it from before is known on this machine: there is nothing to go back to.",
                self.place(),
                self.stack.status
            ))
            .hint("Deploy an earlier template of it."));
        };
        let warrant = self
            .desk
            .shop
            .cloud
            .warrant(&self.scope.account, self.desk.now)?;
        let bucket = bucket(&self.desk.fleet, &self.stack, self.scope, &self.digits);
        let bench = bench(&self.desk.shop, self.desk.now, warrant, self.scope)?;
        let bench = bench.of(self.digits.clone(), self.stack.clone());
        let now = bench.snapshot().await?;
        let change_set = format!("quarterdeck-{}", self.desk.id.as_str());
        let made = bench
            .draft(Recipe::of(&snapshot, bucket), change_set)
            .await?;
        let mut member = self.member("");
        member.undo = Undo::Redeploy;
        member.hazards.push(warns(format!(
            "It goes back to {}, how it stood on {}.",
            crate::domain::untrusted::sanitise(&name),
            snapshot.taken.format("%Y-%m-%d %H:%MZ")
        )));
        let (kept, before) = now.unzip();
        member.snapshot = kept;
        if made.drafted.idle.is_some() {
            member.idle = Some(super::seat::IDLE.to_owned());
            return Ok(Piece::of(member, Stake::Ordinary));
        }
        let policy = (before.as_ref(), Policed::Yes);
        let changes = &made.drafted.changes;
        let more = of_changes(self.desk, self.scope, &self.stack, changes, policy).await;
        member.hazards.extend(more);
        member.hazards.extend(secrets(&snapshot));
        member.changes.clone_from(changes);
        member.parameters = made.settings.changes;
        let stake = if destroys(&member.changes) {
            Stake::Grave
        } else {
            Stake::Ordinary
        };
        member.steps.push(Step::Call(Call::ExecuteChangeSet {
            stack: made.drafted.stack.clone(),
            change_set: made.drafted.change_set.clone(),
            seen: self.seen(),
            token: self.token,
            failing: OnFailure::RollBack,
        }));
        Ok(Piece {
            drafted: Some((bench.warrant, made.drafted)),
            ..Piece::of(member, stake)
        })
    }
}

/// What a snapshot cannot say of secrets.
fn secrets(snapshot: &Snapshot) -> Vec<crate::domain::operation::Hazard> {
    let secret = snapshot.parameters.iter().filter(|it| it.value.is_none());
    secret
        .map(|it| {
            warns(format!(
                "{} is secret and keeps its present value: what it was then is known to nobody.",
                it.key.safe()
            ))
        })
        .collect()
}

/// The bucket that the fleet file names for a stack.
fn bucket(fleet: &Fleet, stack: &Stack, scope: &Scope, digits: &Untrusted) -> Option<String> {
    let mut deployments = fleet.deployments.iter().map(|(_, deployment)| deployment);
    let of_stack = deployments.find(|it| expand(&it.stack, scope, digits) == stack.name.exact())?;
    let bucket = of_stack.bucket.as_deref()?;
    Some(expand(bucket, scope, digits))
}

/// As [`way_back`](super::way_back).
pub(super) async fn way(
    (shop, fleet): (&Shop, &Fleet),
    warrant: &Warrant,
    id: &OperationId,
    member: &Member,
    place: (usize, usize, usize),
) -> Result<Vec<Step>, Problem> {
    let scope = &member.scope;
    let target = member.target.safe();
    let Some(name) = &member.snapshot else {
        return Err(refusal(format!(
            "No snapshot of {target} in {scope} was taken, so there is nothing to go back to."
        )));
    };
    let snapshot = shop.books.journals.snapshot(name).await?;
    let found = shop.cloud.stack(scope, snapshot.stack.exact()).await?;
    let stack = found.ok_or_else(|| {
        let what = format!("{target} in {scope} does not exist any more.");
        Problem::new(Kind::Missing, what)
    })?;
    if back_way(&stack.status) != BackWay::Redeploy {
        return Err(refusal(format!(
            "{target} in {scope} is {}, from where nothing can be deployed.",
            stack.status
        )));
    }
    // Looked at after the stack was read: whoever begins something in between is seen here, and later by `seen`.
    if !is_ours(shop, member).await? {
        return Err(refusal(format!(
            "Another operator changed {target} in {scope} since: what he did would be lost."
        )));
    }
    let seen = Seen {
        status: stack.status.as_str().to_owned(),
        updated: stack.updated,
    };
    let bucket = bucket(fleet, &stack, scope, &member.account);
    let bench = bench(shop, shop.clock.now(), warrant.clone(), scope)?;
    let bench = bench.of(member.account.clone(), stack);
    let (wave, seat, step) = place;
    let change_set = format!("quarterdeck-{}-back-{step}", id.as_str());
    let made = bench
        .draft(Recipe::of(&snapshot, bucket), change_set)
        .await?;
    if made.drafted.idle.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Step::Call(Call::ExecuteChangeSet {
        stack: made.drafted.stack,
        change_set: made.drafted.change_set,
        token: id.token(wave, seat, step),
        seen,
        failing: OnFailure::RollBack,
    })])
}

/// Whether the last operation on a member's stack is the update that the member made.
async fn is_ours(shop: &Shop, member: &Member) -> Result<bool, Problem> {
    let is_update = |call: &&Call| {
        matches!(
            call,
            Call::ExecuteChangeSet { .. } | Call::UpdateStack { .. }
        )
    };
    let Some(update) = member.calls().filter(is_update).last() else {
        return Ok(false);
    };
    let sight = shop.cloud.look(&member.scope, update).await?;
    Ok(matches!(sight, Sight::Stack(stack) if stack.trace == Trace::Newest))
}

/// A bench that no stack lies on yet.
struct Empty<'a> {
    shop: &'a Shop,
    now: crate::domain::Timestamp,
    warrant: Warrant,
    scope: &'a Scope,
    region: &'a crate::domain::Region,
}

fn bench<'a>(
    shop: &'a Shop,
    now: crate::domain::Timestamp,
    warrant: Warrant,
    scope: &'a Scope,
) -> Result<Empty<'a>, Problem> {
    let region = scope.region();
    let region =
        region.ok_or_else(|| refusal(format!("{scope} is no place that stacks are in.")))?;
    Ok(Empty {
        shop,
        now,
        warrant,
        scope,
        region,
    })
}

impl<'a> Empty<'a> {
    fn of(self, digits: Untrusted, stack: Stack) -> Bench<'a> {
        Bench {
            shop: self.shop,
            now: self.now,
            warrant: self.warrant,
            scope: self.scope,
            region: self.region,
            digits,
            name: stack.name.clone(),
            stack: Some(stack),
        }
    }
}

impl Piece {
    /// A member that nothing was drafted for.
    fn of(member: Member, stake: Stake) -> Self {
        Self {
            member,
            drafted: None,
            alarms: Vec::new(),
            stake,
        }
    }
}
