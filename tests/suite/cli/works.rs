//! A house in which operations are done: the machine's clock on both sides, and a fleet file of the test's own.

use crate::support::cli::Cli;
use crate::support::house::House;

/// Six regions of one account in which a key is enough, and a stack to deploy to them in waves of 1, 2 and 3.
pub(super) const FLEET: &str = r#"
[[account]]
name = "prod"
access_key = "123456789012"
guard = "none"
regions = ["us-east-1", "us-east-2", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-2"]

[[deploy]]
name = "orders"
stack = "orders"
template = "orders.json"
waves = "1-2-3"
bake = 0
parameters = { Stage = "test" }
"#;

pub(super) const TEMPLATE: &str = r#"{
  "Parameters": { "Stage": { "Type": "String" }, "Level": { "Type": "String" } },
  "Resources": { "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "DisplayName": { "Ref": "Level" } } } }
}"#;

/// A template that asks for nothing that the fleet file does not give.
pub(super) fn template() -> String {
    TEMPLATE
        .replace(r#", "Level": { "Type": "String" }"#, "")
        .replace("Level", "Stage")
}

/// A shell in which `$Q` is the binary on this sandbox, with this fleet file and the template beside it.
pub(super) fn works(house: &House, fleet: &str) -> Cli {
    let cli = Cli::new();
    let folder = ".config/quarterdeck";
    cli.home().write(&format!("{folder}/fleet.toml"), fleet);
    cli.home()
        .write(&format!("{folder}/orders.json"), &template());
    let command = format!("quarterdeck --sandbox-at {}", house.sandbox.address());
    cli.env("Q", &command).patient(12)
}

/// How often the sandbox was asked for an operation.
pub(super) fn asked(house: &House, operation: &str) -> usize {
    let requests = house.sandbox.requests();
    let asked = requests.iter().filter(|it| it.operation == operation);
    asked.count()
}
