//! The order of what is handed out, how long it waits, and what is late.

use super::*;
use proptest::prelude::*;

const START: Duration = Duration::from_secs(100);

fn page(times: &[Millis]) -> Arc<LogEvents> {
    let mut events = LogEvents::default();
    for time in times {
        events.push("s", (*time, *time), &time.to_string(), "m");
    }
    Arc::new(events)
}

fn merge(sources: usize, present: Option<Millis>) -> Confluence<LogEvents> {
    let mut merge = Confluence::new(present);
    (0..sources).for_each(|_| merge.add(START));
    merge
}

type Seen = Vec<(usize, Millis, Option<Millis>)>;

fn drain(merge: &mut Confluence<LogEvents>, now: Duration) -> (Seen, Rest) {
    let mut seen = Vec::new();
    let rest = merge.drain(now, |merged| {
        seen.push((merged.source, merged.event.time, merged.late));
        ControlFlow::Continue(())
    });
    (seen, rest)
}

#[test]
fn an_event_waits_for_a_source_that_has_not_come_so_far() {
    let mut merge = merge(2, None);
    merge.push(0, page(&[10, 20, 30]), 31, START);
    assert_eq!(drain(&mut merge, START), (vec![], Rest::Waiting(None)));
    merge.push(1, page(&[15]), 25, START);
    let (seen, rest) = drain(&mut merge, START);
    assert_eq!(seen, [(0, 10, None), (1, 15, None), (0, 20, None)]);
    assert_eq!(rest, Rest::Waiting(None));
    merge.end(1);
    assert_eq!(drain(&mut merge, START), (vec![(0, 30, None)], Rest::Empty));
    assert!(!merge.is_over());
    merge.end(0);
    assert!(merge.is_over());
}

#[test]
fn a_source_that_stands_still_holds_nobody_for_long_and_comes_late() {
    let mut merge = merge(2, Some(1_000));
    merge.push(0, page(&[10, 20]), 21, START);
    let later = START + PATIENCE;
    assert_eq!(drain(&mut merge, later).0.len(), 2);
    merge.push(1, page(&[15, 25]), 26, later);
    assert_eq!(
        drain(&mut merge, later).0,
        [(1, 15, Some(5)), (1, 25, None)]
    );
}

#[test]
fn who_has_caught_up_is_waited_for_a_second() {
    let mut merge = merge(2, Some(50));
    merge.reach(0, 60, START);
    merge.reach(1, 60, START);
    let arrived = START + Duration::from_secs(30);
    merge.push(0, page(&[70]), 71, arrived);
    assert_eq!(
        drain(&mut merge, arrived),
        (vec![], Rest::Waiting(Some(arrived + HOLD)))
    );
    assert_eq!(drain(&mut merge, arrived + HOLD).0, [(0, 70, None)]);
}

#[test]
fn who_is_read_seldom_is_waited_for_until_the_next_reading() {
    for (period, hold) in [(2, 3), (5, 6), (60, 10)] {
        let mut merge = merge(2, Some(50));
        merge.pace(1, Duration::from_secs(period));
        merge.reach(1, 60, START);
        merge.push(0, page(&[70]), 71, START);
        let until = START + Duration::from_secs(hold);
        assert_eq!(
            drain(&mut merge, START),
            (vec![], Rest::Waiting(Some(until)))
        );
        merge.push(1, page(&[65]), 75, until);
        assert_eq!(
            drain(&mut merge, until).0,
            [(1, 65, None), (0, 70, None)],
            "in order although the one was read much later"
        );
    }
}

#[test]
fn one_event_from_the_future_makes_no_other_late() {
    let mut merge = merge(1, Some(50));
    let year = 31_536_000_000;
    merge.push(0, page(&[60, year]), 70, START);
    merge.push(0, page(&[65, 80, 90]), 91, START);
    assert_eq!(
        drain(&mut merge, START).0,
        [
            (0, 60, None),
            (0, year, None),
            (0, 65, Some(5)),
            (0, 80, None),
            (0, 90, None)
        ]
    );
}

#[test]
fn nobody_waits_for_a_source_that_cannot_read_unless_all_is_to_be_in_order() {
    for (present, handed_out) in [(Some(50), 1), (None, 0)] {
        let mut merge = merge(2, present);
        merge.reach(1, 60, START);
        merge.fail(1, true);
        merge.push(0, page(&[70]), 71, START);
        assert_eq!(drain(&mut merge, START).0.len(), handed_out);
        merge.fail(1, false);
        merge.push(0, page(&[80]), 81, START);
        assert_eq!(drain(&mut merge, START).0.len(), 0);
        merge.end(1);
        merge.fail(1, false);
        assert_eq!(drain(&mut merge, START).0.len(), 2 - handed_out);
    }
}

#[test]
fn in_a_hurry_nothing_waits() {
    let mut merge = merge(3, None);
    merge.push(1, page(&[5]), 6, START);
    merge.push(0, page(&[4, 7]), 8, START);
    merge.hurry();
    assert_eq!(drain(&mut merge, START).0.len(), 3);
}

#[test]
fn who_breaks_off_goes_on_where_it_was() {
    let mut merge = merge(1, None);
    merge.push(0, page(&[1, 2, 3]), 4, START);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let rest = merge.drain(START, |merged| {
            seen.push(merged.event.time);
            ControlFlow::Break(())
        });
        assert_eq!(rest, Rest::Stopped);
    }
    assert_eq!(seen, [1, 2, 3]);
    assert_eq!(drain(&mut merge, START), (vec![], Rest::Empty));
}

/// Pages of each source, in order within the source.
fn sources() -> impl Strategy<Value = Vec<Vec<Vec<Millis>>>> {
    let source = proptest::collection::vec(0..1_000_i64, 0..40).prop_map(|mut times| {
        times.sort_unstable();
        times.chunks(4).map(<[Millis]>::to_vec).collect()
    });
    proptest::collection::vec(source, 1..5)
}

proptest! {
    #[test]
    fn sources_that_keep_coming_give_one_ordered_whole(sources in sources(), turns in proptest::collection::vec(0..5_usize, 0..200)) {
        let mut merge = merge(sources.len(), None);
        let mut rest: Vec<VecDeque<Vec<Millis>>> = sources.iter().cloned().map(VecDeque::from).collect();
        let mut seen = Vec::new();
        let last = 0..sources.len();
        for source in turns.into_iter().chain(last.flat_map(|source| [source; 11])) {
            let source = source % sources.len();
            match rest[source].pop_front() {
                Some(times) => merge.push(source, page(&times), times[times.len() - 1], START),
                None => merge.end(source),
            }
            seen.extend(drain(&mut merge, START).0);
        }
        prop_assert!(merge.is_over());
        let mut expected: Vec<Millis> = sources.iter().flatten().flatten().copied().collect();
        expected.sort_unstable();
        let times: Vec<Millis> = seen.iter().map(|(_, time, _)| *time).collect();
        prop_assert_eq!(times, expected);
        prop_assert!(seen.iter().all(|(_, _, late)| late.is_none()));
    }

    #[test]
    fn however_slow_nothing_is_lost_or_repeated_and_lateness_is_told(
        pages in proptest::collection::vec((0..4_usize, proptest::collection::vec(0..1_000_i64, 0..6), 0..3_000_u64), 0..60)
    ) {
        let mut merge = merge(4, Some(500));
        let mut now = START;
        let mut seen = Vec::new();
        let mut expected = Vec::new();
        for (source, mut times, wait) in pages {
            times.sort_unstable();
            expected.extend(times.iter().map(|time| (source, *time)));
            let reached = times.last().map_or(0, |last| last + 1);
            merge.push(source, page(&times), reached, now);
            seen.extend(drain(&mut merge, now).0);
            now += Duration::from_millis(wait);
        }
        seen.extend(drain(&mut merge, now + PATIENCE + HOLD).0);
        let mut newest = Millis::MIN;
        for (_, time, late) in &seen {
            prop_assert_eq!(*late, (newest > *time).then(|| newest - time));
            newest = newest.max(*time);
        }
        let mut told: Vec<_> = seen.iter().map(|(source, time, _)| (*source, *time)).collect();
        told.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(told, expected);
    }
}
