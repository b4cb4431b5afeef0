//! What would be gone: resources that hold something which no template brings back.

use super::super::Hazard;
use crate::domain::{Change, StackResource};

/// Types that hold data, or addresses that others would have to be told anew.
const HOLD_DATA: &[&str] = &[
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::RDS::GlobalCluster",
    "AWS::DocDB::DBCluster",
    "AWS::DocDB::DBInstance",
    "AWS::Neptune::DBCluster",
    "AWS::Neptune::DBInstance",
    "AWS::DSQL::Cluster",
    "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Namespace",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::MemoryDB::Cluster",
    "AWS::OpenSearchService::Domain",
    "AWS::OpenSearchServerless::Collection",
    "AWS::Elasticsearch::Domain",
    "AWS::Timestream::Database",
    "AWS::Timestream::Table",
    "AWS::Timestream::InfluxDBInstance",
    "AWS::Cassandra::Keyspace",
    "AWS::Cassandra::Table",
    "AWS::QLDB::Ledger",
    "AWS::S3::Bucket",
    "AWS::S3Tables::TableBucket",
    "AWS::S3Express::DirectoryBucket",
    "AWS::EFS::FileSystem",
    "AWS::FSx::FileSystem",
    "AWS::FSx::Volume",
    "AWS::EC2::Volume",
    "AWS::EC2::Instance",
    "AWS::EC2::EIP",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::Kinesis::Stream",
    "AWS::KinesisVideo::Stream",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
    "AWS::AmazonMQ::Broker",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::IdentityPool",
    "AWS::EKS::Cluster",
    "AWS::ECR::Repository",
    "AWS::CodeCommit::Repository",
    "AWS::Logs::LogGroup",
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
    "AWS::Backup::BackupVault",
    "AWS::Glue::Database",
    "AWS::Glue::Table",
    "AWS::Route53::HostedZone",
    "AWS::GlobalAccelerator::Accelerator",
    "AWS::CloudFormation::Stack",
    "AWS::SageMaker::Domain",
    "AWS::SSM::Parameter",
    "AWS::AppConfig::ConfigurationProfile",
];

/// Whether a resource of this type holds what is lost with it.
pub fn holds_data(kind: &str) -> bool {
    HOLD_DATA.contains(&kind)
}

/// What a change set would lose.
pub fn losses(changes: &[Change]) -> Vec<Hazard> {
    let lost = changes.iter().filter(|change| change.may_destroy());
    lost.filter(|change| holds_data(change.resource_type.exact()))
        .map(|change| Hazard::Loses {
            logical: change.logical.clone(),
            kind: change.resource_type.clone(),
        })
        .collect()
}

/// Whether a change set deletes or replaces anything.
pub fn destroys(changes: &[Change]) -> bool {
    changes.iter().any(Change::may_destroy)
}

/// What would be lost with these resources.
pub fn stateful(resources: &[StackResource]) -> Vec<Hazard> {
    resources
        .iter()
        .filter(|resource| holds_data(resource.resource_type.exact()))
        .filter(|resource| resource.status.exact() != "DELETE_COMPLETE")
        .map(|resource| Hazard::Loses {
            logical: resource.logical.clone(),
            kind: resource.resource_type.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: &str, action: &str, replacement: Option<&str>) -> Change {
        Change {
            action: action.into(),
            logical: "It".into(),
            physical: None,
            resource_type: kind.into(),
            replacement: replacement.map(Into::into),
            scope: Vec::new(),
        }
    }

    #[test]
    fn what_holds_data_and_may_go_is_a_loss() {
        for (kind, action, replacement, is_lost, destroys_something) in [
            ("AWS::DynamoDB::Table", "Remove", None, true, true),
            ("AWS::DynamoDB::Table", "Modify", Some("True"), true, true),
            ("AWS::S3::Bucket", "Modify", Some("Conditional"), true, true),
            ("AWS::S3::Bucket", "Modify", Some("False"), false, false),
            ("AWS::S3::Bucket", "Add", None, false, false),
            ("AWS::Lambda::Function", "Remove", None, false, true),
            ("AWS::RDS::DBCluster", "Modify", Some("True"), true, true),
        ] {
            let changes = [change(kind, action, replacement)];
            assert_eq!(losses(&changes).len(), usize::from(is_lost), "{kind}");
            assert_eq!(destroys(&changes), destroys_something, "{kind}");
        }
    }
}
