//! How many requests a second AWS takes, by operation and region.

use super::Call;

/// Regions in which fewer are taken.
const SLOW: [&str; 5] = [
    "eu-central-1",
    "ap-northeast-3",
    "ap-southeast-3",
    "ca-west-1",
    "il-central-1",
];

/// Whether the request is within the rates of its account and region; asking counts.
pub(super) fn allows(call: &Call<'_>) -> bool {
    let logs = &call.world.logs;
    if !logs.plan.quotas {
        return true;
    }
    let Some(rate) = per_second(call.operation, call.region) else {
        return true;
    };
    let place = [&call.caller.account, call.region, call.operation].map(str::to_owned);
    logs.take(place, rate, call.now)
}

/// `None` for what a client does not get to feel.
fn per_second(operation: &str, region: &str) -> Option<f64> {
    let slow = SLOW.contains(&region);
    Some(match operation {
        "FilterLogEvents" if region == "us-east-1" => 25.0,
        "FilterLogEvents" if slow => 5.0,
        "GetLogEvents" if region == "eu-west-3" => 30.0,
        "GetLogEvents" if slow || ["us-west-2", "eu-west-1"].contains(&region) => 10.0,
        "GetLogEvents" | "DescribeLogStreams" => 25.0,
        "FilterLogEvents" | "DescribeLogGroups" | "StartQuery" | "GetQueryResults" => 10.0,
        "StartLiveTail" => 5.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rates_are_those_that_aws_publishes() {
        for (operation, region, rate) in [
            ("FilterLogEvents", "us-east-1", Some(25.0)),
            ("FilterLogEvents", "us-west-2", Some(10.0)),
            ("FilterLogEvents", "ap-northeast-3", Some(5.0)),
            ("GetLogEvents", "eu-west-1", Some(10.0)),
            ("GetLogEvents", "us-east-1", Some(25.0)),
            ("GetLogEvents", "eu-west-3", Some(30.0)),
            ("DescribeLogGroups", "eu-central-1", Some(10.0)),
            ("DescribeLogStreams", "eu-central-1", Some(25.0)),
            ("CreateLogGroup", "us-east-1", None),
        ] {
            assert_eq!(
                per_second(operation, region),
                rate,
                "{operation} in {region}"
            );
        }
    }
}
