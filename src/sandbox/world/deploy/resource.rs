//! What a new resource will be called by the service that makes it.

use super::super::physical;
use super::super::random::Dice;
use super::super::stack::{Resource, Stack};
use crate::sandbox::template::Shape;

/// The property by which a template names what it makes, where the name is the physical id.
const NAMED_BY: [(&str, &str); 12] = [
    ("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"),
    ("AWS::CloudWatch::Alarm", "AlarmName"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::ECS::Cluster", "ClusterName"),
    ("AWS::EKS::Cluster", "Name"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::RDS::DBCluster", "DBClusterIdentifier"),
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SSM::Parameter", "Name"),
];

/// A resource that is about to be made, as number `number` of the stack's operations.
pub(super) fn made(
    stack: &Stack,
    shape: &Shape,
    (account, region): (&str, &str),
    number: u64,
) -> Resource {
    let mut dice = Dice::named(number, &format!("{}/{}", stack.id, shape.logical));
    let property = NAMED_BY.iter().find(|(kind, _)| *kind == shape.kind);
    let named = property.and_then(|(_, property)| shape.properties.get(*property)?.as_str());
    let site = physical::Site {
        account,
        region,
        stack: &stack.name,
    };
    let mut physical = match named {
        Some(name) => name.to_owned(),
        None if shape.kind == "AWS::CloudFormation::Stack" => format!(
            "arn:aws:cloudformation:{region}:{account}:stack/{}-{}-{}/{}",
            stack.name,
            shape.logical,
            dice.suffix(13),
            dice.uuid()
        ),
        None => physical::id(site, &shape.kind, &shape.logical, &mut dice),
    };
    let mut known = stack.resources.iter();
    if known.any(|known| known.physical == physical) {
        physical = format!("{physical}-{}", dice.suffix(12));
    }
    Resource {
        logical: shape.logical.clone(),
        kind: shape.kind.clone(),
        physical,
    }
}
