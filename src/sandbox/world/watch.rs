//! From a scenario's words to alarms, and to the versions that make them ring.

use chrono::TimeDelta;

use super::ailment::Ailment;
use super::alarm::{Alarm, AlarmKind, Watch};
use super::build::Ground;
use super::function::KIND;
use super::lambda::Release;
use super::metrics::Metric;
use super::stack::Stack;
use crate::sandbox::scenario::{AlarmPlan, CompositePlan, ReleasePlan};

impl Ground<'_> {
    pub(super) fn alarm(&self, plan: &AlarmPlan) -> Alarm {
        let fill = |text: &str| self.fill(text, "", "");
        let name = fill(&plan.name);
        let dimension = (plan.dimension.0.clone(), fill(&plan.dimension.1));
        Alarm {
            arn: self.alarm_arn(&name),
            description: format!("{} of {}.", plan.metric, dimension.1),
            since: self.ago(&name, 95),
            kind: AlarmKind::Metric(Watch {
                metric: Metric {
                    namespace: plan.namespace.clone(),
                    name: plan.metric.clone(),
                    dimensions: vec![dimension],
                },
                statistic: plan.statistic.clone(),
                period: 60,
                evaluation_periods: plan.datapoints.1,
                datapoints_to_alarm: plan.datapoints.0,
                threshold: plan.threshold,
                state: plan.state,
                reason: plan.reason.clone(),
                blind: plan.blind,
            }),
            name,
        }
    }

    pub(super) fn composite(&self, plan: &CompositePlan) -> Alarm {
        let fill = |text: &str| self.fill(text, "", "");
        let name = fill(&plan.name);
        let members = plan.any_of.iter().map(|member| fill(member));
        Alarm {
            arn: self.alarm_arn(&name),
            description: fill(&plan.description),
            since: self.ago(&name, 95),
            kind: AlarmKind::Composite(members.collect()),
            name,
        }
    }

    fn alarm_arn(&self, name: &str) -> String {
        format!(
            "arn:aws:cloudwatch:{}:{}:alarm:{name}",
            self.region, self.account.id
        )
    }

    /// `None` where the stack has no such function.
    pub(super) fn release(&self, stacks: &[Stack], plan: &ReleasePlan) -> Option<Release> {
        let name = self.fill(&plan.stack, &plan.stack, "");
        let root = stacks.iter().find(|stack| stack.name == name)?;
        let nested = |stack: &&Stack| stack.root.as_ref() == Some(&root.id) || stack.id == root.id;
        let function = stacks
            .iter()
            .filter(nested)
            .flat_map(|stack| &stack.resources)
            .find(|resource| resource.kind == KIND && resource.logical == plan.resource)?;
        let since = plan.seconds_ago.map_or_else(
            || self.ago(&function.physical, plan.minutes_ago),
            |seconds| self.began - TimeDelta::seconds(seconds),
        );
        Some(Release {
            function: function.physical.clone(),
            version: plan.version,
            description: plan.description.clone(),
            ailment: Ailment {
                since: since.timestamp_millis(),
                share: plan.errors,
                slower: plan.slower,
            },
        })
    }
}
