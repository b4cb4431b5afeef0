use super::*;
use crate::domain::operation::{Sizes, Token};
use crate::domain::{AccountName, Region, StackId};

fn place() -> Scope {
    Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
}

#[test]
fn a_call_reads_as_a_command_of_awss_own() {
    let cancel = Call::CancelUpdateStack {
        stack: StackId::new("arn:aws:cloudformation:eu-west-1:1:stack/top/1"),
        token: Token::new("qd-1"),
        seen: None,
    };
    assert_eq!(
        cancel.command(&place()),
        "aws cloudformation cancel-update-stack --region eu-west-1 --stack-name \
         arn:aws:cloudformation:eu-west-1:1:stack/top/1 --client-request-token qd-1"
    );
    let sizes = |least, desired, most| Sizes {
        least,
        desired,
        most,
    };
    let stop = Call::SetSizes {
        group: "it's".into(),
        before: sizes(1, 3, 6),
        after: sizes(0, 0, 6),
    };
    assert_eq!(
        stop.command(&place()),
        r"aws autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name 'it'\''s' --min-size 0 --desired-capacity 0 --max-size 6"
    );
    assert_eq!(stop.words(), "group it's: 1-3-6 → 0-0-6");
}

#[test]
fn operations_are_spelled_as_the_command_line_spells_them() {
    for (operation, name) in [
        ("UpdateAlias", "update-alias"),
        ("StopDBInstance", "stop-db-instance"),
        ("StartDBCluster", "start-db-cluster"),
        ("AddTagsToResource", "add-tags-to-resource"),
        ("CreateOrUpdateTags", "create-or-update-tags"),
    ] {
        assert_eq!(kebab(operation), name);
    }
}

#[test]
fn what_is_copied_for_a_shell_harms_none() {
    assert_eq!(quoted("$(rm -rf /)"), "'$(rm -rf /)'");
    assert!(!quoted("a\u{1b}[2J'b").contains('\u{1b}'));
}
