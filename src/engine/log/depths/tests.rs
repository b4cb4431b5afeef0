use super::*;
use proptest::prelude::*;

/// A group as CloudWatch keeps it, and a reader of it.
struct Reader {
    /// Time of each event and when it became readable.
    events: Vec<(Millis, Millis)>,
    read: Vec<u32>,
    depths: Depths,
}

impl Reader {
    /// Reads a window as it stands at `now`, at most `most` events, and says how far it came.
    fn walk(&mut self, from: Millis, until: Millis, now: Millis, most: usize) -> Millis {
        let mut inside: Vec<usize> = (0..self.events.len())
            .filter(|&index| {
                let (time, readable) = self.events[index];
                readable <= now && (from..=until).contains(&time)
            })
            .collect();
        inside.sort_by_key(|&index| self.events[index].0);
        let is_cut = inside.len() > most;
        // A walk that is cut goes on until it has got anywhere.
        let mut taken = most.min(inside.len());
        while is_cut && taken < inside.len() && self.events[inside[taken - 1]].0 <= from {
            taken += 1;
        }
        for &index in &inside[..taken] {
            self.read[index] += 1;
        }
        if taken < inside.len() {
            self.events[inside[taken - 1]].0
        } else {
            Millis::MAX
        }
    }

    fn poll(&mut self, now: Millis, cost: Cost, most: usize) {
        let plan = self.depths.plan(now, cost);
        let reach = self.walk(plan.open, Millis::MAX, now, most);
        self.depths.read(plan.open, now, reach);
        if let Some((from, until)) = plan.back {
            let back = self.walk(from, until, now + 50, most);
            self.depths.read(from, now, back.min(reach));
        }
    }
}

#[test]
fn the_newest_are_read_first_and_deeper_levels_when_they_are_due() {
    let mut depths = Depths::new(1_000_000);
    assert_eq!(
        depths.plan(1_300_000, Cost::More),
        Plan {
            open: 1_000_000,
            back: None
        },
        "the first walk reads everything"
    );
    depths.read(1_000_000, 1_300_000, Millis::MAX);
    assert_eq!(depths.settled(), 1_180_000);
    for (now, back) in [
        (1_302_000, None),
        (1_307_500, Some((1_270_000, 1_294_999))),
        (1_330_000, Some((1_180_000, 1_294_999))),
    ] {
        let plan = depths.plan(now, Cost::More);
        assert_eq!((plan.open, plan.back), (1_295_000, back), "{now}");
    }
    let cheap = depths.plan(1_302_000, Cost::OneCall);
    assert_eq!((cheap.open, cheap.back), (1_180_000, None));
}

#[test]
fn a_walk_that_is_cut_goes_on_where_it_ended() {
    let mut depths = Depths::new(0);
    depths.read(0, 3_600_000, 60_000);
    assert_eq!(
        depths.plan(3_602_000, Cost::More),
        Plan {
            open: 60_000,
            back: None
        }
    );
}

#[test]
fn later_events_than_expected_widen_the_view_within_what_is_remembered() {
    let mut depths = Depths::new(0);
    depths.read(0, 2_000_000, Millis::MAX);
    depths.observe(100_000, 0);
    assert_eq!(depths.lateness(), 120_000);
    depths.observe(200_000, 1_800_000);
    assert_eq!((depths.lateness(), depths.settled()), (300_000, 1_800_000));
    depths.observe(5_000_000, 0);
    assert_eq!((depths.lateness(), depths.settled()), (900_000, 1_200_000));
    depths.narrow(1_900_000);
    assert_eq!(depths.settled(), 1_900_000);
}

#[test]
fn a_level_whose_walks_take_long_is_due_less_often_and_the_others_as_ever() {
    let mut depths = Depths::new(0);
    depths.read(0, 1_000_000, Millis::MAX);
    depths.took(depths.settled(), 20_000);
    for (now, back) in [
        (1_030_000, Some(970_000)),
        (1_059_999, Some(970_000)),
        (1_060_000, Some(880_000)),
    ] {
        let plan = depths.plan(now, Cost::More);
        assert_eq!(plan.back.map(|(from, _)| from), back, "{now}");
    }
}

proptest! {
    #[test]
    fn whatever_the_schedule_every_event_is_read_and_none_before_it_is_settled_remains(
        events in prop::collection::vec((0_i64..400_000, 0_i64..=120_000), 1..120),
        pauses in prop::collection::vec((1_i64..40_000, any::<bool>(), 1_usize..60), 1..60),
    ) {
        let events: Vec<_> = events.into_iter().map(|(time, late)| (time, time + late)).collect();
        let mut reader = Reader { read: vec![0; events.len()], events, depths: Depths::new(0) };
        let mut now = 0;
        for (pause, is_cheap, most) in pauses {
            now += pause;
            let cost = if is_cheap { Cost::OneCall } else { Cost::More };
            reader.poll(now, cost, most);
            for (event, read) in reader.events.iter().zip(&reader.read) {
                prop_assert!(event.0 >= reader.depths.settled() || *read > 0, "{event:?} at {now}");
            }
        }
        // A flood of which every poll reads but a little takes its time.
        for _ in 0..400 {
            now += 2_000;
            reader.poll(now, Cost::More, 60);
        }
        prop_assert!(reader.read.iter().all(|read| *read > 0));
        prop_assert!(reader.depths.settled() > 400_000);
    }

    #[test]
    fn an_event_is_not_read_more_often_than_the_levels_have_it(interval in 500_i64..10_000) {
        let events: Vec<_> = (1_000_000..1_060_000).step_by(1_000).map(|time| (time, time)).collect();
        let mut reader = Reader { read: vec![0; events.len()], events, depths: Depths::new(0) };
        let mut now = 1_000_000;
        while now < 1_400_000 {
            now += interval;
            reader.poll(now, Cost::More, usize::MAX);
        }
        let most = *reader.read.iter().max().unwrap();
        // At the shallowest level with every poll, at the others five times, and once for each border.
        let bound = 5_000 / interval + 2 + 2 * 6;
        prop_assert!(i64::from(most) <= bound, "{most} of {bound}");
    }
}
