//! The Accelerator view, why an endpoint is ill, what a region's traffic would do, and the map.

use super::house::{House, LARGE, MIDDLE, SMALL, account, scene, scope};
use super::traffic::{
    FLOWS, Hears, REGIONS, accelerator, big, edge, global, go_to_ireland, group, hear_reason,
    house, listener, listeners_topic, opened, shop,
};
use quarterdeck::app::Target;
use quarterdeck::domain::{Accelerator, Kind, Problem, Reach, Topic};

#[test]
fn the_tree_at_every_size() {
    let mut house = opened();
    scene("accelerator", &mut house, &[SMALL, MIDDLE, LARGE, (40, 10)]);
    scene("accelerator-ascii", &mut opened().ascii(), &[SMALL, MIDDLE]);
}

#[test]
fn why_an_endpoint_is_ill_down_to_the_log_of_what_answers() {
    let mut house = opened();
    go_to_ireland(&mut house).press("enter");
    hear_reason(&mut house);
    scene(
        "accelerator-chain",
        &mut house,
        &[SMALL, MIDDLE, LARGE, (40, 10)],
    );
    let look = house.look(120, 36);
    for words in [
        "[503]",
        "Target.ResponseCodeMismatch",
        "/aws/lambda/checkout-api-fn",
        "does not apply to it",
    ] {
        assert!(look.contains(words), "{words}: {look}");
    }
    house.press("esc");
    let look = house.look(120, 36);
    assert!(
        look.contains("Health checks failed with these codes: [503]"),
        "{look}"
    );
}

#[test]
fn a_refusal_leaves_health_without_reasons_and_names_what_is_missing() {
    let mut house = opened();
    go_to_ireland(&mut house).press("enter");
    let topic = Topic::Balancer(edge("eu-west-1").as_str().into());
    let denied = Problem::new(
        Kind::Denied,
        "Not allowed to read the load balancer checkout-edge.",
    )
    .hint("Allow `elasticloadbalancing:DescribeTargetHealth`.");
    house.hear(&scope("prod", "eu-west-1"), topic, 3, Err(denied));
    scene("accelerator-denied", &mut house, &[SMALL, MIDDLE]);
    let look = house.look(120, 36);
    assert!(
        look.contains("elasticloadbalancing:DescribeTargetHealth"),
        "{look}"
    );
    assert!(look.contains("UNHEALTHY"), "{look}");
}

#[test]
fn a_control_plane_that_is_dark_makes_everything_old_and_nothing_ill() {
    let mut house = opened();
    let dark = |house: &mut House, topic: Topic| {
        let words = "Global Accelerator did not answer within 10 s.";
        let problem = Problem::new(Kind::Unreachable(Reach::TimedOut), words);
        house.hear(&global("prod"), topic, 1, Err(problem));
    };
    house.later(41);
    for name in ["shop", "media", "reports"] {
        dark(&mut house, listeners_topic(&accelerator(name)));
    }
    dark(&mut house, Topic::Accelerators);
    scene("accelerator-dark", &mut house, &[SMALL, MIDDLE]);
    let look = house.look(120, 36);
    assert!(look.contains("last known 43s ago"), "{look}");
    house.press("1");
    scene("accelerator-dark-fleet", &mut house, &[MIDDLE]);
}

#[test]
fn without_accelerators_it_says_what_was_asked() {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    house.accelerators("prod", vec![]).press("5");
    scene("accelerator-none", &mut house, &[SMALL]);
    assert!(
        house
            .look(80, 24)
            .contains("globalaccelerator:ListAccelerators")
    );
}

#[test]
fn what_if_a_region_went_away() {
    let mut house = opened();
    house
        .press("/")
        .type_in("shop us-east-1")
        .press("enter G i");
    scene("accelerator-what-if", &mut house, &[SMALL, MIDDLE]);
    let look = house.look(120, 36);
    assert!(look.contains("nothing is changed"), "{look}");
}

#[test]
fn what_does_not_fit_together() {
    let mut house = opened();
    scene("accelerator-findings-none", house.press("F"), &[SMALL]);
}

#[test]
fn the_map_has_the_screen_and_the_row_and_the_tree_agree() {
    let mut house = house();
    scene("accelerator-fleet", &mut house, &[SMALL, MIDDLE, LARGE]);
    house.press("m");
    for (region, flow) in FLOWS {
        house.flows(&shop(), Some(region), flow);
    }
    scene("world", &mut house, &[SMALL, MIDDLE, LARGE, (40, 10)]);
    let mut plain = super::traffic::house().ascii();
    scene("world-ascii", plain.press("m"), &[SMALL]);
    // Its endpoints lead to the group.
    house.press("esc down down l l enter");
    let look = house.look(120, 36);
    let row = look
        .lines()
        .find(|row| row.contains('▸') && row.contains("eu-west-1"));
    assert!(
        row.is_some_and(|row| row.contains("1 of 2 healthy")),
        "{look}"
    );
}

#[test]
fn ten_thousand_endpoints_are_drawn_by_the_row() {
    let mut house = big();
    let rows = house.app.accelerator().rows().len();
    assert_eq!(rows, 10 * (1 + 10 * (1 + 10 * (1 + 10))));
    scene("accelerator-big", house.press("G"), &[MIDDLE]);
    let (_, viewport) = house.draw(200, 60);
    let rows = viewport
        .spots
        .iter()
        .filter(|(_, target)| matches!(target, Target::Row(_)));
    assert!(rows.count() < 60, "only what is in sight is built");
}

#[test]
fn hostile_names_are_only_text() {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    let evil = Accelerator {
        name: "\u{1b}]0;evil\u{7}\u{202e}gpj".into(),
        dns: Some("\u{1b}[2J".into()),
        ..accelerator("evil")
    };
    house.accelerators("prod", vec![evil.clone()]);
    let ill = vec![group(
        "\u{1b}[31mmars",
        100.0,
        vec![super::traffic::endpoint("\u{9b}31m", 1, "\u{1b}[5m")],
    )];
    house
        .listeners(&evil, 3, vec![listener(&evil, 0, ill)])
        .press("5 G enter");
    let look = house.look(120, 36);
    assert!(
        !look.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']),
        "{look:?}"
    );
}
