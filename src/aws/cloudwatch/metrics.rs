//! Metrics, from `GetMetricData`: everything that is wanted of a region, in one question.
//!
//! AWS charges for each metric in each request, whatever its window, and counts up to five statistics of one metric
//! once, if they stand in one request: so the statistics of a subject are never torn apart.

use super::attempts;
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{moment, optional};
use crate::domain::{Extent, Grain, Measure, MetricId, Metrics, Series, Subject, Timestamp};
use aws_sdk_cloudwatch::types::{self, StatusCode};
use aws_sdk_cloudwatch::{Client, primitives::DateTime};
use std::collections::BTreeMap;

/// Lines that one request may ask for.
pub const METRICS_AT_MOST: usize = 500;
/// Points that one answer may have.
pub const POINTS_AT_MOST: usize = 100_800;

/// What to measure, in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsQuestion {
    /// Without repeats; not more lines than [`METRICS_AT_MOST`] all together.
    pub subjects: Vec<Subject>,
    pub grain: Grain,
    /// The moment that the window is counted back from.
    pub now: Timestamp,
}

/// What was measured, for each subject that was asked about.
pub type MetricsAnswer = BTreeMap<Subject, Metrics>;

pub(in crate::aws) async fn get(
    client: &Client,
    question: &MetricsQuestion,
) -> Result<MetricsAnswer, Failure> {
    let lines: Vec<(&Subject, Measure)> = question
        .subjects
        .iter()
        .flat_map(|subject| subject.measures().iter().map(move |it| (subject, *it)))
        .collect();
    let (from, until) = question.grain.window(question.now);
    let mut found: Vec<Found> = lines
        .iter()
        .map(|_| Found::new(question.grain, until))
        .collect();
    let queries: Vec<types::MetricDataQuery> = lines
        .iter()
        .enumerate()
        .map(|(index, (subject, measure))| query(index, &subject.metric(*measure), question.grain))
        .collect();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(DateTime::from_secs(from.timestamp()))
            .end_time(DateTime::from_secs(until.timestamp()))
            .max_datapoints(POINTS_AT_MOST.try_into().unwrap_or(i32::MAX))
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        for result in answer.metric_data_results() {
            let index = result
                .id()
                .and_then(|id| id.strip_prefix('m')?.parse().ok());
            if let Some(found) = index.and_then(|index: usize| found.get_mut(index)) {
                found.take(result);
            }
        }
        page = at.next(answer.next_token);
    }
    let mut measured = MetricsAnswer::new();
    for ((subject, measure), found) in lines.into_iter().zip(found) {
        let metrics = measured.entry(subject.clone()).or_insert_with(|| Metrics {
            series: BTreeMap::new(),
            extent: Extent::Whole,
        });
        metrics.series.insert(measure, found.series);
        if found.extent != Extent::Whole {
            metrics.extent = found.extent;
        }
    }
    Ok(measured)
}

fn query(index: usize, metric: &MetricId, grain: Grain) -> types::MetricDataQuery {
    let dimensions = metric.dimensions.iter().map(|(name, value)| {
        types::Dimension::builder()
            .name(name.exact())
            .value(value.exact())
            .build()
    });
    let named = types::Metric::builder()
        .namespace(metric.namespace.exact())
        .metric_name(metric.name.exact())
        .set_dimensions(Some(dimensions.collect()))
        .build();
    let unit = metric.unit.as_ref();
    let unit = unit.map(|unit| types::StandardUnit::from(unit.exact()));
    let period = grain.period().num_seconds().try_into().unwrap_or(i32::MAX);
    types::MetricDataQuery::builder()
        .id(format!("m{index}"))
        .metric_stat(
            types::MetricStat::builder()
                .metric(named)
                .period(period)
                .stat(metric.statistic.exact())
                .set_unit(unit)
                .build(),
        )
        .return_data(true)
        .build()
}

/// What has come of one line, page by page.
struct Found {
    series: Series,
    extent: Extent,
}

impl Found {
    fn new(grain: Grain, until: Timestamp) -> Self {
        let mut series = Series::new(grain.period(), grain.slots());
        series.reach(until);
        Self {
            series,
            // An answer that leaves a line out has not told it.
            extent: Extent::Partial(None),
        }
    }

    fn take(&mut self, result: &types::MetricDataResult) {
        for (time, value) in result.timestamps().iter().zip(result.values()) {
            // A point beyond the window would move it away from all the others.
            if let Some(at) = moment(Some(time)).filter(|at| Some(*at) < self.series.until()) {
                self.series.put(at, *value);
            }
        }
        // A page that is followed by another says `PartialData` too; the last word counts.
        self.extent = match result.status_code() {
            None | Some(StatusCode::Complete) => Extent::Whole,
            Some(_) => Extent::Partial(
                result
                    .messages()
                    .iter()
                    .find_map(|message| optional(message.value())),
            ),
        };
    }
}
