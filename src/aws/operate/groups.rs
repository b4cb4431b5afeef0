//! Auto Scaling groups: their sizes, the processes that are suspended, and the tag that remembers.
//!
//! All three sizes are always sent: AWS moves what is desired by itself when one end of the span is.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::aws::query::{self, Form, Query, list, members, number, tag, word};
use crate::aws::raw::Service;
use crate::aws::session::Session;
use crate::domain::operation::{MEMORY, Processes, Sizes};
use crate::domain::{Region, Untrusted};
use roxmltree::Node;

const SCALING: Query = Query {
    service: Service {
        name: "Auto Scaling",
        signing: "autoscaling",
    },
    version: "2011-01-01",
};

/// As many as one answer has.
const PAGE: usize = 50;

/// A group as it is now.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: Untrusted,
    pub(super) sizes: Sizes,
    pub(super) serving: u32,
    pub(super) instances: u32,
    pub(super) suspended: Vec<String>,
    pub(super) memory: Option<String>,
}

/// Those of these groups that exist.
pub(super) async fn find(
    session: &Session,
    place: &Region,
    names: &[&Untrusted],
) -> Result<Vec<Group>, Failure> {
    let mut groups = Vec::new();
    for names in names.chunks(PAGE) {
        let names = names.iter().map(|name| name.exact());
        let form = Form::new().each("AutoScalingGroupNames.member.", names);
        let asked = ("DescribeAutoScalingGroups", &form);
        let answer = query::ask(session, place, SCALING, asked).await?;
        groups.extend(list(&answer, "AutoScalingGroups", group)?);
    }
    Ok(groups)
}

pub(super) async fn one(
    session: &Session,
    place: &Region,
    name: &Untrusted,
) -> Result<Option<Group>, Failure> {
    let found = find(session, place, &[name]).await?;
    Ok(found.into_iter().find(|group| group.name == *name))
}

pub(super) async fn resize(
    session: &Session,
    place: &Region,
    group: &Untrusted,
    sizes: Sizes,
) -> Result<Option<String>, Mishap> {
    let form = Form::new()
        .with("AutoScalingGroupName", group.exact())
        .with("MinSize", &sizes.least.to_string())
        .with("DesiredCapacity", &sizes.desired.to_string())
        .with("MaxSize", &sizes.most.to_string());
    send(session, place, ("UpdateAutoScalingGroup", &form)).await
}

pub(super) async fn set_processes(
    session: &Session,
    place: &Region,
    group: &Untrusted,
    (processes, to): (&[String], Processes),
) -> Result<Option<String>, Mishap> {
    let form = Form::new()
        .with("AutoScalingGroupName", group.exact())
        .each(
            "ScalingProcesses.member.",
            processes.iter().map(String::as_str),
        );
    let operation = match to {
        Processes::Suspended => "SuspendProcesses",
        Processes::Resumed => "ResumeProcesses",
    };
    send(session, place, (operation, &form)).await
}

pub(super) async fn remember(
    session: &Session,
    place: &Region,
    group: &Untrusted,
    memory: Option<&str>,
) -> Result<Option<String>, Mishap> {
    let form = Form::new()
        .with("Tags.member.1.ResourceId", group.exact())
        .with("Tags.member.1.ResourceType", "auto-scaling-group")
        .with("Tags.member.1.Key", MEMORY);
    if let Some(value) = memory {
        // Instances that it starts were not stopped.
        let form = form
            .with("Tags.member.1.Value", value)
            .with("Tags.member.1.PropagateAtLaunch", "false");
        return send(session, place, ("CreateOrUpdateTags", &form)).await;
    }
    send(session, place, ("DeleteTags", &form)).await
}

async fn send(
    session: &Session,
    place: &Region,
    asked: (&'static str, &Form),
) -> Result<Option<String>, Mishap> {
    let sent = query::send(session, place, SCALING, asked).await;
    Ok(sent.map_err(Mishap::Sending)?.request)
}

fn group(shape: Node<'_, '_>) -> Group {
    let instances: Vec<_> = members(shape, "Instances").collect();
    let serving = instances
        .iter()
        .filter(|instance| word(**instance, "LifecycleState") == Some("InService"))
        .count();
    let count = |number: usize| number.try_into().unwrap_or(u32::MAX);
    let mut suspended: Vec<String> = members(shape, "SuspendedProcesses")
        .filter_map(|process| word(process, "ProcessName").map(str::to_owned))
        .collect();
    suspended.sort();
    Group {
        name: query::text(shape, "AutoScalingGroupName"),
        sizes: Sizes {
            least: number(shape, "MinSize"),
            desired: number(shape, "DesiredCapacity"),
            most: number(shape, "MaxSize"),
        },
        serving: count(serving),
        instances: count(instances.len()),
        suspended,
        memory: tag(shape, "Tags", MEMORY),
    }
}
