//! What opens, and what stays selected.

use super::*;
use crate::app::testing::{at, event, scope, stack, store};
use crate::domain::store::Attempt;
use crate::domain::{Reading, Template};
use chrono::TimeDelta;

fn tell(store: &mut Store, id: &StackId, events: Vec<StackEvent>) {
    store.absorb(Attempt {
        topic: Topic::Events(id.clone()),
        scope: scope("prod", "eu-west-1"),
        at: at(0),
        took: TimeDelta::zero(),
        result: Ok(Reading::Events(events)),
        retry: None,
    });
}

#[test]
fn a_failed_stack_opens_on_its_root_cause_and_stays_there() {
    let api = stack("api", "UPDATE_ROLLBACK_FAILED", "v1");
    let id = api.id.clone();
    let mut world = store([("prod", "eu-west-1", vec![api])]);
    let mut events = vec![
        event(
            &id,
            3,
            "Other",
            "UPDATE_FAILED",
            "Resource update cancelled",
        ),
        event(&id, 2, "Fn", "UPDATE_FAILED", "Memory limit exceeded"),
        event(&id, 1, "Fn", "UPDATE_IN_PROGRESS", ""),
    ];
    tell(&mut world, &id, events.clone());
    let mut detail = Detail::new(scope("prod", "eu-west-1"), id.clone());
    detail.settle(&world);
    assert_eq!(detail.selected(), Some(Line::Event(1)));

    events.insert(0, event(&id, 4, "api", "UPDATE_ROLLBACK_IN_PROGRESS", ""));
    tell(&mut world, &id, events);
    detail.settle(&world);
    assert_eq!(
        detail.selected(),
        Some(Line::Event(2)),
        "newer events arrive above it"
    );
}

#[test]
fn tabs_go_round() {
    assert_eq!(Tab::Drift.neighbour(Step::Forth), Tab::Events);
    assert_eq!(Tab::Events.neighbour(Step::Back), Tab::Drift);
}

#[test]
fn a_filter_keeps_the_numbers_of_the_lines_of_a_large_template() {
    let api = stack("api", "UPDATE_COMPLETE", "v1");
    let id = api.id.clone();
    let mut world = store([("prod", "eu-west-1", vec![api])]);
    let text: Vec<String> = (0..12_000).map(|line| format!("line {line}")).collect();
    world.absorb(Attempt {
        topic: Topic::Template(id.clone()),
        scope: scope("prod", "eu-west-1"),
        at: at(0),
        took: TimeDelta::zero(),
        result: Ok(Reading::Template(Template::new(text.join("\n")))),
        retry: None,
    });
    let mut detail = Detail::new(scope("prod", "eu-west-1"), id);
    detail.show(Tab::Template);
    detail.settle(&world);
    assert_eq!(detail.lines().len(), 12_000);
    detail.filter = Filter::parse("~1199[0-9]$");
    detail.settle(&world);
    let kept: Vec<Line> = (11_990..12_000).map(Line::Template).collect();
    assert_eq!(detail.lines(), kept);

    detail.step(Step::Last);
    detail.filter = Filter::default();
    detail.settle(&world);
    assert_eq!(
        detail.selected(),
        Some(Line::Template(11_999)),
        "the line stays selected when the others are back"
    );
}
