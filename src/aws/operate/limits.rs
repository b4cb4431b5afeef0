//! Between which numbers of tasks a service is scaled, from Application Auto Scaling.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::aws::raw::{self, Call, Reply, Service};
use crate::aws::session::Session;
use crate::domain::{Region, Untrusted};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SCALING: Service = Service {
    name: "Application Auto Scaling",
    signing: "application-autoscaling",
};

const NAMESPACE: &str = "ecs";
const DIMENSION: &str = "ecs:service:DesiredCount";

/// As many as one answer has.
const PAGE: usize = 50;

/// The limits of those of these services that are scaled, by their ARNs.
pub(super) async fn find<'a>(
    session: &Session,
    place: &Region,
    services: &[&'a Untrusted],
) -> Result<BTreeMap<&'a Untrusted, (u32, u32)>, Failure> {
    let mut limits = BTreeMap::new();
    for services in services.chunks(PAGE) {
        let ids: Vec<_> = services.iter().map(|arn| id(arn)).collect();
        let body = json!({
            "ServiceNamespace": NAMESPACE,
            "ScalableDimension": DIMENSION,
            "ResourceIds": ids,
        });
        let reply = ask(session, place, "DescribeScalableTargets", &body).await?;
        let answer: Value =
            serde_json::from_slice(&reply.body).map_err(|_torn| Failure::senseless())?;
        let targets = answer.get("ScalableTargets").and_then(Value::as_array);
        for target in targets.ok_or_else(Failure::senseless)? {
            let its = target.get("ResourceId").and_then(Value::as_str);
            let service = services.iter().find(|arn| Some(id(arn)) == its);
            if let (Some(service), Some(span)) = (service, span(target)) {
                limits.insert(*service, span);
            }
        }
    }
    Ok(limits)
}

pub(super) async fn set(
    session: &Session,
    place: &Region,
    service: &Untrusted,
    (least, most): (u32, u32),
) -> Result<Option<String>, Mishap> {
    let body = json!({
        "ServiceNamespace": NAMESPACE,
        "ScalableDimension": DIMENSION,
        "ResourceId": id(service),
        "MinCapacity": least,
        "MaxCapacity": most,
    });
    let sent = ask(session, place, "RegisterScalableTarget", &body).await;
    Ok(sent.map_err(Mishap::Sending)?.request)
}

async fn ask(
    session: &Session,
    place: &Region,
    operation: &'static str,
    body: &Value,
) -> Result<Reply, Failure> {
    let call = Call::json("AnyScaleFrontendService", operation, body.to_string());
    raw::send(session, SCALING, place, call).await
}

/// `service/CLUSTER/NAME`
fn id(service: &Untrusted) -> &str {
    service.exact().rsplit(':').next().unwrap_or_default()
}

fn span(target: &Value) -> Option<(u32, u32)> {
    let number = |name: &str| target.get(name)?.as_u64()?.try_into().ok();
    Some((number("MinCapacity")?, number("MaxCapacity")?))
}
