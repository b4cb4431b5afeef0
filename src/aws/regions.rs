//! Which regions an account has: from Account Management, or from EC2 where that is not allowed or not there.

use super::problem::Failure;
use super::query::{self, EC2, Form};
use super::raw::{self, Call, Service};
use super::session::Session;
use crate::domain::topic::Enabled;
use crate::domain::{KnownRegion, Region};

const ACCOUNT: Service = Service {
    name: "Account",
    signing: "account",
};

/// As many as `ListRegions` gives at once.
const PAGE: usize = 50;

/// A partition has some forty regions; more pages than this are a loop.
const PAGES_AT_MOST: usize = 20;

/// The regions of the account's partition in AWS's order.
pub(super) async fn list(session: &Session, home: &Region) -> Result<Vec<KnownRegion>, Failure> {
    if let Some(control) = account_region(home) {
        match of_account(session, &control).await {
            Ok(regions) => return Ok(regions),
            Err(failure) if failure.is_final() => return Err(failure),
            // Anything else may be this service's own trouble: its permission is rarely granted, and a private
            // network may have a way to EC2 only.
            Err(_) => {}
        }
    }
    of_ec2(session, home).await
}

/// Where Account Management of a region's partition is; only two partitions have it.
fn account_region(home: &Region) -> Option<Region> {
    let home = home.as_str();
    if home.starts_with("cn-") {
        Some(Region::new("cn-northwest-1"))
    } else if home.starts_with("us-gov-") || home.contains("-iso") || home.starts_with("eusc-") {
        None
    } else {
        Some(Region::new("us-east-1"))
    }
}

async fn of_account(session: &Session, control: &Region) -> Result<Vec<KnownRegion>, Failure> {
    let mut regions = Vec::new();
    let mut token = None;
    for _ in 0..PAGES_AT_MOST {
        let call = Call {
            operation: "ListRegions",
            method: "POST",
            path: "/listRegions".into(),
            content_type: "application/json",
            target: None,
            body: request(token.as_deref()),
        };
        let answer = raw::send(session, ACCOUNT, control, call).await?.body;
        let (page, next) =
            parse_account(&String::from_utf8_lossy(&answer)).ok_or_else(Failure::senseless)?;
        regions.extend(page);
        token = next;
        if token.is_none() {
            break;
        }
    }
    Ok(regions)
}

fn request(token: Option<&str>) -> String {
    let mut request = serde_json::json!({ "MaxResults": PAGE });
    if let Some(token) = token {
        request["NextToken"] = token.into();
    }
    request.to_string()
}

fn parse_account(answer: &str) -> Option<(Vec<KnownRegion>, Option<String>)> {
    let answer: serde_json::Value = serde_json::from_str(answer).ok()?;
    let known = |region: &serde_json::Value| {
        let enabled = match region.get("RegionOptStatus")?.as_str()? {
            // While it is being enabled its endpoints refuse our tokens.
            "ENABLED" | "ENABLED_BY_DEFAULT" => Enabled::Yes,
            _ => Enabled::No,
        };
        known(region.get("RegionName")?.as_str()?, enabled)
    };
    let regions = answer.get("Regions")?.as_array()?;
    let token = answer.get("NextToken").and_then(serde_json::Value::as_str);
    Some((
        regions.iter().filter_map(known).collect(),
        token.filter(|token| !token.is_empty()).map(str::to_owned),
    ))
}

async fn of_ec2(session: &Session, home: &Region) -> Result<Vec<KnownRegion>, Failure> {
    let all = Form::new().with("AllRegions", "true");
    let answer = query::ask(session, home, EC2, ("DescribeRegions", &all)).await?;
    parse_ec2(&answer).ok_or_else(Failure::senseless)
}

fn parse_ec2(answer: &str) -> Option<Vec<KnownRegion>> {
    let answer = roxmltree::Document::parse(answer).ok()?;
    let list = answer
        .descendants()
        .find(|node| node.has_tag_name("regionInfo"))?;
    let text = |item: roxmltree::Node<'_, '_>, name: &str| {
        let child = item.children().find(|child| child.has_tag_name(name));
        child.and_then(|child| child.text()).map(str::to_owned)
    };
    let items = list.children().filter(|node| node.has_tag_name("item"));
    let regions = items.filter_map(|item| {
        let enabled = match text(item, "optInStatus").as_deref() {
            Some("not-opted-in") => Enabled::No,
            _ => Enabled::Yes,
        };
        known(&text(item, "regionName")?, enabled)
    });
    Some(regions.collect())
}

/// A region's name becomes part of host names, so text that has not the form of one is left out.
fn known(name: &str, enabled: Enabled) -> Option<KnownRegion> {
    Region::is_plausible(name).then(|| KnownRegion {
        region: Region::new(name),
        enabled,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(regions: &[KnownRegion]) -> Vec<(&str, Enabled)> {
        regions
            .iter()
            .map(|known| (known.region.as_str(), known.enabled))
            .collect()
    }

    #[test]
    fn account_management_tells_what_is_enabled() {
        let (regions, token) = parse_account(
            r#"{"NextToken":"n","Regions":[
                {"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"},
                {"RegionName":"eu-south-2","RegionOptStatus":"ENABLING"},
                {"RegionName":"af-south-1","RegionOptStatus":"ENABLED"},
                {"RegionName":"../../x","RegionOptStatus":"ENABLED"}]}"#,
        )
        .unwrap();
        assert_eq!(
            pairs(&regions),
            [
                ("us-east-1", Enabled::Yes),
                ("eu-south-2", Enabled::No),
                ("af-south-1", Enabled::Yes)
            ]
        );
        assert_eq!(token.as_deref(), Some("n"));
        assert_eq!(parse_account("<html>"), None);
    }

    #[test]
    fn ec2_tells_what_is_opted_in() {
        let regions = parse_ec2(
            r#"<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><regionInfo>
                <item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>
                <item><regionName>ap-east-1</regionName><optInStatus>not-opted-in</optInStatus></item>
                <item><regionName>me-south-1</regionName><optInStatus>opted-in</optInStatus></item>
            </regionInfo></DescribeRegionsResponse>"#,
        )
        .unwrap();
        assert_eq!(
            pairs(&regions),
            [
                ("eu-west-1", Enabled::Yes),
                ("ap-east-1", Enabled::No),
                ("me-south-1", Enabled::Yes)
            ]
        );
        assert_eq!(parse_ec2("<html></html>"), None);
    }

    #[test]
    fn partitions_without_account_management_are_known() {
        for (home, control) in [
            ("eu-west-1", Some("us-east-1")),
            ("cn-north-1", Some("cn-northwest-1")),
            ("us-gov-west-1", None),
            ("us-isob-east-1", None),
            ("eusc-de-east-1", None),
        ] {
            assert_eq!(
                account_region(&Region::new(home)),
                control.map(Region::new),
                "{home}"
            );
        }
    }
}
