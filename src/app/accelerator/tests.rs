//! What the Accelerator view shows, asks for, and leads to.

use super::testing::{
    accelerator, accelerators, balancer, endpoint, group, identity, listener_of, listeners,
};
use super::{Fold, Key, Spot, wishes};
use crate::app::testing::{account, at, fleet, keymap};
use crate::app::{App, Event, View};
use crate::command::Command;
use crate::config::key::Key as Press;
use crate::domain::store::Attempt;
use crate::domain::{Accelerator, AcceleratorStatus, Routing, Topic};
use crate::engine::message::{Cadence, Update};
use chrono::TimeDelta;

fn app() -> App {
    let fleet = fleet([
        account("prod", ["us-east-1", "eu-west-1"]),
        account("staging", ["us-east-1"]),
    ]);
    let mut app = App::new(fleet, keymap(), at(0));
    hear(&mut app, identity("prod", "123456789012"));
    hear(&mut app, identity("staging", "210987654321"));
    app
}

fn hear(app: &mut App, attempt: Attempt) {
    app.update(Event::Engine(Update::Attempt(attempt)));
}

fn press(app: &mut App, keys: &str) {
    for key in keys.split(' ') {
        app.update(Event::Key(key.parse::<Press>().unwrap()));
    }
}

/// An ill one, a well one, and one of custom routing.
fn demo() -> App {
    let mut app = app();
    let (shop, media) = (accelerator("shop"), accelerator("media"));
    let games = Accelerator {
        routing: Routing::Custom,
        ..accelerator("a-games")
    };
    hear(
        &mut app,
        accelerators("prod", vec![games, media.clone(), shop.clone()]),
    );
    hear(&mut app, accelerators("staging", vec![]));
    let arn = |region: &str| {
        format!("arn:aws:elasticloadbalancing:{region}:123456789012:loadbalancer/app/edge/1")
    };
    let groups = |health: &str| {
        vec![
            group(
                "eu-west-1",
                vec![
                    balancer(&arn("eu-west-1"), health),
                    endpoint("i-1", "HEALTHY"),
                ],
            ),
            group("us-east-1", vec![balancer(&arn("us-east-1"), "HEALTHY")]),
        ]
    };
    let of = |it: &Accelerator, health: &str| {
        listeners("prod", it, vec![listener_of(it, groups(health))])
    };
    hear(&mut app, of(&media, "HEALTHY"));
    hear(&mut app, of(&shop, "UNHEALTHY"));
    press(&mut app, "5");
    app
}

fn tree(app: &App) -> Vec<String> {
    let rows = app.accelerator().rows().iter();
    rows.map(|row| {
        let found = row.found(app.store());
        let name = match (row.spot, found) {
            (Spot::Account, _) => format!("account {}", row.account),
            (Spot::Apart, _) | (_, None) => "apart".to_owned(),
            (Spot::Accelerator(_), Some(found)) => found.accelerator.name.exact().to_owned(),
            (Spot::Listener(..), Some(found)) => found.listener.unwrap().words(),
            (Spot::Group(..), Some(found)) => found.group.unwrap().region.exact().to_owned(),
            (Spot::Endpoint(..), Some(found)) => found.endpoint.unwrap().name().exact().to_owned(),
        };
        let sign = match row.fold {
            Fold::Open => "v ",
            Fold::Closed => "> ",
            Fold::Leaf => "",
        };
        format!("{}{sign}{name}", "  ".repeat(usize::from(row.depth())))
    })
    .collect()
}

#[test]
fn what_is_in_trouble_comes_first_and_open_and_custom_routing_last_and_apart() {
    assert_eq!(
        tree(&demo()),
        [
            "v shop",
            "  v TCP 443",
            "    v eu-west-1",
            "      edge",
            "      i-1",
            "    > us-east-1",
            "v media",
            "  v TCP 443",
            "    > eu-west-1",
            "    > us-east-1",
            "apart",
            "a-games",
            "account staging",
        ]
    );
}

#[test]
fn left_and_right_walk_the_tree_and_the_selection_follows_the_thing() {
    let mut app = demo();
    press(&mut app, "g g down down down");
    let selected = |app: &App| app.accelerator().selected().unwrap().key.clone();
    let edge = selected(&app);
    assert!(matches!(&edge, Key::Endpoint(..)), "{edge:?}");
    press(&mut app, "left");
    assert!(matches!(selected(&app), Key::Node(..)));
    press(&mut app, "left");
    assert_eq!(tree(&app)[2], "    > eu-west-1", "closed by hand");
    press(&mut app, "enter right");
    assert_eq!(selected(&app), edge);
    // It recovers, and its accelerator takes its place by name.
    let shop = accelerator("shop");
    let arn = edge_arn();
    let well = vec![group("eu-west-1", vec![balancer(&arn, "HEALTHY")])];
    hear(
        &mut app,
        listeners("prod", &shop, vec![listener_of(&shop, well)]),
    );
    assert_eq!(selected(&app), edge, "{:?}", tree(&app));
    assert_eq!(tree(&app)[0], "v media");
}

fn edge_arn() -> String {
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/edge/1".to_owned()
}

#[test]
fn a_filter_keeps_endpoints_with_all_that_they_hang_on_and_opens_it() {
    let mut app = demo();
    press(&mut app, "/ m e d i a space u s - e a s t enter");
    assert_eq!(
        tree(&app),
        ["v media", "  v TCP 443", "    v us-east-1", "      edge"]
    );
    assert_eq!(app.accelerator().counts(), (6, 1));
}

#[test]
fn a_failing_control_plane_makes_nothing_ill_and_loses_nothing() {
    let mut app = demo();
    let before = tree(&app);
    let shop = accelerator("shop");
    let dark = crate::domain::Problem::new(
        crate::domain::Kind::Unreachable(crate::domain::Reach::TimedOut),
        "Global Accelerator did not answer within 10 s.",
    );
    hear(
        &mut app,
        super::testing::attempt("prod", super::topic(&shop), 43, Err(dark)),
    );
    assert_eq!(tree(&app), before);
}

fn wish(app: &App, topic: &Topic) -> Vec<(String, Cadence)> {
    let all = super::super::wishes::wishes(app).into_iter();
    all.filter(|wish| wish.topic == *topic)
        .map(|wish| (wish.scope.to_string(), wish.cadence))
        .collect()
}

#[test]
fn health_is_asked_often_where_it_is_shown_and_less_so_elsewhere() {
    let mut app = demo();
    let of = |name: &str| super::topic(&accelerator(name));
    assert_eq!(
        wish(&app, &of("shop"))[0].1,
        Cadence::Focused(TimeDelta::seconds(15))
    );
    let games = Accelerator {
        routing: Routing::Custom,
        ..accelerator("a-games")
    };
    assert_eq!(
        wish(&app, &super::topic(&games))[0].1,
        Cadence::Background(wishes::TOPOLOGY)
    );
    press(&mut app, "1");
    assert_eq!(
        wish(&app, &of("shop"))[0].1,
        Cadence::Background(TimeDelta::seconds(30))
    );
    app.update(Event::Focus(crate::app::Focus::Lost));
    assert_eq!(
        wish(&app, &of("shop"))[0].1,
        Cadence::Background(TimeDelta::seconds(120))
    );
}

#[test]
fn with_many_accelerators_a_round_takes_as_long_as_it_must() {
    let mut app = app();
    let many: Vec<Accelerator> = (0..30).map(|n| accelerator(&format!("a{n}"))).collect();
    hear(&mut app, accelerators("prod", many));
    press(&mut app, "5");
    // Sixty calls, three in two seconds.
    let cadence = wish(&app, &super::topic(&accelerator("a7")))[0].1;
    assert_eq!(cadence, Cadence::Focused(TimeDelta::seconds(40)));
}

#[test]
fn a_change_on_its_way_is_watched_from_when_it_was_seen() {
    let mut app = app();
    assert_eq!(
        wish(&app, &Topic::Accelerators)[0].1,
        Cadence::Background(wishes::TOPOLOGY)
    );
    let moving = Accelerator {
        status: AcceleratorStatus::InProgress,
        ..accelerator("shop")
    };
    hear(&mut app, accelerators("prod", vec![moving.clone()]));
    app.update(Event::Tick(at(20)));
    hear(&mut app, accelerators("prod", vec![moving.clone()]));
    assert_eq!(app.accelerator().moving_since(&moving.arn), Some(at(0)));
    assert_eq!(
        wish(&app, &Topic::Accelerators)[0].1,
        Cadence::Focused(wishes::FOCUSED)
    );
    hear(&mut app, accelerators("prod", vec![accelerator("shop")]));
    assert_eq!(app.accelerator().moving_since(&moving.arn), None);
}

#[test]
fn balancers_are_asked_where_they_stand_and_flows_only_in_oregon() {
    let mut app = demo();
    press(&mut app, "g g down down down");
    let edge = Topic::Balancer(edge_arn().as_str().into());
    assert_eq!(
        wish(&app, &edge),
        [(
            "prod/eu-west-1".to_owned(),
            Cadence::Focused(wishes::FOCUSED)
        )]
    );
    let flows = wishes::flows_topic(&accelerator("shop").arn, None);
    assert_eq!(wish(&app, &flows)[0].0, "prod/us-west-2");
    press(&mut app, "1");
    assert!(wish(&app, &edge).is_empty() && wish(&app, &flows).is_empty());
}

#[test]
fn enter_on_an_endpoint_opens_why_and_escape_closes_it() {
    let mut app = demo();
    press(&mut app, "g g down down down enter");
    assert!(app.open_chain().is_some());
    assert_eq!(app.view(), View::Accelerator);
    let owner = Topic::Owner(edge_arn().as_str().into());
    assert_eq!(
        wish(&app, &owner),
        [("prod/eu-west-1".to_owned(), Cadence::Once)]
    );
    press(&mut app, "esc");
    assert!(app.open_chain().is_none());
    assert!(super::super::enabled(&app, Command::Zoom).is_err());
}
