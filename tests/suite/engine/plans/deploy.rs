//! What would be deployed: change sets in every region, what they take, and what goes past a policy.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_new_stack_is_planned_in_every_region_with_what_its_template_wants() {
    let (mut world, folder) = world(Access::Operate, Guard::Typed);
    let file = template(&folder, QUEUE);
    let mut wish = deployment(&file, &[IRELAND, "us-east-1"]);
    let missing = plan(&mut world, Operation::Deploy(Box::new(wish.clone())))
        .await
        .unwrap_err();
    assert!(missing.what.contains("2 of 2"), "{missing}");
    assert!(missing.what.contains("parameter Stage"), "{missing}");
    assert!(missing.what.contains("fresh-us-east-1"), "{missing}");
    wish.parameters = vec![
        Given {
            key: "Stage".to_owned(),
            value: "prod".to_owned(),
            region: None,
        },
        Given {
            key: "Stage".to_owned(),
            value: "america".to_owned(),
            region: Some("us-*".to_owned()),
        },
    ];
    wish.policy.body = Some(r#"{"Statement":[]}"#.to_owned());
    let made = plan(&mut world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap();
    assert_eq!(
        words(&made),
        [
            "execute the change set",
            "set the stack policy",
            "execute the change set",
            "set the stack policy"
        ]
    );
    assert_eq!(
        made.consent,
        Consent::Typed("fresh-{region} 2 regions 9012".to_owned())
    );
    let values: Vec<_> = made
        .members()
        .map(|member| {
            let of = |key: &str| {
                let mut changes = member.parameters.iter();
                let found = changes.find(|it| it.key.exact() == key).unwrap();
                found.after.as_ref().map(Untrusted::exact).unwrap()
            };
            (of("Stage"), of("Size"), member.changes.len())
        })
        .collect();
    assert_eq!(values, [("prod", "3", 1), ("america", "3", 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_goes_out_a_second_one_changes_nothing_and_the_first_comes_back() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let text = "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n";
    let file = template(&folder, text);
    let wish = || Operation::Deploy(Box::new(deployment(&file, &[IRELAND])));
    let first = plan(&mut world, wish()).await.unwrap();
    run(&mut world, &first).await;
    let same = plan(&mut world, wish()).await.unwrap();
    assert_eq!(idle(&same), [Some("No updates are to be performed.")]);
    assert_eq!(same.consent, Consent::Key);
    let back = || Operation::RollBackStack {
        stacks: vec![stack(IRELAND, "fresh-eu-west-1")],
        skip: Vec::new(),
    };
    let nothing = plan(&mut world, back()).await.unwrap_err();
    assert!(nothing.what.contains("nothing to go back to"), "{nothing}");
    template(
        &folder,
        &format!("{text}  Topic: {{Type: 'AWS::SNS::Topic'}}\n"),
    );
    let second = plan(&mut world, wish()).await.unwrap();
    let member = second.members().next().unwrap();
    assert_eq!(member.undo, Undo::Redeploy);
    assert!(member.snapshot.is_some());
    run(&mut world, &second).await;
    let reverse = plan(&mut world, back()).await.unwrap();
    assert_eq!(words(&reverse), ["execute the change set"]);
    let lost: Vec<_> = reverse.losses().collect();
    assert_eq!(lost.len(), 1, "{reverse:?}");
    // Even here it has to be typed: something goes for good.
    assert_eq!(
        reverse.consent,
        Consent::Typed("fresh-eu-west-1".to_owned())
    );
    run(&mut world, &reverse).await;
    let same = plan(
        &mut world,
        Operation::Deploy(Box::new(deployment(&template(&folder, text), &[IRELAND]))),
    )
    .await
    .unwrap();
    assert!(same.is_idle(), "{same:?}");
}

#[tokio::test(start_paused = true)]
async fn bad_templates_and_closed_accounts_are_told_before_anything_is_made() {
    let (mut open, folder) = world(Access::Operate, Guard::Typed);
    let large = format!("{QUEUE}#{}", "x".repeat(51_200));
    for (text, part) in [
        (large.as_str(), "no bucket is named"),
        ("Resources: [", "line"),
        ("", "is empty"),
    ] {
        let file = template(&folder, text);
        let wish = Operation::Deploy(Box::new(deployment(&file, &[IRELAND])));
        let problem = plan(&mut open, wish).await.unwrap_err();
        assert!(problem.what.contains(part), "{problem}");
    }
    let (mut closed, folder) = world(Access::OnceArmed, Guard::Typed);
    let file = template(&folder, QUEUE);
    let wish = Operation::Deploy(Box::new(deployment(&file, &[IRELAND])));
    let problem = plan(&mut closed, wish).await.unwrap_err();
    assert!(problem.what.contains("until it is armed"), "{problem}");
    let drafts = |world: &World| {
        let requests = world.gateway.requests();
        requests
            .iter()
            .filter(|it| it.operation == "CreateChangeSet")
            .count()
    };
    assert_eq!((drafts(&open), drafts(&closed)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn past_a_policy_the_update_is_made_once_and_no_change_set_stays() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let text = "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n";
    let file = template(&folder, text);
    let mut wish = deployment(&file, &[IRELAND]);
    wish.policy.body = Some(DENIES.to_owned());
    let first = plan(&mut world, Operation::Deploy(Box::new(wish.clone())))
        .await
        .unwrap();
    run(&mut world, &first).await;
    template(&folder, "Resources:\n  Topic: {Type: 'AWS::SNS::Topic'}\n");
    let denied = plan(&mut world, Operation::Deploy(Box::new(wish.clone())))
        .await
        .unwrap();
    assert!(
        warnings(&denied)
            .iter()
            .any(|it| it.contains("denies Update:Delete of Queue")),
        "{denied:?}"
    );
    wish.policy.during = Some(ALLOWS.to_owned());
    let with = |change: fn(&mut Deployment)| {
        let mut wish = wish.clone();
        change(&mut wish);
        wish
    };
    for wish in [
        with(|it| it.alarms = vec!["checkout-api-errors-eu-west-1".to_owned()]),
        with(|it| it.notifications = Some(Vec::new())),
        with(|it| it.failing = OnFailure::Stay),
    ] {
        let refused = plan(&mut world, Operation::Deploy(Box::new(wish))).await;
        let what = refused.unwrap_err().what;
        assert!(what.contains("past its stack policy with"), "{what}");
    }
    let past = plan(&mut world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap();
    assert_eq!(
        words(&past),
        ["update past the stack policy, for this update only"]
    );
    assert!(!warnings(&past).iter().any(|it| it.contains("denies")));
    run(&mut world, &past).await;
    let count = |operation: &str| {
        let requests = world.gateway.requests();
        let of = requests.iter().filter(|it| it.operation == operation);
        of.count()
    };
    assert_eq!(count("UpdateStack"), 1);
    assert_eq!(count("ExecuteChangeSet"), 1);
    assert!(count("DeleteChangeSet") >= 1);
}

const DENIES: &str = r#"{"Statement":[
    {"Effect":"Allow","Action":"Update:Modify","Principal":"*","Resource":"*"},
    {"Effect":"Deny","Action":["Update:Replace","Update:Delete"],"Principal":"*","Resource":"*"}]}"#;

const ALLOWS: &str =
    r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}"#;

#[tokio::test(start_paused = true)]
async fn one_region_that_cannot_be_planned_for_leaves_no_change_set_anywhere() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let file = template(&folder, "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n");
    let mut wish = deployment(&file, &[IRELAND, "us-east-1"]);
    wish.alarms = vec!["checkout-api-errors-eu-west-1".to_owned()];
    let problem = plan(&mut world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap_err();
    assert!(problem.what.contains("prod/us-east-1"), "{problem}");
    assert!(!problem.what.contains("prod/eu-west-1"), "{problem}");
    let requests = world.gateway.requests();
    let count = |operation: &str| {
        let of = requests.iter().filter(|it| it.operation == operation);
        of.count()
    };
    assert_eq!(count("CreateChangeSet"), count("DeleteChangeSet"));
    assert_eq!(count("ExecuteChangeSet"), 0);
}
