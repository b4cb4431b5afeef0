//! The IAM policy that reading needs, made from the operations that the wall lets through.

use super::wall;
use std::collections::BTreeSet;

/// The policy as JSON, for the README.
///
/// An action is a service's IAM prefix and the operation's name; `DescribeStacks` without a name asks for
/// `ListStacks` besides.
pub fn reading_policy() -> String {
    let actions = wall::reads().map(|(service, name)| format!("{}:{name}", prefix(service)));
    let actions: BTreeSet<String> = actions
        .chain(["cloudformation:ListStacks".to_owned()])
        .collect();
    let actions: Vec<String> = actions
        .iter()
        .map(|action| format!("    \"{action}\""))
        .collect();
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{{\n   \"Sid\": \"QuarterdeckRead\",\n   \"Effect\": \"Allow\",\n   \"Resource\": \"*\",\n   \"Action\": [\n{}\n   ]\n  }}]\n}}",
        actions.join(",\n")
    )
}

/// What policies call a service.
fn prefix(service: &str) -> String {
    match service {
        "CloudWatch Logs" => "logs".to_owned(),
        "Global Accelerator" => "globalaccelerator".to_owned(),
        "Elastic Load Balancing v2" => "elasticloadbalancing".to_owned(),
        "Auto Scaling" => "autoscaling".to_owned(),
        "Application Auto Scaling" => "application-autoscaling".to_owned(),
        other => other.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_json_and_names_every_reading_operation() {
        let policy: serde_json::Value = serde_json::from_str(&reading_policy()).unwrap();
        let actions = policy["Statement"][0]["Action"].as_array().unwrap();
        assert_eq!(actions.len(), wall::reads().count() + 1);
        assert!(actions.contains(&"sts:GetCallerIdentity".into()));
        assert!(actions.contains(&"logs:FilterLogEvents".into()));
        let is_word = |action: &serde_json::Value| {
            let action = action.as_str().unwrap_or_default();
            action
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-'))
        };
        assert!(actions.iter().all(is_word), "{actions:?}");
    }
}
