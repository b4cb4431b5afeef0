//! A thousand endpoints behind one control plane: how soon they are known, what they cost, and whom it bothers when that
//! control plane falls silent.

use crate::support::world::{PROD, PROD_ID, World, account, fleet, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{
    AcceleratorArn, AccountName, Health, Kind, Routing, Scope, Since, Topic,
};
use quarterdeck::engine::message::{Cadence, Wish};
use quarterdeck::sandbox::{Fault, FaultKind, LoggedRequest, Place, Scenario};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long an answer takes.
const LATENCY: Duration = Duration::from_millis(50);
/// The documented cadence of what is looked at.
const CADENCE: TimeDelta = TimeDelta::seconds(15);
const SERVICE: &str = "globalaccelerator";

fn global() -> Scope {
    Scope::global(&AccountName::new(PROD))
}

fn wish(topic: Topic) -> Wish {
    Wish {
        topic,
        scope: global(),
        cadence: Cadence::Focused(CADENCE),
    }
}

/// The accelerators that are known, and what hangs on each.
fn tree(world: &World) -> Vec<Wish> {
    let known = world.store.accelerators(&AccountName::new(PROD)).unwrap();
    let below = known.value().unwrap_or_default().iter();
    let below = below.map(|it| wish(Topic::Listeners(it.arn.clone(), it.routing)));
    std::iter::once(wish(Topic::Accelerators))
        .chain(below)
        .collect()
}

/// A thousand endpoints, of which nothing has been asked.
fn thousand() -> World {
    let fleet = fleet(vec![account(PROD, PROD_ID, &["us-west-2"])]);
    let world = World::in_step(&Scenario::accelerators(10, 10, 10, 1), fleet);
    let place = Place::everywhere().service(SERVICE);
    let slow = FaultKind::Latency {
        fixed: LATENCY,
        jitter: Duration::ZERO,
    };
    world.gateway.inject(Fault::new(place, slow));
    world
}

/// Asks for the list, then for all that is on it; tells when the last of it had come.
async fn first_tree(world: &mut World) -> Duration {
    world.watch(vec![wish(Topic::Accelerators)]).await;
    let span = Duration::from_secs(30);
    let listed = |seen: &crate::support::world::Seen| seen.topic == Topic::Accelerators;
    world.run_until(span, listed).await;
    let wishes = tree(world);
    let mut open = wishes.len() - 1;
    world.watch(wishes).await;
    let last = |seen: &crate::support::world::Seen| {
        assert_eq!(seen.failure, None, "{seen:?}");
        if matches!(seen.topic, Topic::Listeners(..)) {
            open -= 1;
        }
        open == 0
    };
    world.run_until(span, last).await.after
}

/// The longest way from the first page of the list to the last page of an accelerator, in requests one after the other.
fn longest_chain(requests: &[LoggedRequest]) -> u32 {
    let mut below: BTreeMap<String, u32> = BTreeMap::new();
    let mut lists = 0;
    for request in requests.iter().filter(|it| it.service == SERVICE) {
        let input: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let about = match request.operation.as_str() {
            "ListAccelerators" => {
                lists += 1;
                continue;
            }
            "ListListeners" => &input["AcceleratorArn"],
            "ListEndpointGroups" => &input["ListenerArn"],
            _ => continue,
        };
        let arn = AcceleratorArn::new(about.as_str().unwrap());
        *below.entry(arn.accelerator().to_owned()).or_default() += 1;
    }
    lists + below.into_values().max().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_thousand_endpoints_are_known_as_soon_as_the_slowest_chain_of_pages() {
    let mut world = thousand();
    let took = first_tree(&mut world).await;
    let requests = world.gateway.requests();
    let chain = longest_chain(&requests);
    // A list of one page, then listeners of one page, then the groups of each of ten.
    assert_eq!(chain, 12);
    let bar = (LATENCY * chain).mul_f64(1.25);
    assert!(
        took <= bar,
        "{took:?} for a chain of {chain}, at most {bar:?}"
    );
    let known: usize = tree(&world)[1..]
        .iter()
        .map(|wish| world.store.listeners(&global(), &wish.topic).unwrap())
        .flat_map(|slot| slot.value().unwrap())
        .flat_map(|listener| &listener.groups)
        .map(|group| group.endpoints.len())
        .sum();
    assert_eq!(known, 1_000);
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_a_thousand_endpoints_costs_no_more_calls_than_the_allowance() {
    let mut world = thousand();
    first_tree(&mut world).await;
    let before = world.gateway.requests().len();
    world.run(Duration::from_mins(10)).await;
    let requests = world.gateway.requests();
    let asked = requests[before..].iter().filter(|it| it.service == SERVICE);
    let an_hour = asked.count() * 6;
    // Every 15 seconds a tree of 112 requests would be 26,880; AWS publishes no rate, and two a second are ours.
    assert!(
        (6_800..=7_300).contains(&an_hour),
        "{an_hour} calls an hour"
    );
    // All accelerators take their turns.
    let mut gaps: BTreeMap<Topic, Vec<Duration>> = BTreeMap::new();
    for seen in &world.attempts {
        gaps.entry(seen.topic.clone()).or_default().push(seen.after);
    }
    let longest = gaps
        .values()
        .flat_map(|moments| moments.windows(2).map(|pair| pair[1] - pair[0]))
        .max()
        .unwrap();
    // The burst of the beginning is paid back first.
    assert!(
        longest <= Duration::from_secs(90),
        "{longest:?} between two"
    );
    assert_eq!(gaps.len(), 11);
}

#[tokio::test(start_paused = true)]
async fn a_few_accelerators_keep_the_cadence() {
    let scenario = Scenario::named("demo").unwrap();
    let house = fleet(vec![account(PROD, PROD_ID, &["us-west-2"])]);
    let mut world = World::in_step(&scenario, house);
    first_tree(&mut world).await;
    let before = world.gateway.requests().len();
    world.run(Duration::from_mins(10)).await;
    let requests = world.gateway.requests();
    let asked = requests[before..].iter().filter(|it| it.service == SERVICE);
    let an_hour = asked.count() * 6;
    // Two lists, six accelerators with seven listeners in all: fifteen requests every 15 seconds.
    assert!(
        (3_400..=3_800).contains(&an_hour),
        "{an_hour} calls an hour"
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_control_plane_takes_nothing_away_and_bothers_nobody_else() {
    const REGIONS: [&str; 3] = ["us-west-2", "us-east-1", "eu-west-1"];
    let cadence = CADENCE.to_std().unwrap();
    let house = fleet(vec![account(PROD, PROD_ID, &REGIONS)]);
    let mut world = World::new(&Scenario::named("demo").unwrap(), house.accounts.clone());
    world.watch(vec![wish(Topic::Accelerators)]).await;
    world.run(Duration::from_secs(2)).await;
    let stacks = REGIONS.map(|region| Wish {
        topic: Topic::Stacks,
        scope: scope(PROD, region),
        cadence: Cadence::Focused(CADENCE),
    });
    let wishes: Vec<Wish> = tree(&world).into_iter().chain(stacks).collect();
    world.watch(wishes.clone()).await;
    world.run(Duration::from_secs(40)).await;
    let since = world.now();
    let place = Place::region("us-west-2").service(SERVICE);
    world.gateway.inject(Fault::new(place, FaultKind::Dark));
    world.run(Duration::from_mins(5)).await;

    for region in REGIONS {
        let here = scope(PROD, region);
        let mut moments = vec![since];
        moments.extend(world.of(&here, since).map(|seen| {
            assert_eq!(seen.failure, None, "{seen:?}");
            seen.after
        }));
        moments.push(world.now());
        let gaps = moments.windows(2).map(|pair| pair[1] - pair[0]);
        let longest = gaps.max().unwrap();
        assert!(longest <= cadence * 5 / 4, "{region}: {longest:?}");
    }

    let slot = world.store.accelerators(&AccountName::new(PROD)).unwrap();
    assert_eq!(slot.value().map(<[_]>::len), Some(6), "what was read stays");
    let problem = &slot.failing().unwrap().problem;
    assert!(matches!(problem.kind, Kind::Unreachable(_)), "{problem}");
    let said = problem.to_string();
    assert!(said.contains("the accelerators"), "{said}");
    let standard = slot.value().unwrap().iter();
    let standard = standard.filter(|it| it.routing == Routing::Standard);
    let mut seen = 0;
    for accelerator in standard {
        let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
        let slot = world.store.listeners(&global(), &topic).unwrap();
        assert!(slot.failing().is_some());
        let groups = slot.value().unwrap().iter().flat_map(|it| &it.groups);
        for (group, endpoint) in groups.flat_map(|it| it.endpoints.iter().map(move |e| (it, e))) {
            let sighting = world.store.sighting(&global(), &group.arn, &endpoint.id);
            let sighting = sighting.unwrap();
            assert_eq!(sighting.health, endpoint.health);
            assert!(matches!(sighting.since, Since::AtLeast(_) | Since::Seen(_)));
            assert_eq!(
                sighting.turns().len(),
                0,
                "silence is no turn for the worse"
            );
            seen += usize::from(endpoint.health != Health::Unchecked);
        }
    }
    assert!(seen > 5, "{seen}");
    assert!(
        slot_is_probed(&world, since),
        "a silent one is looked for now and then"
    );
}

/// Whether the silent control plane was asked again, and seldom.
fn slot_is_probed(world: &World, since: Duration) -> bool {
    let probes = world.attempts.iter().filter(|seen| {
        let is_ours = matches!(seen.topic, Topic::Accelerators | Topic::Listeners(..));
        is_ours && seen.after >= since + Duration::from_mins(3)
    });
    (1..=24).contains(&probes.count())
}
