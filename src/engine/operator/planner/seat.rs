//! Plans a deployment in one place: what would change there, and everything that has to be known of it.

use super::alarms;
use super::bench::{Bench, Made, Piece, Recipe, of_failing, of_secrets};
use super::desk::{Desk, Stake, denial, member, refusal, warns};
use super::hazard::{Policed, of_changes};
use super::template::{self, For};
use crate::domain::operation::planning::{DeployWay, deploy_way, destroys, expand, partition};
use crate::domain::operation::{
    Body, Call, Deployment, Gate, Member, OnFailure, Setting, Snapshot, Source, Step, Undo,
};
use crate::domain::untrusted::sanitise;
use crate::domain::{Problem, Scope, Stack, StackStatus, Untrusted};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a stack that is being deleted is waited for, and how often it is looked at.
const GOING: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_secs(2);

/// What CloudFormation says where nothing would change.
pub(super) const IDLE: &str = "No updates are to be performed.";

/// A place of a deployment: the wave, and which of its members.
#[derive(Clone)]
pub(super) struct Seat {
    pub(super) deployment: Arc<Deployment>,
    pub(super) wave: usize,
    pub(super) member: usize,
}

/// The stack of a seat, and what is to become of it.
struct Place<'a> {
    desk: &'a Desk,
    bench: Bench<'a>,
    seat: &'a Seat,
    way: DeployWay,
}

pub(super) async fn plan(desk: &Desk, scope: &Scope, seat: &Seat) -> Result<Piece, Problem> {
    if let Some(member) = elsewhere(desk, scope, seat).await? {
        return Ok(Piece {
            member,
            drafted: None,
            alarms: Vec::new(),
            stake: Stake::Ordinary,
        });
    }
    let place = find(desk, scope, seat).await?;
    place.is_possible()?;
    let recipe = place.recipe().await?;
    let bucket = recipe.bucket.clone();
    let (alarms, unwell) = alarms::watched(desk, &place.bench, &seat.deployment).await?;
    let snapshot = place.bench.snapshot().await?;
    let change_set = format!("quarterdeck-{}", desk.id.as_str());
    let made = place.bench.draft(recipe, change_set).await?;
    let drafted = made.drafted.clone();
    match place.piece(made, snapshot, bucket).await {
        Ok(mut piece) => {
            piece.alarms = alarms;
            if piece.member.idle.is_none() {
                piece.member.hazards.extend(unwell);
            }
            Ok(piece)
        }
        Err(problem) => {
            place.bench.discard(&drafted).await;
            Err(problem)
        }
    }
}

/// The member that does nothing, where the deployment is for another account: a template that was synthesised for one
/// must not go into any other.
async fn elsewhere(desk: &Desk, scope: &Scope, seat: &Seat) -> Result<Option<Member>, Problem> {
    let Some(own) = &seat.deployment.account else {
        return Ok(None);
    };
    let digits = desk.digits(&scope.account).await?;
    if digits.exact() == own {
        return Ok(None);
    }
    let name = expand(&seat.deployment.stack, scope, &digits);
    let idle = format!(
        "Nothing to do: {} is for the account {}, and {} is {}.",
        sanitise(&name),
        sanitise(own),
        scope.account,
        digits.safe()
    );
    let mut member = member(scope, digits, format!("stack/{name}"));
    member.idle = Some(idle);
    Ok(Some(member))
}

/// The stack as it stands. One that is going, as one does that only a dropped plan was for, is let go first.
async fn stack(desk: &Desk, scope: &Scope, name: &Untrusted) -> Result<Option<Stack>, Problem> {
    let until = Instant::now() + GOING;
    loop {
        let stack = desk.shop.cloud.stack(scope, name.exact()).await?;
        let is_going = |stack: &Stack| stack.status == StackStatus::DeleteInProgress;
        if !stack.as_ref().is_some_and(is_going) || Instant::now() >= until {
            return Ok(stack);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn find<'a>(desk: &'a Desk, scope: &'a Scope, seat: &'a Seat) -> Result<Place<'a>, Problem> {
    let Some(region) = scope.region() else {
        return Err(refusal(format!("{scope} is no place that stacks are in.")));
    };
    // Asked first: without it nothing here can be worked out.
    let warrant = desk.shop.cloud.warrant(&scope.account, desk.now)?;
    let digits = desk.digits(&scope.account).await?;
    let name = Untrusted::new(expand(&seat.deployment.stack, scope, &digits));
    let stack = stack(desk, scope, &name).await?;
    let way = deploy_way(stack.as_ref().map(|stack| &stack.status));
    let shown = name.safe();
    if let Some(stack) = &stack {
        if let DeployWay::Refuse(why) = way {
            let status = &stack.status;
            let what = format!("{shown} in {scope} is {status}. {why}");
            return Err(denial(what));
        }
        if let Some(parent) = &stack.parent {
            let parent = sanitise(parent.name());
            let what = format!("{shown} in {scope} is nested in {parent}: deploy that one.");
            return Err(denial(what));
        }
    }
    let is_there = way != DeployWay::Create;
    Ok(Place {
        bench: Bench {
            shop: &desk.shop,
            now: desk.now,
            warrant,
            scope,
            region,
            digits,
            name,
            stack: stack.filter(|_| is_there),
        },
        desk,
        seat,
        way,
    })
}

impl Place<'_> {
    fn deployment(&self) -> &Deployment {
        &self.seat.deployment
    }

    fn expand(&self, text: &str) -> String {
        expand(text, self.bench.scope, &self.bench.digits)
    }

    /// An update past the stack policy is no change set, and does not take all that one does.
    fn is_possible(&self) -> Result<(), Problem> {
        let deployment = self.deployment();
        if deployment.policy.during.is_none() || self.bench.stack.is_none() {
            return Ok(());
        }
        let what = if !deployment.alarms.is_empty() {
            "rollback alarms"
        } else if deployment.notifications.is_some() {
            "notifications"
        } else if self.failing() == OnFailure::Stay {
            "leaving what failed as it is"
        } else {
            return Ok(());
        };
        Err(refusal(format!(
            "{} in {} cannot be updated past its stack policy with {what}: only a change set takes that.",
            self.bench.name.safe(),
            self.bench.scope
        )))
    }

    fn failing(&self) -> OnFailure {
        match self.way {
            // CloudFormation takes nothing else there.
            DeployWay::Retry => OnFailure::Stay,
            DeployWay::Create | DeployWay::Update | DeployWay::Refuse(_) => {
                self.deployment().failing
            }
        }
    }

    async fn recipe(&self) -> Result<Recipe, Problem> {
        let deployment = self.deployment();
        let source = match &deployment.source {
            Source::File(path) => match path.to_str() {
                Some(text) => Source::File(self.expand(text).into()),
                None => Source::File(path.clone()),
            },
            Source::Command(_) | Source::Same => deployment.source.clone(),
        };
        let place = For {
            scope: self.bench.scope,
            region: self.bench.region,
            digits: &self.bench.digits,
            stack: self.bench.name.exact(),
        };
        let filled = |text: &String| Untrusted::new(self.expand(text));
        let notifications = deployment.notifications.as_ref();
        let alarms = &deployment.alarms;
        Ok(Recipe {
            text: template::text(&source, &place).await?,
            parameters: deployment.parameters.clone(),
            tags: deployment.tags.clone(),
            role: deployment.role.as_ref().map(filled),
            notifications: notifications.map(|list| list.iter().map(filled).collect()),
            alarms: (!alarms.is_empty()).then(|| alarms.iter().map(|it| self.arn(it)).collect()),
            bucket: deployment.bucket.as_deref().map(|it| self.expand(it)),
        })
    }

    /// The ARN of an alarm of this place.
    fn arn(&self, alarm: &str) -> Untrusted {
        let alarm = self.expand(alarm);
        if alarm.starts_with("arn:") {
            return Untrusted::new(alarm);
        }
        let (region, digits) = (self.bench.region, self.bench.digits.exact());
        let partition = partition(region);
        Untrusted::new(format!(
            "arn:{partition}:cloudwatch:{region}:{digits}:alarm:{alarm}"
        ))
    }

    /// The member that would execute what was drafted.
    async fn piece(
        &self,
        made: Made,
        snapshot: Option<(String, Snapshot)>,
        bucket: Option<String>,
    ) -> Result<Piece, Problem> {
        let bench = &self.bench;
        let target = format!("stack/{}", bench.name.exact());
        let mut member = member(bench.scope, bench.digits.clone(), target);
        let (kept, before) = snapshot.unzip();
        member.snapshot = kept;
        member.undo = self.undo();
        if made.drafted.idle.is_some() {
            member.idle = Some(IDLE.to_owned());
            return Ok(Piece {
                member,
                drafted: None,
                alarms: Vec::new(),
                stake: Stake::Ordinary,
            });
        }
        let during = self.deployment().policy.during.as_ref();
        let past = during.zip(bench.stack.as_ref());
        if let Some(stack) = &bench.stack {
            let policed = match past {
                Some(_) => Policed::No,
                None => Policed::Yes,
            };
            let policy = (before.as_ref(), policed);
            let changes = &made.drafted.changes;
            member.hazards = of_changes(self.desk, bench.scope, stack, changes, policy).await;
        }
        let failing = self.failing();
        member.hazards.extend(of_failing(failing));
        member.changes.clone_from(&made.drafted.changes);
        member.parameters.clone_from(&made.settings.changes);
        let stake = if destroys(&member.changes) {
            Stake::Grave
        } else {
            Stake::Ordinary
        };
        self.opening(&mut member);
        let step = member.steps.len();
        let token = self.desk.id.token(self.seat.wave, self.seat.member, step);
        let seen = bench.seen(&made.drafted).await?;
        let Some((during, stack)) = past else {
            member.hazards.extend(of_secrets(&made.settings));
            let drafted = made.drafted;
            member.steps.push(Step::Call(Call::ExecuteChangeSet {
                stack: drafted.stack.clone(),
                change_set: drafted.change_set.clone(),
                token,
                seen,
                failing,
            }));
            if let (DeployWay::Create, Some(policy)) = (&self.way, &self.deployment().policy.body) {
                member.steps.push(Step::Call(Call::SetStackPolicy {
                    stack: drafted.stack.clone(),
                    policy: policy.clone(),
                }));
            }
            return Ok(Piece {
                member,
                drafted: Some((bench.warrant.clone(), drafted)),
                alarms: Vec::new(),
                stake,
            });
        };
        // A change set cannot get past a policy. It was for the looking, and goes before the update does.
        member.hazards.push(warns(
            "For this one update the stack policy is overridden: it protects nothing meanwhile.",
        ));
        let template = match (made.body.clone(), before) {
            (Some(body), _) => body,
            (None, Some(before)) => bench.body(before.template, bucket.as_deref()).await?,
            (None, None) => Body::Text(String::new()),
        };
        let parameters = Self::writable(&mut member, &made);
        member.steps.push(Step::Call(Call::UpdateStack {
            stack: stack.id.clone(),
            template,
            parameters,
            tags: made.tags.clone(),
            capabilities: made.needs.capabilities.clone(),
            role: self
                .deployment()
                .role
                .as_deref()
                .map(|role| Untrusted::new(self.expand(role))),
            policy: during.clone(),
            token,
            seen,
        }));
        bench.discard(&made.drafted).await;
        Ok(Piece {
            member,
            drafted: None,
            alarms: Vec::new(),
            stake,
        })
    }

    /// How the deployment is taken back.
    fn undo(&self) -> Undo {
        match self.way {
            DeployWay::Update => Undo::Redeploy,
            DeployWay::Create => Undo::Never(
                "A stack that was not there before is taken back by deleting it, which Quarterdeck does not do."
                    .to_owned(),
            ),
            DeployWay::Retry | DeployWay::Refuse(_) => Undo::Never(
                "The stack had failed before: there is no good state to deploy again.".to_owned(),
            ),
        }
    }

    /// The parameters as a journal may keep them: a secret stays what it is.
    fn writable(member: &mut Member, made: &Made) -> Vec<Setting> {
        let secret = &made.settings.secret;
        for key in secret {
            member.hazards.push(warns(format!(
                "{} is secret and stays as it is: an update past the policy is written down whole, and secrets are not.",
                key.safe()
            )));
        }
        let sent = made.settings.sent.iter();
        sent.map(|setting| Setting {
            key: setting.key.clone(),
            value: setting
                .value
                .clone()
                .filter(|_| !secret.contains(&setting.key)),
        })
        .collect()
    }

    /// Hours count before the first wave, too.
    fn opening(&self, member: &mut Member) {
        if self.seat.wave > 0 {
            return;
        }
        let gates = self.deployment().gates.iter();
        let windows = gates.filter(|gate| matches!(gate, Gate::Window { .. }));
        member.steps.extend(windows.cloned().map(Step::Gate));
    }
}
