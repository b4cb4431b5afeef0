//! Databases of RDS, and clusters of them.

use super::{DAY, SECOND, every, night, physical, refused, told};
use crate::sandbox::Gateway;
use crate::sandbox::tests::first;

const SERVICE: &str = "rds";

async fn instance(gateway: &Gateway, id: &str) -> String {
    let form = format!("Action=DescribeDBInstances&DBInstanceIdentifier={id}");
    told(gateway, SERVICE, &form).await
}

async fn cluster(gateway: &Gateway, id: &str) -> String {
    let form = format!("Action=DescribeDBClusters&DBClusterIdentifier={id}");
    told(gateway, SERVICE, &form).await
}

#[tokio::test]
async fn a_database_that_is_stopped_starts_again_after_seven_days() {
    let (gateway, clock) = night();
    let id = physical(&gateway, "orders-batch", "Reports").await;
    let status = async || first(&instance(&gateway, &id).await, "DBInstanceStatus");
    assert_eq!(status().await, "available");
    let stop = format!("Action=StopDBInstance&DBInstanceIdentifier={id}");
    told(&gateway, SERVICE, &stop).await;
    assert_eq!(status().await, "stopping");
    let (code, said) = {
        let (_, code, said) = refused(&gateway, SERVICE, &stop).await;
        (code, said)
    };
    assert_eq!(code, "InvalidDBInstanceState");
    assert!(said.contains("is not in available state"), "{said}");
    clock.advance(20 * SECOND);
    let stopped = instance(&gateway, &id).await;
    assert_eq!(first(&stopped, "DBInstanceStatus"), "stopped");
    assert_eq!(
        first(&stopped, "AutomaticRestartTime"),
        "2025-11-27T12:00:20.000Z"
    );
    clock.advance(7 * DAY);
    assert_eq!(status().await, "starting");
    clock.advance(20 * SECOND);
    let back = instance(&gateway, &id).await;
    assert_eq!(first(&back, "DBInstanceStatus"), "available");
    assert_eq!(first(&back, "AutomaticRestartTime"), "");
}

#[tokio::test]
async fn a_member_goes_with_its_cluster_and_not_alone() {
    let (gateway, clock) = night();
    let ledger = physical(&gateway, "orders-batch", "Ledger").await;
    let writer = physical(&gateway, "orders-batch", "LedgerWriter").await;
    let members = every(&cluster(&gateway, &ledger).await, "DBInstanceIdentifier");
    assert_eq!(members, vec![writer.clone()]);
    let stop = format!("Action=StopDBInstance&DBInstanceIdentifier={writer}");
    let (status, code, said) = refused(&gateway, SERVICE, &stop).await;
    assert_eq!((status, code.as_str()), (400, "InvalidDBInstanceState"));
    assert!(said.contains("is a part of DB Cluster"), "{said}");
    let turn = |action: &str| format!("Action={action}&DBClusterIdentifier={ledger}");
    let (_, code, _) = refused(&gateway, SERVICE, &turn("StartDBCluster")).await;
    assert_eq!(code, "InvalidDBClusterStateFault");
    told(&gateway, SERVICE, &turn("StopDBCluster")).await;
    clock.advance(20 * SECOND);
    let stopped = cluster(&gateway, &ledger).await;
    assert_eq!(first(&stopped, "Status"), "stopped");
    assert!(stopped.contains("AutomaticRestartTime"));
    let member = instance(&gateway, &writer).await;
    assert_eq!(first(&member, "DBInstanceStatus"), "stopped");
    assert_eq!(first(&member, "DBClusterIdentifier"), ledger);
    told(&gateway, SERVICE, &turn("StartDBCluster")).await;
    clock.advance(20 * SECOND);
    assert_eq!(
        first(&instance(&gateway, &writer).await, "DBInstanceStatus"),
        "available"
    );
    let archive = physical(&gateway, "oddities", "Archive").await;
    assert_eq!(
        first(&cluster(&gateway, &archive).await, "Status"),
        "stopped"
    );
}

#[tokio::test]
async fn a_database_is_found_tagged_and_untagged_and_one_that_is_none_is_not_there() {
    let (gateway, _) = night();
    let id = physical(&gateway, "orders-batch", "Reports").await;
    let arn = first(&instance(&gateway, &id).await, "DBInstanceArn");
    let add = format!(
        "Action=AddTagsToResource&ResourceName={arn}&Tags.Tag.1.Key=house%3Arestore&Tags.Tag.1.Value=on"
    );
    told(&gateway, SERVICE, &add).await;
    let list = format!("Action=ListTagsForResource&ResourceName={arn}");
    assert!(
        told(&gateway, SERVICE, &list)
            .await
            .contains("<Tag><Key>house:restore</Key>")
    );
    assert!(instance(&gateway, &id).await.contains("house:restore"));
    let remove = format!(
        "Action=RemoveTagsFromResource&ResourceName={arn}&TagKeys.member.1=house%3Arestore"
    );
    told(&gateway, SERVICE, &remove).await;
    assert!(!instance(&gateway, &id).await.contains("house:restore"));
    let filter = "Action=DescribeDBInstances&Filters.Filter.1.Name=db-instance-id&Filters.Filter.1.Values.Value.1=";
    let found = told(&gateway, SERVICE, &format!("{filter}{id}")).await;
    assert_eq!(every(&found, "DBInstanceIdentifier"), [id]);
    for (action, member, code) in [
        (
            "DescribeDBInstances",
            "DBInstanceIdentifier",
            "DBInstanceNotFound",
        ),
        (
            "StopDBInstance",
            "DBInstanceIdentifier",
            "DBInstanceNotFound",
        ),
        (
            "StartDBCluster",
            "DBClusterIdentifier",
            "DBClusterNotFoundFault",
        ),
    ] {
        let form = format!("Action={action}&{member}=none");
        let (status, said, _) = refused(&gateway, SERVICE, &form).await;
        assert_eq!((status, said.as_str()), (404, code));
    }
}
