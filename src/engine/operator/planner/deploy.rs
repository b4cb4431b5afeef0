//! Plans a deployment: a change set in every place, all of them or none, and what has to hold between the waves.

use super::bench::Piece;
use super::desk::{Desk, Outline, Stake, all, refusal, title};
use super::seat::{self, Seat};
use crate::domain::operation::planning::expand;
use crate::domain::operation::{Deployment, Gate, Member, Plan, Verb, Wave};
use crate::domain::{Problem, Scope, Untrusted};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) async fn plan(desk: &Desk, deployment: &Deployment) -> Result<Plan, Problem> {
    let shared = Arc::new(deployment.clone());
    let mut seats: Vec<(Scope, Seat)> = Vec::new();
    for (wave, scopes) in deployment.waves.iter().enumerate() {
        for (member, scope) in scopes.iter().enumerate() {
            let deployment = Arc::clone(&shared);
            let seat = Seat {
                deployment,
                wave,
                member,
            };
            seats.push((scope.clone(), seat));
        }
    }
    if seats.is_empty() {
        return Err(refusal(format!(
            "No place was named to deploy {} to.",
            crate::domain::untrusted::sanitise(&deployment.stack)
        )));
    }
    let mut distinct = BTreeSet::new();
    if let Some((twice, _)) = seats.iter().find(|(scope, _)| !distinct.insert(scope)) {
        return Err(refusal(format!(
            "{twice} is in two waves, or twice in one: every place is deployed to once."
        )));
    }
    let pieces = desk
        .side_by_side(seats, |desk, scope, seat| async move {
            seat::plan(&desk, &scope, &seat).await
        })
        .await;
    let pieces = match all(pieces) {
        Ok(pieces) => pieces,
        Err((made, problem)) => {
            Piece::discard_all(&desk.shop, made).await;
            return Err(problem);
        }
    };
    Ok(assemble(desk, deployment, pieces))
}

fn assemble(desk: &Desk, deployment: &Deployment, pieces: Vec<Piece>) -> Plan {
    let stake = pieces.iter().map(|piece| piece.stake).max();
    let names: Vec<Untrusted> = pieces
        .iter()
        .map(|piece| {
            let member = &piece.member;
            Untrusted::new(expand(&deployment.stack, &member.scope, &member.account))
        })
        .collect();
    let target = match title(&names, "stacks") {
        shared if names.first() == Some(&shared) => shared,
        _ => Untrusted::new(deployment.stack.as_str()),
    };
    let last = deployment.waves.len().saturating_sub(1);
    let mut pieces = pieces.into_iter();
    let mut waves = Vec::new();
    for (index, scopes) in deployment.waves.iter().enumerate() {
        let (mut members, mut alarms) = (Vec::new(), Vec::new());
        for piece in pieces.by_ref().take(scopes.len()) {
            if piece.member.idle.is_none() {
                alarms.extend(piece.alarms);
            }
            members.push(piece.member);
        }
        let mut gates = Vec::new();
        // Where nothing is done there is nothing to wait for.
        if members.iter().any(|member| member.idle.is_none()) {
            if deployment.bake > 0 {
                gates.push(Gate::Bake {
                    seconds: deployment.bake,
                    alarms,
                });
            }
            let own = deployment.gates.iter();
            let own = own.filter(|gate| index < last || !is_before(gate));
            gates.extend(own.flat_map(|gate| placed(gate, &members)));
        }
        waves.push(Wave { members, gates });
    }
    desk.plan(Outline {
        verb: Verb::Deploy,
        target,
        waves,
        undo: deployment.undo,
        stake: stake.unwrap_or(Stake::Ordinary),
        region: None,
    })
}

/// A gate of the fleet file as it is for the places of a wave: errors are looked at in each of an account's regions, and
/// an address may have gaps.
fn placed(gate: &Gate, members: &[Member]) -> Vec<Gate> {
    let busy = members.iter().filter(|member| member.idle.is_none());
    match gate {
        Gate::Errors {
            scope,
            function,
            alias,
            percent,
            seconds,
        } if scope.region().is_none() => busy
            .filter(|member| member.scope.account == scope.account)
            .map(|member| Gate::Errors {
                scope: member.scope.clone(),
                function: function.clone(),
                alias: alias.clone(),
                percent: *percent,
                seconds: *seconds,
            })
            .collect(),
        Gate::Http { url, seconds } => {
            let urls: BTreeSet<String> = busy
                .map(|member| expand(url, &member.scope, &member.account))
                .collect();
            let gate = |url| Gate::Http {
                url,
                seconds: *seconds,
            };
            urls.into_iter().map(gate).collect()
        }
        Gate::Errors { .. }
        | Gate::Bake { .. }
        | Gate::Approve { .. }
        | Gate::Endpoints { .. }
        | Gate::Command { .. }
        | Gate::Window { .. }
        | Gate::Drained { .. }
        | Gate::Wait { .. } => vec![gate.clone()],
    }
}

/// Approval and hours are asked before something begins: after the last wave nothing does.
fn is_before(gate: &Gate) -> bool {
    match gate {
        Gate::Approve { .. } | Gate::Window { .. } => true,
        Gate::Bake { .. }
        | Gate::Http { .. }
        | Gate::Endpoints { .. }
        | Gate::Errors { .. }
        | Gate::Command { .. }
        | Gate::Drained { .. }
        | Gate::Wait { .. } => false,
    }
}
