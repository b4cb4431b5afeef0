//! Queries as people write them, over a handful of events.

use super::run::Table;
use super::*;

const BEGAN: i64 = 1_800_000_000_000;

/// One event a minute, the first at 08:00:00 on 15 January 2027.
fn records(messages: &[&str]) -> Vec<Record> {
    let numbered = messages.iter().zip(0_i64..);
    numbered
        .map(|(message, place)| Record {
            timestamp: BEGAN + place * 60_000,
            ingestion_time: BEGAN + place * 60_000 + 1_500,
            message: (*message).to_owned(),
            log_stream: if place % 2 == 0 { "even" } else { "odd" }.to_owned(),
            log: "123456789012:/app/orders".to_owned(),
            ptr: format!("ptr-{place}"),
            ..Record::default()
        })
        .collect()
}

fn orders() -> Vec<Record> {
    records(&[
        r#"{"level":"INFO","path":"/orders","ms":12,"user":"ann"}"#,
        r#"{"level":"ERROR","path":"/orders","ms":250,"user":"bob"}"#,
        r#"{"level":"INFO","path":"/health","ms":1}"#,
        "plain text [WARN] took=40 for carl",
        r#"{"level":"ERROR","path":"/pay","ms":900,"user":"ann"}"#,
        r#"{"level":"INFO","path":"/pay","ms":30,"user":"bob"}"#,
    ])
}

fn ran(query: &str) -> Table {
    Query::parse(query)
        .unwrap_or_else(|malformed| panic!("{query}: {malformed:?}"))
        .run(&orders(), 10_000)
}

/// The rows without `@ptr`, as `field=value` with blanks between.
fn rows(query: &str) -> Vec<String> {
    let table = ran(query);
    let written = table.rows.iter().map(|row| {
        let fields = row.iter().filter(|(name, _)| name != "@ptr");
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        fields.join(" ")
    });
    written.collect()
}

#[test]
fn fields_come_newest_first_with_a_pointer_to_the_event() {
    let table = ran("fields @timestamp, level, @logStream, @log | limit 2");
    let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        table.rows[0],
        [
            own("@timestamp", "2027-01-15 08:05:00.000"),
            own("level", "INFO"),
            own("@logStream", "odd"),
            own("@log", "123456789012:/app/orders"),
            own("@ptr", "ptr-5"),
        ]
    );
    assert_eq!(table.rows.len(), 2);
    assert_eq!((table.matched, table.scanned), (6, 6));
    let bytes: usize = orders().iter().map(|record| record.message.len()).sum();
    assert_eq!(table.bytes, bytes);
}

#[test]
fn without_fields_the_time_and_the_message_are_shown() {
    assert_eq!(
        rows("filter @message like 'carl'"),
        ["@timestamp=2027-01-15 08:03:00.000 @message=plain text [WARN] took=40 for carl"]
    );
}

#[test]
fn filters_pass_what_they_should() {
    for (filter, expected) in [
        ("level = 'ERROR'", 2),
        ("level != \"ERROR\"", 3),
        ("ms > 100", 2),
        ("ms >= 12 and ms <= 30", 2),
        ("ms < 9", 1),
        ("@message like /ERR|WARN/", 3),
        ("@message like /(?i)error/", 2),
        ("@message =~ /took=\\d+/", 1),
        ("@message not like /level/", 1),
        ("not @message like 'level'", 1),
        ("user in ['ann', \"carl\"]", 2),
        ("user not in ['ann']", 4),
        ("ispresent(user)", 4),
        ("not isPresent(user) or level = 'ERROR'", 4),
        ("(level = 'INFO' or level = 'ERROR') and ms / 2 > 100", 2),
        ("strcontains(path, 'pay') and toupper(user) = 'ANN'", 1),
        ("@timestamp > 1800000240000", 1),
        ("`level` = 'INFO' # the ordinary ones", 3),
    ] {
        let table = ran(&format!("fields @message | filter {filter}"));
        assert_eq!(table.rows.len(), expected, "{filter}");
        assert_eq!(table.matched, expected, "{filter}");
    }
}

#[test]
fn stats_group_by_fields_and_by_time() {
    assert_eq!(
        rows("stats count(*), avg(ms) as mean by level | sort level asc"),
        [
            "count(*)=1",
            "level=ERROR count(*)=2 mean=575",
            "level=INFO count(*)=3 mean=14.3333"
        ]
    );
    assert_eq!(
        rows("filter ispresent(ms) | stats count(*) as n by bin(5m) | sort bin(5m)"),
        [
            "bin(5m)=2027-01-15 08:00:00.000 n=4",
            "bin(5m)=2027-01-15 08:05:00.000 n=1"
        ]
    );
    assert_eq!(
        rows(
            "stats sum(ms), min(ms), max(ms), pct(ms, 50), pct(ms, 99), count(user), count_distinct(user)"
        ),
        [
            "sum(ms)=1193 min(ms)=1 max(ms)=900 pct(ms, 50)=30 pct(ms, 99)=900 count(user)=4 count_distinct(user)=2"
        ]
    );
    assert_eq!(
        rows("stats max(ms) / 1000 as worst, min(ms) as least, worst - least as between"),
        ["worst=0.9 least=1 between=-0.1"]
    );
    assert_eq!(
        rows("stats earliest(level) as first, latest(level) as last"),
        ["first=INFO last=INFO"]
    );
    assert_eq!(
        rows("stats count(*) as n by level | filter n > 1 | stats sum(n) as all"),
        ["all=5"]
    );
    assert!(rows("filter level = 'NONE' | stats count(*)").is_empty());
}

#[test]
fn what_matched_is_counted_before_it_is_grouped() {
    let table = ran("filter ispresent(ms) | stats count(*) as n by level | filter n > 2");
    assert_eq!((table.matched, table.rows.len()), (5, 1));
}

#[test]
fn rows_of_stats_are_sorted_by_their_columns() {
    assert_eq!(
        rows(
            "filter ispresent(path) | stats count(*) by path | sort count(*) desc, path asc | limit 2"
        ),
        ["path=/orders count(*)=2", "path=/pay count(*)=2"]
    );
}

#[test]
fn parse_cuts_with_stars_and_with_named_groups() {
    assert_eq!(
        rows(
            "filter @message like 'took' | parse @message '[*] took=* for *' as kind, took, who | display kind, took, who"
        ),
        ["kind=WARN took=40 who=carl"]
    );
    assert_eq!(
        rows("parse @message /took=(?<took>\\d+)/ | filter took > 0 | display took"),
        ["took=40"]
    );
    assert_eq!(
        rows(
            "parse @message /took=(\\d+) for (\\w+)/ as took, who | filter ispresent(who) | stats sum(took) by who"
        ),
        ["who=carl sum(took)=40"]
    );
}

#[test]
fn dedup_keeps_the_newest_and_what_lacks_the_field() {
    assert_eq!(
        rows("filter ispresent(path) | dedup user | display user, path"),
        ["user=bob path=/pay", "user=ann path=/pay", "path=/health"]
    );
}

#[test]
fn columns_have_their_aliases_or_their_own_text() {
    assert_eq!(
        rows(
            "fields strlen(level), ms * 2 as twice, coalesce(user, 'nobody') as who | sort ms desc | limit 1"
        ),
        ["strlen(level)=5 twice=1800 who=ann"]
    );
    assert_eq!(
        rows(
            "fields bin(2m) as slot, if(ms > 100, 'slow', 'fast') as pace | sort @timestamp asc | limit 2"
        ),
        [
            "slot=2027-01-15 08:00:00.000 pace=fast",
            "slot=2027-01-15 08:00:00.000 pace=slow"
        ]
    );
}

#[test]
fn the_caller_limits_what_the_query_does_not() {
    let query = Query::parse("fields @message").unwrap();
    assert_eq!(query.run(&orders(), 4).rows.len(), 4);
    let query = Query::parse("fields @message | limit 5").unwrap();
    assert_eq!(query.run(&orders(), 4).rows.len(), 5);
}

#[test]
fn what_is_no_query_is_refused_with_its_place() {
    for (query, start, end, words) in [
        (
            "fieldss @message",
            0,
            7,
            "unexpected symbol found fieldss at line 1 and position 0",
        ),
        ("", 0, 0, "unexpected symbol found <EOF>"),
        ("fields @message |", 17, 17, "<EOF>"),
        (
            "fields @timestamp @message",
            18,
            26,
            "unexpected symbol found @message",
        ),
        (
            "fields @message | count()",
            18,
            23,
            "unexpected symbol found count",
        ),
        ("filter level = ", 15, 15, "<EOF>"),
        ("filter level ==  1", 14, 15, "unexpected symbol found ="),
        ("filter count(*) > 1", 7, 15, "count is a function of stats"),
        ("filter shout(level)", 7, 19, "Invalid function"),
        (
            "stats pct(ms) by level",
            6,
            13,
            "Invalid arguments of function: pct",
        ),
        ("limit 0", 0, 7, "limit must be between 1 and 100000"),
        (
            "filter @message like /(/",
            21,
            24,
            "invalid regular expression /(/",
        ),
        ("parse @message 'a*b*' as one", 0, 28, "the number of names"),
        (
            "filter level = 'open",
            15,
            20,
            "unexpected symbol found 'open",
        ),
    ] {
        let malformed = Query::parse(query).unwrap_err();
        assert_eq!(
            (malformed.start, malformed.end),
            (start, end),
            "{query}: {malformed:?}"
        );
        assert!(malformed.message.contains(words), "{query}: {malformed:?}");
    }
}

#[test]
fn the_queries_of_the_manual_are_understood() {
    for query in [
        "fields @timestamp, @message | sort @timestamp desc | limit 25",
        "stats count(*) by srcAddr, dstAddr | sort count(*) desc | limit 20",
        "filter @type = \"REPORT\" | stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB, \
         min(@maxMemoryUsed / 1000 / 1000) as smallestMemoryRequestMB, \
         provisonedMemoryMB - smallestMemoryRequestMB as overProvisionedMB",
        "filter @type = \"REPORT\" | stats avg(@duration), max(@duration), min(@duration) by bin(5m)",
        "fields concat('^', ispresent(a), '^') as present | filter not ispresent(b.c)",
        "parse @message \"user=*, method:*, latency := *\" as @user, @method, @latency \
         | stats avg(@latency) by @method, @user",
        "fields @timestamp, @requestId, @duration\n| filter @message like /(?i)Exception/\n| stats count(*) as errors by bin(1h)\n| sort errors desc",
        "fields jsonField.deep.0, datefloor(@timestamp, 1h) as hour | limit any 1",
        "filter statusCode in [400, 404, 500] | stats count(*) by statusCode",
    ] {
        Query::parse(query).unwrap_or_else(|malformed| panic!("{query}: {malformed:?}"));
    }
}
