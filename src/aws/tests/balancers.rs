//! What Elastic Load Balancing says of a balancer and its targets.

use super::wire::{self, Answer, Asked};
use super::*;
use crate::domain::{Balancer, Kind, TargetHealth};

const ARN: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/edge/50dc6c495c0c9188";

async fn read(wire: &Wire) -> Result<Option<Balancer>, Problem> {
    match cloud(wire)
        .read(&Topic::Balancer(ARN.into()), &ireland())
        .await?
    {
        Reading::Balancer(found) => Ok(*found),
        other => panic!("{other:?}"),
    }
}

fn group(name: &str, port: &str) -> String {
    format!(
        "<member><TargetGroupArn>arn:tg/{name}</TargetGroupArn><TargetGroupName>{name}</TargetGroupName>\
         <TargetType>ip</TargetType><HealthCheckProtocol>HTTP</HealthCheckProtocol><HealthCheckPort>{port}</HealthCheckPort>\
         <HealthCheckPath>/health</HealthCheckPath><HealthCheckIntervalSeconds>15</HealthCheckIntervalSeconds>\
         <UnhealthyThresholdCount>2</UnhealthyThresholdCount><Matcher><HttpCode>200-299</HttpCode></Matcher></member>"
    )
}

fn target(id: &str, health: &str) -> String {
    format!(
        "<member><Target><Id>{id}</Id><Port>8080</Port></Target><TargetHealth>{health}</TargetHealth></member>"
    )
}

fn edge(asked: &Asked) -> Answer {
    let action = asked.parameter("Action").unwrap();
    let inside = match (action, asked.parameter("TargetGroupArn")) {
        ("DescribeLoadBalancers", _) => format!(
            "<LoadBalancers><member><LoadBalancerArn>{ARN}</LoadBalancerArn><LoadBalancerName>edge</LoadBalancerName>\
             <DNSName>edge-1.eu-west-1.elb.amazonaws.com</DNSName><State><Code>active_impaired</Code>\
             <Reason>\u{202e}odd</Reason></State></member></LoadBalancers>"
        ),
        ("DescribeTargetGroups", _) => format!(
            "<TargetGroups>{}{}</TargetGroups>",
            group("well", "8080"),
            group("sick", "traffic-port")
        ),
        ("DescribeTargetHealth", Some("arn%3Atg%2Fwell")) => format!(
            "<TargetHealthDescriptions>{}{}</TargetHealthDescriptions>",
            target("10.0.0.1", "<State>healthy</State>"),
            target(
                "10.0.0.2",
                "<State>draining</State><Reason>Target.DeregistrationInProgress</Reason>"
            )
        ),
        ("DescribeTargetHealth", _) => format!(
            "<TargetHealthDescriptions>{}</TargetHealthDescriptions>",
            target(
                "10.0.0.3",
                "<State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason>\
                 <Description>Health checks failed with these codes: [503]</Description>"
            )
        ),
        other => panic!("{other:?}"),
    };
    wire::result(action, &inside)
}

#[tokio::test]
async fn the_chain_of_reasons_is_read_to_its_end() {
    let wire = Wire::new(edge);
    let balancer = read(&wire).await.unwrap().unwrap();
    assert_eq!(
        balancer.dns.as_ref().unwrap().exact(),
        "edge-1.eu-west-1.elb.amazonaws.com"
    );
    assert_eq!(balancer.reason.as_ref().unwrap().safe(), "⟨202E⟩odd");
    let ports: Vec<_> = balancer.groups.iter().map(|it| it.check.port).collect();
    assert_eq!(ports, [Some(8080), None], "the other is the targets' own");
    let counts: Vec<_> = balancer
        .groups
        .iter()
        .map(crate::domain::TargetGroup::counts)
        .collect();
    assert_eq!(counts, [(1, 2), (0, 1)]);
    let (group, target) = balancer.culprit().unwrap();
    assert_eq!(
        (group.name.exact(), target.id.exact()),
        ("sick", "10.0.0.3")
    );
    assert_eq!(target.health, TargetHealth::Unhealthy);
    assert_eq!(
        target.description.as_ref().unwrap().exact(),
        "Health checks failed with these codes: [503]"
    );
    assert_eq!(
        wire.actions(),
        [
            "DescribeLoadBalancers",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
            "DescribeTargetHealth"
        ]
    );
}

#[tokio::test]
async fn an_arn_is_written_as_forms_want_it_and_asked_for_where_the_balancer_is() {
    let wire = Wire::new(edge);
    read(&wire).await.unwrap();
    let asked = &wire.asked()[0];
    assert_eq!(
        asked.body,
        "Action=DescribeLoadBalancers&Version=2015-12-01&LoadBalancerArns.member.1=arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A111122223333%3Aloadbalancer%2Fapp%2Fedge%2F50dc6c495c0c9188"
    );
    assert!(
        asked
            .authorization
            .contains("/eu-west-1/elasticloadbalancing/"),
        "{}",
        asked.authorization
    );
}

#[tokio::test]
async fn a_balancer_that_is_gone_is_an_answer_and_a_refusal_is_a_problem() {
    let gone = Wire::new(|_| {
        Ok(wire::error(
            400,
            "LoadBalancerNotFound",
            "One or more load balancers not found",
        ))
    });
    assert_eq!(read(&gone).await, Ok(None));
    let none = Wire::new(|_| wire::result("DescribeLoadBalancers", "<LoadBalancers/>"));
    assert_eq!(read(&none).await, Ok(None));

    let denied = Wire::new(|_| Ok(wire::error(403, "AccessDenied", "no")));
    let problem = read(&denied).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Denied);
    let said = problem.to_string();
    assert!(
        said.contains("elasticloadbalancing:DescribeLoadBalancers") && said.contains("eu-west-1"),
        "{said}"
    );

    let torn = Wire::new(|_| wire::xml(200, "<DescribeLoadBalancersResponse><LoadBal"));
    assert_eq!(read(&torn).await.unwrap_err().kind, Kind::Garbled);
}
