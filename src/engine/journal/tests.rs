//! The journals on a real disk: torn, damaged, full, read by two at once.

use super::*;
use crate::domain::operation::{Consent, Ending, Plan, Record, UndoPolicy};
use crate::domain::{AccountName, Region, StackId};
use std::os::unix::fs::PermissionsExt as _;

fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp(1_795_000_000 + second, 0).unwrap()
}

fn plan(id: &OperationId) -> Plan {
    Plan {
        id: id.clone(),
        verb: Verb::Deploy,
        target: "checkout".into(),
        made: at(0),
        by: "ann".to_owned(),
        waves: Vec::new(),
        consent: Consent::Key,
        undo: UndoPolicy::Failed,
    }
}

fn first(id: &OperationId) -> Stamped {
    Stamped {
        number: 0,
        at: at(0),
        record: Record::Planned(Box::new(plan(id))),
    }
}

fn later(number: u64) -> Stamped {
    Stamped {
        number,
        at: at(1),
        record: Record::Ended {
            wave: 0,
            member: 0,
            step: 0,
            ending: Ending::Done,
        },
    }
}

/// A journal of three records, given up.
async fn written(journals: &Journals, id: &OperationId) -> PathBuf {
    let mut journal = journals.begin(id, &first(id)).await.unwrap();
    for number in 1..3 {
        journal.append(&later(number)).unwrap();
    }
    journals.path(id).unwrap()
}

fn open(folder: &tempfile::TempDir) -> (Journals, OperationId) {
    let journals = Journals::at(folder.path().join("operations"), "ann").counted(0x7f3a);
    let id = journals.name(Verb::Deploy, at(0));
    (journals, id)
}

#[tokio::test]
async fn a_name_tells_when_what_and_which() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, id) = open(&folder);
    assert_eq!(id.as_str(), "20261118t110640z-deploy-7f3a");
    assert_ne!(journals.name(Verb::Deploy, at(0)), id);
    let random = Journals::nowhere();
    let names: BTreeSet<_> = (0..8).map(|_| random.name(Verb::Stop, at(0))).collect();
    assert!(names.len() > 1, "{names:?}");
}

#[tokio::test]
async fn a_journal_is_for_its_operator_alone_and_is_never_begun_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, id) = open(&folder);
    let path = written(&journals, &id).await;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let again = journals.begin(&id, &first(&id)).await.unwrap_err();
    assert!(again.what.contains("nothing was sent"), "{again}");
    assert_eq!(journals.runs().await.unwrap()[0].records, 3);
}

#[tokio::test]
async fn whatever_is_torn_off_the_last_record_the_ones_before_it_stand() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, id) = open(&folder);
    let path = written(&journals, &id).await;
    let whole = std::fs::read(&path).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    for length in ends[0] + 1..=whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let records = ends.iter().filter(|end| **end < length).count();
        let (mut journal, run, tail) = journals.take_up(&id).await.unwrap();
        assert_eq!(run.records, u64::try_from(records).unwrap(), "{length}");
        assert_eq!(
            tail == Tail::Whole,
            ends.contains(&(length - 1)),
            "{length}"
        );
        // What comes next stands where the torn one began.
        journal.append(&later(run.records)).unwrap();
        drop(journal);
        let (_, run, tail) = journals.take_up(&id).await.unwrap();
        assert_eq!(
            (run.records, tail),
            (u64::try_from(records + 1).unwrap(), Tail::Whole)
        );
    }
    for length in 0..=ends[0] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let problem = journals.take_up(&id).await.unwrap_err();
        assert!(problem.what.contains("nothing was done"), "{problem}");
        assert_eq!(journals.runs().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_journal_that_is_damaged_in_its_middle_is_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, id) = open(&folder);
    let path = written(&journals, &id).await;
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (damaged, line) in [
        (text.replacen("\"number\":1", "\"number\":7", 1), 2),
        ([lines[0], lines[2]].concat() + lines[1], 2),
        (text.replacen("ann", "bob", 1), 1),
    ] {
        std::fs::write(&path, damaged).unwrap();
        let problem = journals.take_up(&id).await.unwrap_err();
        let words = format!("is damaged in line {line}");
        assert!(problem.what.contains(&words), "{problem}");
        assert_eq!(journals.runs().await.unwrap(), []);
    }
}

#[tokio::test]
async fn only_one_process_at_a_time_writes_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, id) = open(&folder);
    written(&journals, &id).await;
    let word = Decision {
        by: "bob".to_owned(),
        steered: crate::domain::operation::Steered::Cancel,
    };
    let nobody = journals.post(&id, word.clone()).await.unwrap_err();
    assert!(nobody.what.contains("Nobody runs"), "{nobody}");
    let held = journals.take_up(&id).await.unwrap();
    let other = journals.clone();
    let refused = other.take_up(&id).await.unwrap_err();
    assert!(refused.what.contains("Another process"), "{refused}");
    other.post(&id, word.clone()).await.unwrap();
    assert_eq!(journals.mail(&id).await.unwrap(), [word]);
    assert_eq!(journals.runs().await.unwrap().len(), 1);
    drop(held);
    other.take_up(&id).await.unwrap();
}

#[tokio::test]
async fn where_nothing_can_be_written_nothing_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let (_, id) = open(&folder);
    // A file where the folder would have to be; a full disk and a read-only one fail in the same place.
    let file = tempfile::NamedTempFile::new().unwrap();
    for journals in [
        Journals::nowhere(),
        Journals::at(file.path().join("operations"), "ann"),
    ] {
        let problem = journals.begin(&id, &first(&id)).await.unwrap_err();
        assert!(problem.what.contains("nothing was sent"), "{problem}");
        let targets = BTreeSet::new();
        assert!(journals.hold(targets, &id).await.is_err());
    }
}

#[tokio::test]
async fn a_name_that_leads_out_of_the_folder_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, _) = open(&folder);
    for name in ["../../etc/passwd", "", "a/b", "a.b"] {
        let problem = journals.take_up(&OperationId::new(name)).await.unwrap_err();
        assert_eq!(problem.kind, Kind::Missing, "{name}");
    }
    let problem = journals.snapshot("../0123456789abcdef0123456789abcd").await;
    assert!(problem.is_err());
}

#[tokio::test]
async fn a_link_in_a_journals_place_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, id) = open(&folder);
    let path = written(&journals, &id).await;
    let elsewhere = folder.path().join("elsewhere");
    std::fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(journals.take_up(&id).await.is_err());
}

#[tokio::test]
async fn a_snapshot_is_named_by_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (journals, _) = open(&folder);
    let snapshot = Snapshot {
        scope: Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1")),
        stack: StackId::new("arn:aws:cloudformation:eu-west-1:1:stack/checkout/1"),
        taken: at(0),
        updated: None,
        template: "{}".to_owned(),
        parameters: Vec::new(),
        tags: Vec::new(),
        capabilities: Vec::new(),
        role: None,
        notifications: Vec::new(),
        policy: None,
    };
    let name = journals.keep(&snapshot).await.unwrap();
    assert_eq!(journals.keep(&snapshot).await.unwrap(), name);
    assert_eq!(journals.snapshot(&name).await.unwrap(), snapshot);
    let file = folder
        .path()
        .join("operations/snapshots")
        .join(format!("{name}.json"));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let changed = std::fs::read_to_string(&file).unwrap().replace("{}", "[]");
    std::fs::write(&file, changed).unwrap();
    let problem = journals.snapshot(&name).await.unwrap_err();
    assert!(problem.what.contains("was changed"), "{problem}");
}
