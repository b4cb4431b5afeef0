//! The alarms of a region, metric and composite, from `DescribeAlarms`.

use super::attempts;
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{moment, optional, text};
use crate::domain::alarm::{Actions, members};
use crate::domain::{Alarm, AlarmKind, AlarmState, MetricId, Untrusted, Watch};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{self, AlarmType};

/// AWS's largest page.
const PAGE: i32 = 100;

/// By name.
pub(in crate::aws) async fn describe(client: &Client) -> Result<Vec<Alarm>, Failure> {
    let mut alarms = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_alarms()
            // Without them only metric alarms come.
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .max_records(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        alarms.extend(answer.metric_alarms().iter().map(metric));
        alarms.extend(answer.composite_alarms().iter().map(composite));
        page = at.next(answer.next_token);
    }
    alarms.sort_by(|a: &Alarm, b| a.name.cmp(&b.name));
    Ok(alarms)
}

/// What both kinds of alarm have, in two types of the SDK.
macro_rules! alarm {
    ($shape:expr, $kind:expr) => {{
        let shape = $shape;
        Alarm {
            name: text(shape.alarm_name()),
            arn: text(shape.alarm_arn()),
            description: optional(shape.alarm_description()),
            state: AlarmState::parse(shape.state_value().map_or("", types::StateValue::as_str)),
            reason: optional(shape.state_reason()),
            since: moment(shape.state_transitioned_timestamp())
                .or_else(|| moment(shape.state_updated_timestamp())),
            kind: $kind,
            actions: match shape.actions_enabled() {
                Some(false) => Actions::Disabled,
                Some(true) | None => Actions::Enabled,
            },
        }
    }};
}

fn metric(shape: &types::MetricAlarm) -> Alarm {
    let kind = match shape.metric_name() {
        Some(name) => AlarmKind::Metric(watch(shape, name)),
        None => of_queries(shape),
    };
    alarm!(shape, kind)
}

fn composite(shape: &types::CompositeAlarm) -> Alarm {
    let rule = text(shape.alarm_rule());
    let members = members(rule.exact());
    alarm!(shape, AlarmKind::Composite { rule, members })
}

fn watch(shape: &types::MetricAlarm, name: &str) -> Watch {
    let statistic = shape.statistic().map(types::Statistic::as_str);
    let metric = MetricId {
        namespace: text(shape.namespace()),
        name: name.into(),
        dimensions: dimensions(shape.dimensions()),
        statistic: text(shape.extended_statistic().or(statistic)),
        period: seconds(shape.period()),
        unit: optional(shape.unit().map(types::StandardUnit::as_str)),
    };
    watching(shape, metric)
}

fn watching(shape: &types::MetricAlarm, metric: MetricId) -> Watch {
    let periods = seconds(shape.evaluation_periods());
    Watch {
        metric,
        comparison: text(
            shape
                .comparison_operator()
                .map(types::ComparisonOperator::as_str),
        ),
        threshold: shape.threshold(),
        periods,
        datapoints: shape
            .datapoints_to_alarm()
            .map_or(periods, |it| seconds(Some(it))),
        missing: text(shape.treat_missing_data().or(Some("missing"))),
    }
}

/// An alarm with queries watches one metric all the same, if one is all they have.
fn of_queries(shape: &types::MetricAlarm) -> AlarmKind {
    let queries = shape.metrics();
    if let [only] = queries
        && let Some(stat) = only.metric_stat()
        && let Some(metric) = stat.metric()
    {
        let metric = MetricId {
            namespace: text(metric.namespace()),
            name: text(metric.metric_name()),
            dimensions: dimensions(metric.dimensions()),
            statistic: text(stat.stat()),
            period: seconds(stat.period()),
            unit: optional(stat.unit().map(types::StandardUnit::as_str)),
        };
        let watch = watching(shape, metric);
        return match elsewhere(shape, only) {
            None => AlarmKind::Metric(watch),
            // Asked here, it would be another metric by the same name, or none.
            Some(account) => AlarmKind::Expression(Untrusted::new(format!(
                "{} in account {account} {}",
                watch.subject(),
                watch.condition()
            ))),
        };
    }
    let expressions: Vec<&str> = queries
        .iter()
        .filter_map(types::MetricDataQuery::expression)
        .collect();
    AlarmKind::Expression(Untrusted::new(expressions.join("; ")))
}

/// The account that a query's metric stands in, if that is not the alarm's own.
fn elsewhere<'q>(shape: &types::MetricAlarm, query: &'q types::MetricDataQuery) -> Option<&'q str> {
    let own = shape.alarm_arn().and_then(|arn| arn.split(':').nth(4));
    query.account_id().filter(|account| Some(*account) != own)
}

fn dimensions(shapes: &[types::Dimension]) -> Vec<(Untrusted, Untrusted)> {
    let mut dimensions: Vec<_> = shapes
        .iter()
        .map(|shape| (text(shape.name()), text(shape.value())))
        .collect();
    dimensions.sort();
    dimensions
}

fn seconds(number: Option<i32>) -> u32 {
    number
        .and_then(|number| number.try_into().ok())
        .unwrap_or_default()
}
