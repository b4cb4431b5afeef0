//! ECS services: how many tasks are wanted and run, and the tag that remembers.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::aws::raw::{self, Call, Reply, Service};
use crate::aws::session::Session;
use crate::domain::operation::MEMORY;
use crate::domain::{Region, Untrusted};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ECS: Service = Service {
    name: "ECS",
    signing: "ecs",
};

/// As many as one question may be about.
const PAGE: usize = 10;

/// A service as it is now.
#[derive(Clone, Debug)]
pub(super) struct Tasks {
    pub(super) arn: Untrusted,
    pub(super) wanted: u32,
    pub(super) running: u32,
    pub(super) memory: Option<String>,
}

/// Those of these services that exist.
pub(super) async fn find(
    session: &Session,
    place: &Region,
    arns: &[&Untrusted],
) -> Result<Vec<Tasks>, Failure> {
    let mut clusters: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for arn in arns {
        let arn = arn.exact();
        clusters.entry(cluster(arn)).or_default().push(arn);
    }
    let mut found = Vec::new();
    for (cluster, arns) in clusters {
        for arns in arns.chunks(PAGE) {
            let mut body = json!({ "services": arns, "include": ["TAGS"] });
            set_cluster(&mut body, cluster);
            let reply = match ask(session, place, "DescribeServices", &body).await {
                // A cluster that is gone has no services.
                Err(failure) if failure.is_missing() => continue,
                reply => reply?,
            };
            let answer: Value =
                serde_json::from_slice(&reply.body).map_err(|_torn| Failure::senseless())?;
            let services = answer.get("services").and_then(Value::as_array);
            let services = services.ok_or_else(Failure::senseless)?;
            found.extend(services.iter().filter_map(tasks));
        }
    }
    Ok(found)
}

pub(super) async fn one(
    session: &Session,
    place: &Region,
    arn: &Untrusted,
) -> Result<Option<Tasks>, Failure> {
    Ok(find(session, place, &[arn]).await?.into_iter().next())
}

pub(super) async fn set_tasks(
    session: &Session,
    place: &Region,
    service: &Untrusted,
    tasks: u32,
) -> Result<Option<String>, Mishap> {
    let mut body = json!({ "service": service.exact(), "desiredCount": tasks });
    set_cluster(&mut body, cluster(service.exact()));
    send(session, place, "UpdateService", &body).await
}

pub(super) async fn remember(
    session: &Session,
    place: &Region,
    service: &Untrusted,
    memory: Option<&str>,
) -> Result<Option<String>, Mishap> {
    if let Some(value) = memory {
        let tags = json!([{ "key": MEMORY, "value": value }]);
        let body = json!({ "resourceArn": service.exact(), "tags": tags });
        return send(session, place, "TagResource", &body).await;
    }
    let body = json!({ "resourceArn": service.exact(), "tagKeys": [MEMORY] });
    send(session, place, "UntagResource", &body).await
}

async fn send(
    session: &Session,
    place: &Region,
    operation: &'static str,
    body: &Value,
) -> Result<Option<String>, Mishap> {
    let sent = ask(session, place, operation, body).await;
    Ok(sent.map_err(Mishap::Sending)?.request)
}

async fn ask(
    session: &Session,
    place: &Region,
    operation: &'static str,
    body: &Value,
) -> Result<Reply, Failure> {
    const TARGET: &str = "AmazonEC2ContainerServiceV20141113";
    let call = Call::json(TARGET, operation, body.to_string());
    raw::send(session, ECS, place, call).await
}

/// `arn:…:service/CLUSTER/NAME`; an ARN of the old form does not say, and the default one is meant.
fn cluster(arn: &str) -> Option<&str> {
    let (_, path) = arn.split_once(":service/")?;
    path.split_once('/').map(|(cluster, _)| cluster)
}

fn set_cluster(body: &mut Value, cluster: Option<&str>) {
    if let Some(cluster) = cluster {
        body["cluster"] = cluster.into();
    }
}

/// None where it was deleted, which AWS remembers for a while.
fn tasks(shape: &Value) -> Option<Tasks> {
    let word = |name: &str| shape.get(name).and_then(Value::as_str);
    if word("status") == Some("INACTIVE") {
        return None;
    }
    let count = |name: &str| {
        let count = shape.get(name).and_then(Value::as_u64);
        count.and_then(|count| count.try_into().ok()).unwrap_or(0)
    };
    let tags = shape.get("tags").and_then(Value::as_array);
    let memory = tags.into_iter().flatten().find_map(|tag| {
        let is_it = tag.get("key").and_then(Value::as_str) == Some(MEMORY);
        is_it.then(|| tag.get("value").and_then(Value::as_str).unwrap_or_default())
    });
    Some(Tasks {
        arn: word("serviceArn")?.into(),
        wanted: count("desiredCount"),
        running: count("runningCount"),
        memory: memory.map(str::to_owned),
    })
}
