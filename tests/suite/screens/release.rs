//! A bad release in one region, and what is not known elsewhere: the world of the scenes of Lambda.

use super::demo::REGIONS;
use super::house::{House, account, noon, scope, stack};
use chrono::TimeDelta;
use quarterdeck::domain::alarm::Actions;
use quarterdeck::domain::function::Condition;
use quarterdeck::domain::{
    Access, Alarm, AlarmKind, AlarmState, AlarmTransition, Alias, Concurrency, ErrorLine,
    EventSource, Extent, Function, FunctionState, FunctionVersion, Grain, Kind, LambdaLimits,
    LastErrors, Measure, MetricId, Metrics, Package, Problem, Provisioned, Reading, Search, Series,
    Subject, Timestamp, Topic, Untrusted, UpdateStatus, Watch,
};

/// Where the bad release is.
pub(super) const BAD: &str = "eu-west-1";
/// Minutes since the bad release.
const RELEASED: i64 = 24;

pub(super) fn text(words: &str) -> Untrusted {
    Untrusted::new(words)
}

fn ago(minutes: i64) -> Timestamp {
    noon() - TimeDelta::minutes(minutes)
}

fn function(name: &str, region: &str) -> Function {
    let code = match (name, region) {
        ("checkout-api", BAD) => "q7Lm0aXz",
        ("checkout-api", _) => "k8Fq2mZ1",
        (_, _) => "Zz19aa0b",
    };
    Function {
        name: text(name),
        arn: text(&format!(
            "arn:aws:lambda:{region}:123456789012:function:{name}"
        )),
        runtime: Some(text("python3.13")),
        package: Package::Zip,
        handler: Some(text("checkout.handler")),
        memory: if region == BAD { 1_024 } else { 512 },
        timeout: TimeDelta::seconds(30),
        architectures: vec![text("arm64")],
        modified: Some(if region == BAD {
            ago(RELEASED)
        } else {
            ago(9_000)
        }),
        code: text(code),
        code_size: 4_700_000,
        description: Some(text("Takes orders")),
        role: Some(text("arn:aws:iam::123456789012:role/checkout")),
        environment: vec![text("DATABASE_PASSWORD"), text("LOG_LEVEL")],
        layers: Vec::new(),
        vpc: None,
        log_group: text(&format!("/aws/lambda/{name}")),
        condition: None,
    }
}

fn alias(version: &str) -> Alias {
    Alias {
        name: text("ACTIVE"),
        version: text(version),
        weights: Vec::new(),
        description: None,
        revision: None,
    }
}

/// A number from 0 to 22, another every minute.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn wave(minute: i64, place: i64) -> f64 {
    ((minute * 7 + place * 31) % 23) as f64
}

/// Three hours of a function; from the release on it is what the bad version makes of it.
fn figures(place: i64, is_bad: bool) -> Metrics {
    let (from, _) = Grain::MINUTE.window(noon());
    let line = |good: fn(i64, i64) -> f64, bad: fn(i64, i64) -> f64| {
        let values = (0..180).map(|minute| {
            let of = if is_bad && minute >= 180 - RELEASED {
                bad
            } else {
                good
            };
            Some(of(minute, place))
        });
        Series::of(TimeDelta::minutes(1), from, values)
    };
    let series = [
        (
            Measure::Invocations,
            line(|m, p| 1_190.0 + wave(m, p), |m, p| 300.0 + wave(m, p)),
        ),
        (
            Measure::Errors,
            line(|m, _| if m % 5 == 0 { 1.0 } else { 0.0 }, |_, _| 130.0),
        ),
        (
            Measure::Throttles,
            line(|_, _| 0.0, |m, _| if m % 2 == 0 { 2.0 } else { 0.0 }),
        ),
        (
            Measure::P50,
            line(|m, p| 80.0 + wave(m, p), |m, p| 880.0 + wave(m, p)),
        ),
        (
            Measure::P95,
            line(|m, p| 150.0 + wave(m, p), |m, p| 1_500.0 + wave(m, p)),
        ),
        (
            Measure::P99,
            line(|m, p| 200.0 + wave(m, p), |m, p| 1_880.0 + wave(m, p)),
        ),
        (
            Measure::Concurrent,
            line(|m, p| 30.0 + wave(m, p), |m, p| 170.0 + wave(m, p)),
        ),
    ];
    Metrics {
        series: series.into(),
        extent: Extent::Whole,
    }
}

fn alarm(name: &str, function: &str, state: AlarmState) -> Alarm {
    Alarm {
        name: text(name),
        arn: text(&format!(
            "arn:aws:cloudwatch:{BAD}:123456789012:alarm:{name}"
        )),
        description: None,
        state,
        reason: None,
        since: Some(ago(RELEASED - 3)),
        kind: AlarmKind::Metric(Watch {
            metric: MetricId {
                namespace: text("AWS/Lambda"),
                name: text("Errors"),
                dimensions: vec![(text("FunctionName"), text(function))],
                statistic: text("Sum"),
                period: 60,
                unit: None,
            },
            comparison: text("GreaterThanThreshold"),
            threshold: Some(2.0),
            periods: 3,
            datapoints: 3,
            missing: text("missing"),
        }),
        actions: Actions::Enabled,
    }
}

fn whole(name: &str) -> Topic {
    Topic::Metrics(Subject::Function(text(name)), Grain::MINUTE)
}

fn errors(name: &str) -> Topic {
    Topic::Metrics(Subject::Errors(text(name)), Grain::MINUTE)
}

/// Six regions in which everything has answered; the view is open and the cursor has come to rest.
pub(super) fn bad_release() -> House {
    released(|place, region| Some(Ok(Reading::Metrics(figures(place, region == BAD)))))
}

/// The same, with what each region answers about the function's figures; none where it has not answered.
fn released(answer: impl Fn(i64, &str) -> Option<Result<Reading, Problem>>) -> House {
    let mut owned = account("prod", &REGIONS);
    owned.access = Access::Operate;
    let mut house = House::new(&[owned]);
    house.who("prod", "123456789012", None).press("3");
    for (place, region) in (0..).zip(REGIONS) {
        let here = scope("prod", region);
        let mut functions = vec![function("checkout-api", region)];
        if region == "us-east-1" {
            functions.push(function("cost-report", region));
        }
        functions.push(function("orders-api", region));
        house.hear(
            &here,
            Topic::Functions,
            40 + place,
            Ok(Reading::Functions(functions)),
        );
        house.stacks(
            "prod",
            region,
            3,
            vec![stack("checkout", "UPDATE_COMPLETE", "v418", 9_000)],
        );
        let state = if region == BAD {
            AlarmState::Alarm
        } else {
            AlarmState::Ok
        };
        let alarms = vec![alarm("checkout-errors", "checkout-api", state)];
        house.hear(&here, Topic::Alarms, 12, Ok(Reading::Alarms(alarms)));
    }
    house.later(0);
    house.draw(120, 36);
    house.later(2);
    for (place, region) in (0..).zip(REGIONS) {
        let here = scope("prod", region);
        let version = match region {
            BAD => "19",
            "ap-northeast-1" => "17",
            _ => "18",
        };
        let aliases = |version: &str| Ok(Reading::Aliases(vec![alias(version)]));
        house
            .hear(
                &here,
                Topic::Aliases(text("checkout-api")),
                8,
                aliases(version),
            )
            .hear(&here, Topic::Aliases(text("orders-api")), 8, aliases("73"))
            .hear(
                &here,
                Topic::Aliases(text("cost-report")),
                8,
                Ok(Reading::Aliases(Vec::new())),
            );
        let figures = |is_bad| Ok(Reading::Metrics(figures(place, is_bad)));
        if let Some(answer) = answer(place, region) {
            house.hear(&here, whole("checkout-api"), 4 + place, answer);
        }
        house
            .hear(&here, errors("orders-api"), 90, figures(false))
            .hear(
                &here,
                errors("cost-report"),
                90,
                Ok(Reading::Metrics(silent())),
            );
        let account = Topic::Metrics(Subject::Lambda, Grain::MINUTE);
        house.hear(&here, account, 4 + place, figures(region == BAD));
    }
    house
}

/// Nothing was called.
fn silent() -> Metrics {
    let blank = || Series::new(TimeDelta::minutes(1), 180);
    Metrics {
        series: [
            (Measure::Invocations, blank()),
            (Measure::Errors, blank()),
            (Measure::Throttles, blank()),
        ]
        .into(),
        extent: Extent::Whole,
    }
}

/// The same, where not everybody can tell.
pub(super) fn troubled() -> House {
    let denied = || {
        Problem::new(
            Kind::Denied,
            "Not allowed to read the metrics in us-west-2 of prod.",
        )
        .hint("Needs `cloudwatch:GetMetricData`.")
    };
    let throttled = Problem::new(Kind::Throttled, "AWS asks to slow down in ap-southeast-1.");
    let mut house = released(|place, region| {
        let mut told = match region {
            "us-west-2" => return Some(Err(denied())),
            "ap-southeast-1" => return None,
            "ap-northeast-1" => silent(),
            _ => figures(place, region == BAD),
        };
        if region == "eu-central-1" {
            told.extent = Extent::Partial(Some(text("The service is recovering.")));
        }
        Some(Ok(Reading::Metrics(told)))
    });
    house.hear(
        &scope("prod", "ap-southeast-1"),
        Topic::Functions,
        2,
        Err(throttled),
    );
    house
}

/// The function is open, and everything about it is known.
pub(super) fn opened() -> House {
    let mut house = bad_release();
    house.press("enter");
    tell(&mut house);
    house
}

/// What the pages of the function ask for.
pub(super) fn tell(house: &mut House) {
    let name = || text("checkout-api");
    for (place, region) in (0..).zip(REGIONS) {
        let here = scope("prod", region);
        let figures = figures(place, region == BAD);
        house.hear(
            &here,
            whole("checkout-api"),
            4 + place,
            Ok(Reading::Metrics(figures)),
        );
        let mut versions = vec![version("18", 7_000), version("17", 26_000)];
        if region == BAD {
            versions.insert(0, version("19", RELEASED));
        }
        house.hear(
            &here,
            Topic::Versions(name()),
            9,
            Ok(Reading::Versions(versions)),
        );
        let id = stack("checkout", "UPDATE_COMPLETE", "v418", 9_000).id;
        house.hear(&here, Topic::Owner(name()), 9, Ok(Reading::Owner(Some(id))));
        tell_settings(house, region);
        tell_sources(house, region);
    }
    let history = vec![AlarmTransition {
        at: ago(RELEASED - 3),
        from: Some(AlarmState::Ok),
        to: AlarmState::Alarm,
        reason: None,
    }];
    let topic = Topic::AlarmHistory(text("checkout-errors"));
    house.hear(
        &scope("prod", BAD),
        topic,
        9,
        Ok(Reading::AlarmHistory(history)),
    );
}

/// How it is set up in a region.
fn tell_settings(house: &mut House, region: &str) {
    let (here, name) = (scope("prod", region), || text("checkout-api"));
    let mut configured = function("checkout-api", region);
    configured.condition = Some(Condition {
        state: FunctionState::Active,
        reason: None,
        update: if region == BAD {
            UpdateStatus::Failed
        } else {
            UpdateStatus::Successful
        },
        update_reason: (region == BAD).then(|| text("The image is too large.")),
    });
    house.hear(
        &here,
        Topic::Function(name()),
        9,
        Ok(Reading::Function(Box::new(configured))),
    );
    let concurrency = Concurrency {
        reserved: Some(200),
        provisioned: vec![Provisioned {
            qualifier: text("ACTIVE"),
            requested: 20,
            available: if region == BAD { 12 } else { 20 },
            status: text(if region == BAD {
                "IN_PROGRESS"
            } else {
                "READY"
            }),
            reason: None,
        }],
    };
    let answer = match region {
        "us-west-2" => Err(Problem::new(
            Kind::Denied,
            "Not allowed to read the concurrency of checkout-api in us-west-2.",
        )),
        _ => Ok(Reading::Concurrency(concurrency)),
    };
    house.hear(&here, Topic::Concurrency(name()), 9, answer);
    let limits = LambdaLimits {
        concurrent: 1_000,
        unreserved: 800,
    };
    house.hear(
        &here,
        Topic::LambdaLimits,
        9,
        Ok(Reading::LambdaLimits(limits)),
    );
}

/// What calls it in a region, and what it said last.
fn tell_sources(house: &mut House, region: &str) {
    let (here, name) = (scope("prod", region), || text("checkout-api"));
    let source = EventSource {
        id: text(&format!("{region}-1")),
        source: Some(text(&format!("arn:aws:sqs:{region}:123456789012:orders"))),
        function: None,
        state: text(if region == "us-east-1" {
            "Disabled"
        } else {
            "Enabled"
        }),
        reason: Some(text("User action")),
        result: Some(text(if region == BAD {
            "PROBLEM: Function call failed"
        } else {
            "OK"
        })),
        batch: Some(10),
        modified: None,
    };
    house.hear(
        &here,
        Topic::EventSources(name()),
        9,
        Ok(Reading::EventSources(vec![source])),
    );
    let log = Topic::LastErrors(text("/aws/lambda/checkout-api"));
    let lines = if region == BAD {
        Ok(Reading::LastErrors(LastErrors {
            lines: last_errors(),
            search: Search::Whole,
        }))
    } else if region == "us-west-2" {
        Err(Problem::new(
            Kind::Denied,
            "Not allowed to read the log group in us-west-2.",
        ))
    } else {
        Ok(Reading::LastErrors(LastErrors {
            lines: Vec::new(),
            search: if region == "ap-southeast-1" {
                Search::Partial
            } else {
                Search::Whole
            },
        }))
    };
    house.hear(&here, log, 9, lines);
}

fn version(number: &str, minutes: i64) -> FunctionVersion {
    FunctionVersion {
        version: text(number),
        description: Some(text(&format!("v4{number}: release notes"))),
        modified: Some(ago(minutes)),
        code: text(if number == "19" {
            "q7Lm0aXz"
        } else {
            "k8Fq2mZ1"
        }),
        runtime: None,
    }
}

fn last_errors() -> Vec<ErrorLine> {
    let line = |seconds: i64, words: &str| ErrorLine {
        at: noon() - TimeDelta::seconds(seconds),
        stream: text("2026/11/20/[19]4f"),
        message: text(words),
    };
    vec![
        line(
            2,
            "{\"level\":\"ERROR\",\"message\":\"price rules answered 503\",\"order\":8812}",
        ),
        line(
            9,
            "[ERROR] KeyError: 'price'\nTraceback (most recent call last):\n  line 8\u{1b}[2J",
        ),
        line(
            31,
            "2026-11-20T14:31:36.000Z 4f1c1c1e-9a1b-4c52-8a39-0f2a4b8f7d11 Task timed out after 30.00 seconds\n\n",
        ),
    ]
}
