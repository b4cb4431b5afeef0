//! Which items go into one request, and what it costs.

use super::Item;
use crate::aws::{METRICS_AT_MOST, MetricsAnswer, POINTS_AT_MOST};
use crate::domain::{Grain, Metrics, Subject, Untrusted};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for in one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) grain: Grain,
    /// What is asked about.
    pub(super) subjects: Vec<Subject>,
    /// What is answered by it: as much, or more.
    pub(super) items: Vec<Item>,
}

impl Batch {
    /// As few requests as hold the items; a request has one window, so each grain has its own.
    pub(super) fn of(items: impl IntoIterator<Item = Item>) -> Vec<Self> {
        let items: BTreeSet<Item> = items.into_iter().collect();
        let mut grains: BTreeMap<Grain, [Vec<Subject>; 2]> = BTreeMap::new();
        for item in &items {
            let (subject, grain) = item;
            let [asked, included] = grains.entry(*grain).or_default();
            let list = if is_included(item, &items) {
                included
            } else {
                asked
            };
            list.push(subject.clone());
        }
        let mut batches = Vec::new();
        for (grain, [mut asked, included]) in grains {
            let first = batches.len();
            while !asked.is_empty() {
                let rest = asked.split_off(fitting(&asked, grain));
                batches.push(Self {
                    grain,
                    items: asked.iter().map(|it| (it.clone(), grain)).collect(),
                    subjects: std::mem::replace(&mut asked, rest),
                });
            }
            for subject in included {
                let whole = whole_of(&subject);
                let mut batches = batches[first..].iter_mut();
                if let Some(batch) = batches.find(|batch| batch.subjects.contains(&whole)) {
                    batch.items.push((subject, grain));
                }
            }
        }
        batches
    }

    /// The metrics that AWS charges for: up to five statistics of one metric in one request count once.
    pub(super) fn price(&self) -> u64 {
        type Metric = (Untrusted, Untrusted, Vec<(Untrusted, Untrusted)>);
        let mut metrics: BTreeMap<Metric, BTreeSet<Untrusted>> = BTreeMap::new();
        for subject in &self.subjects {
            for measure in subject.measures() {
                let metric = subject.metric(*measure);
                let name = (metric.namespace, metric.name, metric.dimensions);
                metrics.entry(name).or_default().insert(metric.statistic);
            }
        }
        let charged = metrics
            .values()
            .map(|statistics| statistics.len().div_ceil(5));
        charged.sum::<usize>() as u64
    }

    /// What an answer says about an item.
    pub(super) fn answer(answer: &MetricsAnswer, subject: &Subject) -> Option<Metrics> {
        if let Some(metrics) = answer.get(subject) {
            return Some(metrics.clone());
        }
        let whole = answer.get(&whole_of(subject))?;
        let measures = subject.measures().iter();
        let series = measures.filter_map(|measure| {
            let series = whole.get(*measure)?;
            Some((*measure, series.clone()))
        });
        Some(Metrics {
            series: series.collect(),
            extent: whole.extent.clone(),
        })
    }
}

/// Whether something else among the items is asked for that includes this one: what is asked of a function includes
/// whether it fails.
pub(super) fn is_included((subject, grain): &Item, items: &BTreeSet<Item>) -> bool {
    let whole = whole_of(subject);
    whole != *subject && items.contains(&(whole, *grain))
}

/// The subject that includes what is asked about this one.
fn whole_of(subject: &Subject) -> Subject {
    match subject {
        Subject::Errors(name) => Subject::Function(name.clone()),
        other => other.clone(),
    }
}

/// How many of the first subjects go into one request; one at least, whose answer then comes in pages.
fn fitting(subjects: &[Subject], grain: Grain) -> usize {
    let mut lines = 0;
    let fitting = subjects.iter().take_while(|subject| {
        lines += subject.measures().len();
        lines <= METRICS_AT_MOST && lines * grain.slots() <= POINTS_AT_MOST
    });
    fitting.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Last;

    fn function(index: usize) -> Subject {
        Subject::Function(format!("f{index}").as_str().into())
    }

    fn errors(index: usize) -> Subject {
        Subject::Errors(format!("f{index}").as_str().into())
    }

    #[test]
    fn what_is_wished_of_a_scope_goes_into_one_request_for_each_window() {
        let items = [
            (Subject::Lambda, Grain::MINUTE),
            (function(1), Grain::MINUTE),
            (errors(1), Grain::MINUTE),
            (errors(2), Grain::MINUTE),
            (function(1), Grain::HOUR),
        ];
        let batches = Batch::of(items.clone());
        assert_eq!(batches.len(), 2);
        let minutes = batches.iter().find(|it| it.grain == Grain::MINUTE).unwrap();
        assert_eq!(minutes.items.len(), 4, "each is answered");
        assert_eq!(minutes.subjects, [Subject::Lambda, function(1), errors(2)]);
        assert_eq!(minutes.price(), 5 + 5 + 3, "and nothing is paid for twice");
        let hours = batches.iter().find(|it| it.grain == Grain::HOUR).unwrap();
        assert_eq!((hours.items.len(), hours.price()), (1, 5));
    }

    #[test]
    fn no_request_asks_for_more_than_aws_answers() {
        let items: Vec<Item> = (0..400)
            .flat_map(|index| [function(index), errors(index)])
            .map(|subject| (subject, Grain::MINUTE))
            .collect();
        let batches = Batch::of(items.clone());
        let mut answered = BTreeSet::new();
        for batch in &batches {
            let lines: usize = batch.subjects.iter().map(|it| it.measures().len()).sum();
            assert!(lines <= METRICS_AT_MOST && lines * batch.grain.slots() <= POINTS_AT_MOST);
            for (subject, grain) in &batch.items {
                assert!(batch.subjects.contains(&whole_of(subject)));
                assert!(answered.insert((subject.clone(), *grain)), "once");
            }
        }
        assert_eq!(answered, items.into_iter().collect());
        assert_eq!(batches.len(), 8, "55 functions of 9 lines each in one");
        let long = Grain::of(60, 100_000, Last::Whole);
        assert_eq!(Batch::of([(function(1), long)]).len(), 1);
    }

    #[test]
    fn the_price_of_a_subject_is_what_a_request_for_it_alone_costs() {
        for subject in [Subject::Lambda, function(1), errors(1)] {
            let price = u64::from(subject.price());
            assert_eq!(Batch::of([(subject, Grain::MINUTE)])[0].price(), price);
        }
    }
}
