//! The AWS console's addresses of a stack, a function and an alarm.

use crate::domain::{Function, Region, StackId, Untrusted};
use std::fmt::Write;

/// Built from nothing but a region and an ARN, both percent-encoded: text from outside cannot add to the address.
pub fn console(region: &Region, stack: &StackId) -> String {
    let domain = domain(stack.exact());
    let region = encoded(region.as_str());
    let stack = encoded(stack.exact());
    format!(
        "https://{region}.{domain}/cloudformation/home?region={region}#/stacks/stackinfo?stackId={stack}"
    )
}

/// The same of an alarm.
pub fn alarm(region: &Region, arn: &Untrusted, name: &Untrusted) -> String {
    let domain = domain(arn.exact());
    let region = encoded(region.as_str());
    let name = encoded(name.exact());
    format!("https://{region}.{domain}/cloudwatch/home?region={region}#alarmsV2:alarm/{name}")
}

/// The same for a function.
pub fn function(region: &Region, function: &Function) -> String {
    let domain = domain(function.arn.exact());
    let region = encoded(region.as_str());
    let name = encoded(function.name.exact());
    format!("https://{region}.{domain}/lambda/home?region={region}#/functions/{name}")
}

/// Where the partition of an ARN has its console.
fn domain(arn: &str) -> &'static str {
    match arn.split(':').nth(1) {
        Some("aws-cn") => "console.amazonaws.cn",
        Some("aws-us-gov") => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_follows_the_partition_and_encodes_what_it_is_given() {
        let link = |arn: &str| console(&Region::new("eu-west-1"), &StackId::new(arn));
        assert_eq!(
            link("arn:aws:cloudformation:eu-west-1:1:stack/a/b"),
            "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=\
             arn%3Aaws%3Acloudformation%3Aeu-west-1%3A1%3Astack%2Fa%2Fb"
        );
        assert!(link("arn:aws-cn:x").contains("console.amazonaws.cn/"));
        assert!(link("x\x1b]8;;evil").ends_with("stackId=x%1B%5D8%3B%3Bevil"));
        let arn = "arn:aws-us-gov:cloudwatch:us-gov-west-1:1:alarm:a b".into();
        assert_eq!(
            alarm(&Region::new("us-gov-west-1"), &arn, &"a b".into()),
            "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1\
             #alarmsV2:alarm/a%20b"
        );
    }
}
