use chrono::TimeDelta;

use super::*;

fn began() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn request() -> Place {
    Place::account("123456789012")
        .service("cloudformation")
        .operation("DescribeStacks")
}

#[test]
fn a_pattern_covers_what_it_says_and_no_more() {
    let cases = [
        ("", "anything", true),
        ("Describe*", "DescribeStacks", true),
        ("*Stacks", "DescribeStacks", true),
        ("D*S*s", "DescribeStacks", true),
        ("Describe*", "ListStacks", false),
        ("DescribeStacks", "DescribeStackEvents", false),
        ("Describe", "DescribeStacks", false),
        ("*", "", true),
    ];
    for (pattern, name, expected) in cases {
        assert_eq!(covers(pattern, name), expected, "{pattern} on {name}");
    }
}

#[test]
fn a_throttle_lets_its_burst_through_and_then_its_rate() {
    let faults = Faults::new(&[], began());
    let place = Place::everywhere().operation("Describe*");
    faults.inject(Fault::new(
        place,
        FaultKind::Throttle {
            per_second: 2.0,
            burst: 3.0,
        },
    ));
    let refused = |millis| {
        let now = began() + TimeDelta::milliseconds(millis);
        !faults.facing(&request(), now).is_empty()
    };
    assert_eq!(
        [0, 0, 0, 0, 400, 500, 600].map(refused),
        [false, false, false, true, true, false, true]
    );
    let elsewhere = Place {
        region: "eu-west-1".to_owned(),
        ..request()
    };
    assert!(
        faults.facing(&elsewhere, began()).is_empty(),
        "regions are counted apart"
    );
}

#[test]
fn a_spell_comes_at_the_end_of_each_period() {
    let faults = Faults::new(&[], began());
    faults.inject(Fault {
        spells: Some(Spells {
            every: Duration::from_mins(1),
            lasts: Duration::from_secs(10),
        }),
        ..Fault::new(Place::everywhere(), FaultKind::Dark)
    });
    let on = |seconds| {
        !faults
            .facing(&request(), began() + TimeDelta::seconds(seconds))
            .is_empty()
    };
    assert_eq!(
        [0, 49, 50, 59, 60, 110].map(on),
        [false, false, true, true, false, true]
    );
}

#[test]
fn what_is_healed_is_gone() {
    let faults = Faults::new(&[], began());
    let id = faults.inject(Fault::new(Place::everywhere(), FaultKind::Reset));
    assert_eq!(faults.facing(&request(), began()), [FaultKind::Reset]);
    faults.heal(id);
    assert!(faults.facing(&request(), began()).is_empty());
}
