//! Which properties make a new resource when they change, of the types that are met daily.
//!
//! The rules are AWS's ("Update requires: Replacement" in the resource reference); a type that is not here is updated
//! in place.

use super::change::Recreation;

/// Type, properties that always replace, properties that sometimes do.
const RULES: [(&str, &[&str], &[&str]); 30] = [
    ("AWS::ApiGateway::Deployment", &["RestApiId"], &[]),
    ("AWS::ApiGateway::RestApi", &[], &["Name"]),
    ("AWS::ApiGateway::Stage", &["RestApiId", "StageName"], &[]),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        &["AutoScalingGroupName"],
        &["VPCZoneIdentifier"],
    ),
    (
        "AWS::CertificateManager::Certificate",
        &["DomainName", "SubjectAlternativeNames", "ValidationMethod"],
        &[],
    ),
    ("AWS::CloudWatch::Alarm", &["AlarmName"], &[]),
    (
        "AWS::DynamoDB::Table",
        &["TableName", "KeySchema", "LocalSecondaryIndexes"],
        &["AttributeDefinitions"],
    ),
    (
        "AWS::EC2::Instance",
        &["ImageId", "KeyName", "SubnetId", "AvailabilityZone"],
        &["InstanceType", "UserData", "SecurityGroupIds"],
    ),
    (
        "AWS::EC2::SecurityGroup",
        &["GroupName", "GroupDescription", "VpcId"],
        &[],
    ),
    (
        "AWS::EC2::Subnet",
        &["VpcId", "CidrBlock", "AvailabilityZone"],
        &[],
    ),
    ("AWS::EC2::VPC", &["CidrBlock"], &["InstanceTenancy"]),
    ("AWS::ECS::Cluster", &["ClusterName"], &[]),
    (
        "AWS::ECS::Service",
        &["ServiceName", "Cluster", "LaunchType", "SchedulingStrategy"],
        &[],
    ),
    (
        "AWS::ECS::TaskDefinition",
        &[
            "ContainerDefinitions",
            "Cpu",
            "Memory",
            "Family",
            "TaskRoleArn",
            "ExecutionRoleArn",
            "NetworkMode",
            "Volumes",
        ],
        &[],
    ),
    (
        "AWS::ElastiCache::ReplicationGroup",
        &["ReplicationGroupId", "Engine", "AtRestEncryptionEnabled"],
        &["NumNodeGroups"],
    ),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        &["LoadBalancerArn"],
        &[],
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        &["Name", "Scheme", "Type"],
        &[],
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        &["Name", "Port", "Protocol", "TargetType", "VpcId"],
        &[],
    ),
    ("AWS::IAM::Role", &["RoleName", "Path"], &[]),
    ("AWS::KMS::Key", &[], &["KeySpec"]),
    ("AWS::Lambda::Alias", &["Name", "FunctionName"], &[]),
    (
        "AWS::Lambda::Function",
        &["FunctionName", "PackageType"],
        &[],
    ),
    (
        "AWS::Lambda::Version",
        &["FunctionName", "CodeSha256", "Description"],
        &[],
    ),
    ("AWS::Logs::LogGroup", &["LogGroupName"], &[]),
    (
        "AWS::RDS::DBCluster",
        &[
            "DBClusterIdentifier",
            "Engine",
            "DatabaseName",
            "StorageEncrypted",
            "KmsKeyId",
            "DBSubnetGroupName",
        ],
        &["SnapshotIdentifier"],
    ),
    (
        "AWS::RDS::DBInstance",
        &[
            "DBInstanceIdentifier",
            "Engine",
            "DBName",
            "MasterUsername",
            "StorageEncrypted",
            "KmsKeyId",
            "DBSubnetGroupName",
            "AvailabilityZone",
        ],
        &["DBSnapshotIdentifier"],
    ),
    ("AWS::S3::Bucket", &["BucketName"], &[]),
    ("AWS::SNS::Topic", &["TopicName", "FifoTopic"], &[]),
    ("AWS::SQS::Queue", &["QueueName", "FifoQueue"], &[]),
    ("AWS::SSM::Parameter", &["Name"], &["Type"]),
];

pub(super) fn recreation(kind: &str, property: &str) -> Recreation {
    let Some((_, always, sometimes)) = RULES.iter().find(|(known, ..)| *known == kind) else {
        return Recreation::Never;
    };
    if always.contains(&property) {
        Recreation::Always
    } else if sometimes.contains(&property) {
        Recreation::Conditionally
    } else {
        Recreation::Never
    }
}

/// Whether CloudFormation puts the tags of a stack on resources of this type.
pub(super) fn is_taggable(kind: &str) -> bool {
    const BARE: [&str; 12] = [
        "AWS::ApiGateway::Deployment",
        "AWS::AutoScaling::LifecycleHook",
        "AWS::AutoScaling::ScalingPolicy",
        "AWS::CloudWatch::Dashboard",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::EC2::Route",
        "AWS::GlobalAccelerator::EndpointGroup",
        "AWS::GlobalAccelerator::Listener",
        "AWS::IAM::Policy",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
        "AWS::S3::BucketPolicy",
    ];
    kind.starts_with("AWS::") && !BARE.contains(&kind)
}
