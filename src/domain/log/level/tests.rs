use super::*;

#[test]
fn a_level_is_found_where_each_language_puts_it() {
    for (line, level) in [
        (r#"{"level":"error","msg":"x"}"#, Level::Error),
        (r#"  { "msg" : "a: b", "level" : "WARN" }"#, Level::Warn),
        (r#"{"time":1,"severity":"NOTICE"}"#, Level::Info),
        (
            r#"{"level":50,"time":1531171074631,"msg":"x"}"#,
            Level::Error,
        ),
        (
            r#"{"errorType":"Error","errorMessage":"boom"}"#,
            Level::Error,
        ),
        (
            r#"{"time":"2026","type":"platform.report","record":{"requestId":"x","status":"timeout"}}"#,
            Level::Error,
        ),
        (
            "[ERROR]\t2026-11-20T10:00:00.000Z\t8f14e45f\tboom",
            Level::Error,
        ),
        (
            "2026-11-20T10:00:00.000Z\t8f14e45f-ceea-467f\tERROR\tInvoke Error",
            Level::Error,
        ),
        (
            "2026-11-20T10:00:00.000Z\t8f14e45f-ceea-467f\tINFO\thello",
            Level::Info,
        ),
        (
            "2026-11-20T10:00:00.000Z 8f14e45f Task timed out after 3.00 seconds",
            Level::Error,
        ),
        (
            "RequestId: 8f14 Error: Runtime exited with error: exit status 1",
            Level::Error,
        ),
        ("ERROR:root:something", Level::Error),
        ("WARNING: disk", Level::Warn),
        ("2026-11-20 10:00:00,123 - app - DEBUG - text", Level::Debug),
        (
            "2026-11-20 10:00:00.123 [main] ERROR com.example.Foo - failed",
            Level::Error,
        ),
        (
            "2026-11-20 10:00:00.000  INFO 1 --- [main] c.f.App : x",
            Level::Info,
        ),
        ("10:00:00.123 main WARN Foo", Level::Warn),
        ("E1120 10:00:00.123456       7 main.go:12] x", Level::Error),
        ("[2026-11-20T10:00:00Z WARN  hyper] x", Level::Warn),
        ("2026-11-20T10:00:00.000000Z TRACE mio: x", Level::Trace),
        (
            "2026-11-20 10:00:00 UTC [123] FATAL:  no database",
            Level::Fatal,
        ),
        (
            "2026/11/20 10:00:00 [error] 7#7: *1 open() failed",
            Level::Error,
        ),
        ("Nov 20 10:00:00 host app[1]: ERROR x", Level::Error),
        ("INFO:     127.0.0.1:1 - \"GET /\" 200", Level::Info),
        (
            "ts=2026-11-20T10:00:00Z caller=x.go:1 level=warn msg=\"x\"",
            Level::Warn,
        ),
        ("time=\"2026\" level=\"error\" msg=x", Level::Error),
        ("fail: Microsoft.AspNetCore[0]", Level::Error),
        ("info: Microsoft.Hosting.Lifetime[14]", Level::Info),
        ("E, [2026-11-20T10:00:00.1 #1] ERROR -- : x", Level::Error),
        (
            "2026-11-20T10:00:00.000Z\tinfo\tserver/a.go:1\tlistening",
            Level::Info,
        ),
        ("10:00AM ERR cannot reach", Level::Error),
        ("Error: Cannot find module 'x'", Level::Error),
        ("error: aborting", Level::Error),
        ("ValueError: no such row", Level::Error),
        ("java.lang.IllegalStateException: closed", Level::Error),
        ("Traceback (most recent call last):", Level::Error),
        ("panic: runtime error: index out of range", Level::Fatal),
        ("thread 'main' panicked at src/main.rs:2:5:", Level::Error),
        ("2026-11-20T10:00:00Z api {\"level\":\"warn\"}", Level::Warn),
        ("<warn> low", Level::Warn),
    ] {
        assert_eq!(Level::sniff(line), Some(level), "{line}");
    }
}

#[test]
fn a_line_that_speaks_of_errors_is_none() {
    for line in [
        "",
        "   ",
        "0 errors, 3 warnings",
        "finished with 0 ERROR lines",
        "Found 0 ERROR",
        "there was no ERROR today",
        "no error",
        "the error rate is 0.1 %",
        "error rate is fine",
        "information about debug builds",
        "START RequestId: 8f14 Version: $LATEST",
        "REPORT RequestId: 8f14\tDuration: 1 ms\tBilled Duration: 1 ms",
        r#"{"msg":"level","errors":0}"#,
        r#"{"error":null,"message":"fine"}"#,
        "thread 'main' has started",
        "GET /error HTTP/1.1 200",
        "ERRORS=0",
        "a\nERROR in the second line",
        "sublevel=error",
    ] {
        assert_eq!(Level::sniff(line), None, "{line}");
    }
}

#[test]
fn levels_are_ordered_and_read_back() {
    assert!(Level::Trace < Level::Warn && Level::Warn < Level::Fatal);
    for level in Level::ALL {
        assert_eq!(Level::named(level.name()), Some(level));
    }
    assert_eq!(Level::named("a word that is far too long"), None);
}
