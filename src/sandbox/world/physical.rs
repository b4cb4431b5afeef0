//! Physical ids: what a resource is called by the service that made it.

use super::random::Dice;
use super::stack::Resource;

/// Where a resource is, for ids that say so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'s> {
    pub(super) account: &'s str,
    pub(super) region: &'s str,
    pub(super) stack: &'s str,
}

/// A believable id for a resource of the given type.
pub(super) fn id(site: Site<'_>, kind: &str, logical: &str, dice: &mut Dice) -> String {
    let Site {
        account,
        region,
        stack,
    } = site;
    let short = |id: &str, dice: &mut Dice| format!("{id}-{}", dice.hex(17).replacen('f', "0", 1));
    let generated = |dice: &mut Dice| format!("{stack}-{logical}-{}", dice.suffix(12));
    match kind {
        "AWS::EC2::VPC" => short("vpc", dice),
        "AWS::EC2::Subnet" => short("subnet", dice),
        "AWS::EC2::SecurityGroup" => short("sg", dice),
        "AWS::EC2::InternetGateway" => short("igw", dice),
        "AWS::EC2::NatGateway" => short("nat", dice),
        "AWS::EC2::RouteTable" => short("rtb", dice),
        "AWS::EC2::VPCEndpoint" => short("vpce", dice),
        "AWS::EC2::Instance" => format!("i-0{}", dice.hex(16)),
        // RDS writes all its names small.
        "AWS::RDS::DBInstance" | "AWS::RDS::DBCluster" => generated(dice).to_lowercase(),
        "AWS::EC2::LaunchTemplate" => short("lt", dice),
        "AWS::EFS::FileSystem" => format!("fs-{}", dice.hex(17)),
        "AWS::KMS::Key" => dice.uuid(),
        "AWS::S3::Bucket" => format!("{stack}-{}-{}", logical.to_lowercase(), dice.hex(12)),
        "AWS::SQS::Queue" => format!(
            "https://sqs.{region}.amazonaws.com/{account}/{}",
            generated(dice)
        ),
        "AWS::SNS::Topic" => format!("arn:aws:sns:{region}:{account}:{}", generated(dice)),
        "AWS::SecretsManager::Secret" => {
            format!(
                "arn:aws:secretsmanager:{region}:{account}:secret:{}-{}",
                generated(dice),
                dice.suffix(6)
            )
        }
        "AWS::Lambda::Version" => {
            format!(
                "arn:aws:lambda:{region}:{account}:function:{stack}:{}",
                dice.between(20, 90)
            )
        }
        "AWS::Lambda::Alias" => format!("arn:aws:lambda:{region}:{account}:function:{stack}:live"),
        "AWS::ECS::Service" => format!(
            "arn:aws:ecs:{region}:{account}:service/{stack}/{}",
            generated(dice)
        ),
        "AWS::ECS::TaskDefinition" => format!(
            "arn:aws:ecs:{region}:{account}:task-definition/{stack}:{}",
            dice.between(20, 400)
        ),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => format!(
            "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{stack}/{}",
            dice.hex(16)
        ),
        "AWS::ElasticLoadBalancingV2::TargetGroup" => format!(
            "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{stack}/{}",
            dice.hex(16)
        ),
        "AWS::ElasticLoadBalancingV2::Listener" => format!(
            "arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{stack}/{}/{}",
            dice.hex(16),
            dice.hex(16)
        ),
        "AWS::GlobalAccelerator::Accelerator" => {
            format!(
                "arn:aws:globalaccelerator::{account}:accelerator/{}",
                dice.uuid()
            )
        }
        "AWS::GlobalAccelerator::Listener" => format!(
            "arn:aws:globalaccelerator::{account}:accelerator/{}/listener/{}",
            dice.uuid(),
            dice.hex(8)
        ),
        "AWS::GlobalAccelerator::EndpointGroup" => format!(
            "arn:aws:globalaccelerator::{account}:accelerator/{}/listener/{}/endpoint-group/{}",
            dice.uuid(),
            dice.hex(8),
            dice.hex(12)
        ),
        "AWS::ApiGateway::RestApi" | "AWS::ApiGateway::Deployment" | "AWS::ApiGatewayV2::Api" => {
            dice.hex(10)
        }
        "AWS::ApiGateway::Stage" => "live".to_owned(),
        "AWS::CertificateManager::Certificate" => {
            format!("arn:aws:acm:{region}:{account}:certificate/{}", dice.uuid())
        }
        "AWS::CloudFront::Distribution" => format!("E{}", dice.suffix(13)),
        "AWS::Logs::LogGroup" => format!("/aws/{stack}/{logical}"),
        "AWS::SSM::Parameter" => format!("/{stack}/{logical}"),
        "AWS::Lambda::Function"
        | "AWS::DynamoDB::Table"
        | "AWS::EKS::Cluster"
        | "AWS::ECS::Cluster" => {
            format!("{stack}-{logical}")
        }
        _ => generated(dice),
    }
}

/// Gives what belongs together ids that say so: a listener's ARN goes on from its balancer's or accelerator's, an
/// endpoint group's from its listener's, and a service's names its cluster.
pub(super) fn gather(resources: &mut [Resource]) {
    let found = |resources: &[Resource], kind: &str| {
        let first = resources.iter().find(|resource| resource.kind == kind);
        first.map(|resource| resource.physical.clone())
    };
    let balancer = found(resources, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    let accelerator = found(resources, "AWS::GlobalAccelerator::Accelerator");
    let cluster = found(resources, "AWS::ECS::Cluster");
    let mut listener = None;
    for resource in resources {
        let own = resource.physical.rsplit('/').next().unwrap_or_default();
        let parent = match resource.kind.as_str() {
            "AWS::ElasticLoadBalancingV2::Listener" => balancer
                .as_ref()
                .map(|arn| arn.replacen(":loadbalancer/", ":listener/", 1)),
            "AWS::GlobalAccelerator::Listener" => {
                accelerator.as_ref().map(|arn| format!("{arn}/listener"))
            }
            "AWS::ECS::Service" => cluster.as_ref().and_then(|cluster| {
                let (place, _) = resource.physical.split_once(":service/")?;
                Some(format!("{place}:service/{cluster}"))
            }),
            "AWS::GlobalAccelerator::EndpointGroup" => {
                listener.as_ref().map(|arn| format!("{arn}/endpoint-group"))
            }
            _ => None,
        };
        if let Some(parent) = parent {
            resource.physical = format!("{parent}/{own}");
        }
        if resource.kind == "AWS::GlobalAccelerator::Listener" {
            listener = Some(resource.physical.clone());
        }
    }
}

/// A text in which `{ref:LogicalId}` is the physical id of one of the resources, and `{dns:LogicalId}` the name that
/// an accelerator among them is found by.
pub(super) fn referred(text: &str, resources: &[Resource]) -> String {
    if !text.contains("{ref:") && !text.contains("{dns:") {
        return text.to_owned();
    }
    resources.iter().fold(text.to_owned(), |text, resource| {
        let (logical, id) = (&resource.logical, &resource.physical);
        text.replace(&format!("{{ref:{logical}}}"), id)
            .replace(&format!("{{dns:{logical}}}"), &accelerator_dns(id, ""))
    })
}

/// The name of an accelerator: it says no more than its ARN does.
pub(super) fn accelerator_dns(arn: &str, of: &str) -> String {
    let hex = Dice::named(0, &format!("{of}{arn}")).hex(16);
    format!("a{hex}.{of}awsglobalaccelerator.com")
}
