//! Where a stack's resources write their logs, as far as their names tell.

use crate::domain::Untrusted;

/// Groups that one resource writes to. Whether they exist is another question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// Exactly this group.
    Group(Untrusted),
    /// Every group whose name begins so.
    Beginning(Untrusted),
    /// The group of this Lambda function, which only Lambda knows.
    Function(Untrusted),
}

/// The groups of a resource, by its type and physical id. Most types write none.
pub fn destinations(resource_type: &str, physical: &str) -> Vec<Destination> {
    let group = |name: String| Destination::Group(Untrusted::new(name));
    let beginning = |name: String| Destination::Beginning(Untrusted::new(name));
    // Some physical ids are ARNs, and the name is what stands behind the last separator.
    let name = physical.rsplit([':', '/']).next().unwrap_or(physical);
    match resource_type {
        "AWS::Logs::LogGroup" => vec![group(physical.into())],
        "AWS::Lambda::Function" => vec![Destination::Function(Untrusted::from(physical))],
        "AWS::CodeBuild::Project" => vec![group(format!("/aws/codebuild/{physical}"))],
        "AWS::EKS::Cluster" => {
            let insights = ["application", "dataplane", "host", "performance"]
                .map(|kind| group(format!("/aws/containerinsights/{physical}/{kind}")));
            [group(format!("/aws/eks/{physical}/cluster"))]
                .into_iter()
                .chain(insights)
                .collect()
        }
        "AWS::ECS::Cluster" => vec![group(format!(
            "/aws/ecs/containerinsights/{name}/performance"
        ))],
        "AWS::ApiGateway::RestApi" => {
            vec![beginning(format!("API-Gateway-Execution-Logs_{physical}/"))]
        }
        "AWS::StepFunctions::StateMachine" => {
            vec![group(format!("/aws/vendedlogs/states/{name}-Logs"))]
        }
        "AWS::AppSync::GraphQLApi" => vec![group(format!("/aws/appsync/apis/{name}"))],
        "AWS::RDS::DBInstance" => vec![beginning(format!("/aws/rds/instance/{physical}/"))],
        "AWS::RDS::DBCluster" => vec![beginning(format!("/aws/rds/cluster/{physical}/"))],
        "AWS::KinesisFirehose::DeliveryStream" => {
            vec![group(format!("/aws/kinesisfirehose/{physical}"))]
        }
        "AWS::SageMaker::Endpoint" => vec![group(format!("/aws/sagemaker/Endpoints/{name}"))],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_follow_from_type_and_physical_id() {
        for (resource_type, physical, found) in [
            ("AWS::Logs::LogGroup", "/my/group", "Group /my/group"),
            ("AWS::Lambda::Function", "api-1X", "Function api-1X"),
            (
                "AWS::CodeBuild::Project",
                "build",
                "Group /aws/codebuild/build",
            ),
            (
                "AWS::EKS::Cluster",
                "c",
                "Group /aws/eks/c/cluster, Group /aws/containerinsights/c/application, \
                 Group /aws/containerinsights/c/dataplane, Group /aws/containerinsights/c/host, \
                 Group /aws/containerinsights/c/performance",
            ),
            (
                "AWS::ApiGateway::RestApi",
                "a1b2",
                "Beginning API-Gateway-Execution-Logs_a1b2/",
            ),
            (
                "AWS::StepFunctions::StateMachine",
                "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders",
                "Group /aws/vendedlogs/states/Orders-Logs",
            ),
            (
                "AWS::AppSync::GraphQLApi",
                "arn:aws:appsync:eu-west-1:123456789012:apis/xyz",
                "Group /aws/appsync/apis/xyz",
            ),
            (
                "AWS::RDS::DBInstance",
                "db",
                "Beginning /aws/rds/instance/db/",
            ),
            ("AWS::IAM::Role", "role", ""),
        ] {
            let words: Vec<String> = destinations(resource_type, physical)
                .iter()
                .map(|destination| match destination {
                    Destination::Group(name) => format!("Group {}", name.exact()),
                    Destination::Beginning(name) => format!("Beginning {}", name.exact()),
                    Destination::Function(name) => format!("Function {}", name.exact()),
                })
                .collect();
            assert_eq!(words.join(", "), found, "{resource_type}");
        }
    }
}
