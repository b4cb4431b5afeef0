//! Names with gaps: `checkout-{region}`, `arn:aws:sns:{region}:{account}:alarms`.

use crate::domain::{Region, Scope, Untrusted};

/// Fills in `{region}`, `{account}` (the twelve digits) and `{name}` (what the fleet file calls the account); and the
/// gaps that CDK leaves where it does not know the place (`${AWS::Region}`).
///
/// A text without them comes back as it is, and so does what else stands in braces.
pub fn expand(text: &str, scope: &Scope, digits: &Untrusted) -> String {
    let region = scope.region().map_or("", Region::as_str);
    let partition = scope.region().map_or("aws", partition);
    text.replace("${AWS::Region}", region)
        .replace("${AWS::AccountId}", digits.exact())
        .replace("${AWS::Partition}", partition)
        .replace("{region}", region)
        .replace("{account}", digits.exact())
        .replace("{name}", scope.account.as_str())
}

/// The partition that a region is in, as ARNs have it.
pub fn partition(region: &Region) -> &'static str {
    match region.as_str() {
        name if name.starts_with("cn-") => "aws-cn",
        name if name.starts_with("us-gov-") => "aws-us-gov",
        name if name.starts_with("us-iso-") => "aws-iso",
        name if name.starts_with("us-isob-") => "aws-iso-b",
        name if name.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountName;

    #[test]
    fn gaps_are_filled_and_other_braces_left() {
        let scope = Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"));
        for (text, filled) in [
            ("checkout-api", "checkout-api"),
            ("checkout-{region}", "checkout-eu-west-1"),
            (
                "cdk-assets-{account}-{region}",
                "cdk-assets-123456789012-eu-west-1",
            ),
            ("{name}-{other}", "prod-{other}"),
            (
                "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-${AWS::Region}",
                "arn:aws:iam::123456789012:role/cdk-eu-west-1",
            ),
        ] {
            assert_eq!(expand(text, &scope, &"123456789012".into()), filled);
        }
    }

    #[test]
    fn arns_of_other_partitions_are_written_as_they_are_there() {
        for (region, name) in [
            ("eu-west-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
        ] {
            assert_eq!(partition(&Region::new(region)), name);
        }
    }
}
