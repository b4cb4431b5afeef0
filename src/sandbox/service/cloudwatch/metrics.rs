//! `ListMetrics`: what has data.

use super::super::{Answer, Call};
use super::ask::{self, constraint};
use super::page;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::metrics::Metric;

/// The metrics on one page.
const PAGE: usize = 500;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let namespace = call.input.text("Namespace");
    let name = call.input.text("MetricName");
    let wanted: Vec<&Map> = call
        .input
        .list("Dimensions")
        .iter()
        .filter_map(Value::map)
        .collect();
    if let Some(recently) = call.input.text("RecentlyActive")
        && recently != "PT3H"
    {
        return Err(constraint(
            &format!("'{recently}'"),
            "recentlyActive",
            "satisfy enum value set: [PT3H]",
        ));
    }
    let mut metrics = call.board()?.metrics();
    metrics.retain(|metric| {
        namespace
            .as_deref()
            .is_none_or(|wanted| wanted == metric.namespace)
            && name.as_deref().is_none_or(|wanted| wanted == metric.name)
            && wanted.iter().all(|filter| has(metric, filter))
    });
    let (page, next) = page::of(call, metrics, PAGE, |metric| {
        let dimensions = metric.dimensions.iter();
        let dimensions: Vec<String> = dimensions
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(
            "{}/{}/{}",
            metric.namespace,
            metric.name,
            dimensions.join(",")
        )
    })?;
    let described = page.iter().map(|metric| {
        Map::new()
            .with("Namespace", &metric.namespace)
            .with("MetricName", &metric.name)
            .with("Dimensions", ask::dimensions(metric))
    });
    Ok(Map::new()
        .with("Metrics", described.collect::<Value>())
        .with_some("NextToken", next))
}

/// Whether the metric has a dimension of the name, and of the value if one is given.
fn has(metric: &Metric, filter: &Map) -> bool {
    let name = filter.text("Name").unwrap_or_default();
    let value = filter.text("Value");
    metric
        .dimensions
        .iter()
        .any(|(own, its)| *own == name && value.as_deref().is_none_or(|wanted| wanted == its))
}
