//! The metric that an alarm watches, beside the threshold that it is compared with.
//!
//! A metric without a point says so in words: a blind alarm must not look like one whose metric is nought.

use crate::app::App;
use crate::app::alarms::{AlarmDetail, chart_period, chart_topic, sight};
use crate::config::Role;
use crate::domain::{
    Alarm, AlarmKind, AlarmState, Fold, Measure, MetricId, Series, Sight, Slot, Timestamp, Topic,
    Unit, Watch,
};
use crate::ui::chart::{Chart, Line, Marker, Occasion};
use crate::ui::layout;
use crate::ui::pulse::reason;
use crate::ui::sheet::Sheet;
use crate::ui::spark::Spark;
use ratatui::layout::Rect;

/// What is known of the metric of an alarm that watches a single one.
pub(super) struct Measured<'a> {
    app: &'a App,
    detail: &'a AlarmDetail,
    alarm: &'a Alarm,
    watch: &'a Watch,
    window: (Timestamp, Timestamp),
    series: Option<&'a Series>,
    /// Why there is nothing to draw, or why it is old.
    trouble: Option<String>,
}

impl<'a> Measured<'a> {
    /// `None` where the alarm watches no single metric: there is nothing to draw.
    pub(super) fn of(sheet: &Sheet<'a>, detail: &'a AlarmDetail, alarm: &'a Alarm) -> Option<Self> {
        let AlarmKind::Metric(watch) = &alarm.kind else {
            return None;
        };
        let app = sheet.app;
        let topic = chart_topic(&watch.metric);
        let slot = app.store().metrics(&detail.scope, &topic);
        let Topic::Metrics(_, grain) = topic else {
            return None;
        };
        let known = slot.and_then(Slot::value);
        let failing = slot.and_then(Slot::failing);
        let trouble = failing.map(|failing| reason(failing, sheet.look, app.now(), 40));
        let read = slot.and_then(Slot::good).map(|good| good.at);
        Some(Self {
            app,
            detail,
            alarm,
            watch,
            // What is old ends where it was read, and does not look like silence since.
            window: grain.window(read.unwrap_or(app.now())),
            series: known.and_then(|metrics| metrics.get(Measure::Value)),
            trouble,
        })
    }

    /// Why there is no value, in words.
    fn silence(&self) -> String {
        match (&self.trouble, self.series) {
            (Some(why), None) => format!("The metric cannot be read: {why}."),
            (None, None) => "Asking CloudWatch for the metric.".to_owned(),
            (_, Some(_)) => match sight(self.app.store(), &self.detail.scope, self.alarm) {
                Sight::Blind => {
                    "No point in three hours: it is blind. Is it another region's metric?"
                        .to_owned()
                }
                Sight::Clear | Sight::Unknown => "No point in this time.".to_owned(),
            },
        }
    }

    /// A line of the threshold's height, as long as the window.
    fn threshold(&self) -> Option<Series> {
        let (from, until) = self.window;
        let value = self.watch.threshold?;
        let period = chart_period(&self.watch.metric);
        let periods = (until - from).num_seconds() / period.num_seconds().max(1);
        Some(Series::of(period, from, (0..periods).map(|_| Some(value))))
    }

    /// In one row: `▁▁▂▅█▇  41  alarm at > 2, 3 of 5 min`.
    pub(super) fn row(&self, sheet: &mut Sheet<'_>, area: Rect) {
        let muted = sheet.style(Role::Muted);
        let Some(series) = self.series.filter(|series| !series.is_blank()) else {
            let role = self.trouble.as_ref().map_or(Role::Muted, |_| Role::Error);
            let style = sheet.style(role);
            sheet.pen(area, 0).text(&self.silence(), style);
            return;
        };
        let (line, rest) = layout::left(area, area.width * 2 / 5);
        let spark = Spark {
            series,
            window: self.window,
            fold: Fold::Most,
            style: self.style(sheet),
        };
        spark.draw(sheet, line, None);
        let latest = series.latest().map(|(_, value)| value);
        let words = latest.map_or_else(String::new, |value| self.unit().words(value));
        let value = self.style(sheet);
        let mut pen = sheet.pen(rest, 0);
        pen.skip(2).text(&words, value);
        let condition = self.watch.condition();
        pen.skip(2).text(&format!("alarm at {condition}"), muted);
    }

    /// With axes, the threshold, and when the alarm changed.
    pub(super) fn chart(&self, sheet: &mut Sheet<'_>, area: Rect) {
        let (head, rest) = layout::top(area, 1);
        let (title, muted, warn, error) = (
            sheet.style(Role::Title),
            sheet.style(Role::Muted),
            sheet.style(Role::Warn),
            sheet.style(Role::Error),
        );
        let value = self.style(sheet);
        let mut pen = sheet.pen(head, 0);
        let statistic = self.watch.metric.statistic.safe();
        pen.text(&self.watch.metric.name.safe(), title)
            .skip(1)
            .text(&statistic, muted);
        if let Some((_, latest)) = self.series.and_then(Series::latest) {
            pen.skip(2).text(&self.unit().words(latest), value);
        }
        if let Some(threshold) = self.watch.threshold {
            let words = format!("{} {threshold}", self.watch.sign());
            pen.skip(2).text(&format!("threshold {words}"), warn);
        }
        if let (Some(why), Some(_)) = (&self.trouble, self.series) {
            pen.skip(2).text(why, error);
        }
        let (silence, threshold) = (self.silence(), self.threshold());
        let blank = self.series.is_none_or(Series::is_blank);
        let mut lines = Vec::new();
        if let Some(series) = threshold.as_ref().filter(|_| !blank) {
            lines.push(Line {
                series,
                style: warn,
            });
        }
        if let Some(series) = self.series {
            lines.push(Line {
                series,
                style: value,
            });
        }
        let markers = self.markers();
        let chart = Chart {
            window: self.window,
            lines: &lines,
            unit: self.unit(),
            cursor: None,
            markers: &markers,
            fold: Fold::Most,
            blank: &silence,
        };
        chart.draw(sheet, rest);
    }

    /// When the alarm went off, and when it was over.
    fn markers(&self) -> Vec<Marker<'static>> {
        let (from, until) = self.window;
        let history = self.detail.history(self.app.store()).iter();
        let within = history.filter(|it| (from..until).contains(&it.at));
        let mut markers: Vec<Marker<'static>> = within
            .filter_map(|transition| {
                let (what, label) = match transition.to {
                    AlarmState::Alarm => (Occasion::Alarm, "ALARM"),
                    AlarmState::Ok => (Occasion::Recovery, "OK"),
                    AlarmState::InsufficientData | AlarmState::Other(_) => return None,
                };
                Some(Marker {
                    at: transition.at,
                    what,
                    label,
                })
            })
            .collect();
        markers.sort_by_key(|marker| marker.at);
        markers
    }

    fn style(&self, sheet: &Sheet<'_>) -> ratatui::style::Style {
        sheet.style(match self.trouble {
            Some(_) => Role::Stale,
            None => Role::Key,
        })
    }

    fn unit(&self) -> Unit {
        unit(&self.watch.metric)
    }
}

/// CloudWatch tells the unit only with the points; for what is measured in milliseconds the name tells it.
fn unit(metric: &MetricId) -> Unit {
    match (metric.namespace.exact(), metric.name.exact()) {
        ("AWS/Lambda", "Duration" | "PostRuntimeExtensionsDuration" | "IteratorAge")
        | ("AWS/ApiGateway", "Latency" | "IntegrationLatency") => Unit::Milliseconds,
        _ => Unit::None,
    }
}
