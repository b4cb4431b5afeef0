//! The pattern language by table: what matches, what does not, what is no pattern.

use super::Pattern;

#[track_caller]
fn check(pattern: &str, yes: &[&str], no: &[&str]) {
    let parsed = Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    for message in yes {
        assert!(parsed.matches(message), "{pattern} should match {message}");
    }
    for message in no {
        assert!(
            !parsed.matches(message),
            "{pattern} should not match {message}"
        );
    }
}

#[test]
fn terms_all_any_none_and_phrases() {
    let (e400, e401, e419) = (
        "[ERROR 400] BAD REQUEST",
        "[ERROR 401] UNAUTHORIZED REQUEST",
        "[ERROR 419] MISSING ARGUMENTS",
    );
    check("", &["", "anything"], &[]);
    check("ERROR", &[e400, e401, e419], &["error 400", "[WARN] slow"]);
    check(
        "ERROR ARGUMENTS",
        &[e419, "[ERROR 420] INVALID ARGUMENTS"],
        &[e400],
    );
    check(
        "?ERROR ?ARGUMENTS",
        &[e400, e419, "too many ARGUMENTS"],
        &["[WARN] slow"],
    );
    check("ERROR -ARGUMENTS", &[e400, e401], &[e419, "fine"]);
    check("-ERROR", &["fine"], &[e400]);
    check(
        "\"INTERNAL SERVER ERROR\"",
        &["[ERROR 500] INTERNAL SERVER ERROR"],
        &["INTERNAL ERROR SERVER"],
    );
    check("\"BAD REQUEST\" 400", &[e400], &[e401]);
    check("-\"BAD REQUEST\" ERROR", &[e401], &[e400]);
    check(r#""say \"hi\"""#, &[r#"they say "hi" twice"#], &["say hi"]);
    // A question mark beside other terms has no effect, says AWS.
    check(
        "?ERROR ?WARN REQUEST",
        &[e400, "INFO REQUEST received"],
        &["ERROR of no kind"],
    );
}

#[test]
fn regular_expressions_between_per_cent_signs() {
    check(
        "%AUTHORIZED%",
        &["UNAUTHORIZED REQUEST", "AUTHORIZED"],
        &["authorized"],
    );
    check("%colou?r%", &["color", "colour"], &["colr"]);
    check(r"%\d{1,3}\.\d{1,3}%", &["10.2"], &["ten.two"]);
    check("%^[hc]at$%", &["hat", "cat"], &["the cat", "bat"]);
}

#[test]
fn json_selectors() {
    let trail = r#"{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],
        "objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"cluster.name":"c","ThisFlag":true,
        "bandwidth":2.5e3,"user":{"id":1,"email":"John.Stiles@example.com"},"actions":["GET","PUT"]}"#;
    let text = r#"plain "eventType":"UpdateTrail""#;
    for yes in [
        r#"{ $.eventType = "UpdateTrail" }"#,
        r"{ $.eventType = UpdateTrail }",
        r#"{$.eventType="Update*"}"#,
        r"{ $.eventType = *Trail }",
        r"{ $.eventType = %Trail$% }",
        r"{ $.sourceIPAddress != 123.123.* }",
        r"{ $.sourceIPAddress = 111.* }",
        r#"{ $.arrayKey[0] = "value" }"#,
        r#"{ $.arrayKey[*] = "another value" }"#,
        r"{ $.objectList[1].id = 2 }",
        r"{ $.objectList[*].id > 1 }",
        r"{ $.SomeObject IS NULL }",
        r"{ $.SomeOtherObject NOT EXISTS }",
        r"{ $.eventType EXISTS }",
        r"{ $.ThisFlag IS TRUE }",
        r"{ $.bandwidth > 75 }",
        r"{ $.bandwidth >= 2500 && $.bandwidth <= 2.5e3 }",
        r#"{ $.['cluster.name'] = "c" }"#,
        r#"{ ($.user.id = 1) && ($.user.email = "John.*") }"#,
        r"{ $.user.id = 2 && $.eventType = x || $.ThisFlag IS TRUE }",
        r"{ $.user.id = 1 && ($.eventType = x || $.ThisFlag IS TRUE) }",
        r#"{ $.user.email = "*@example.com" }"#,
    ] {
        check(yes, &[trail, &format!("{trail}\n")], &[text, "", "{broken"]);
    }
    for no in [
        r#"{ $.eventType = "updatetrail" }"#,
        r"{ $.sourceIPAddress != 111.111.* }",
        r"{ $.missing != 1 }",
        r"{ $.missing IS NULL }",
        r"{ $.SomeObject NOT EXISTS }",
        r"{ $.ThisFlag IS FALSE }",
        r"{ $.bandwidth < 75 }",
        r"{ $.eventType > 5 }",
        r"{ $.arrayKey[2] = x }",
        r"{ ($.user.id = 2 || $.user.id = 3) && $.ThisFlag IS TRUE }",
    ] {
        check(no, &[], &[trail]);
    }
}

#[test]
fn columns_divided_by_spaces() {
    let ok =
        r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 200 1534"#;
    let bad =
        r#"127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 404 5324"#;
    check(
        "[ip, user, username, timestamp, request, status_code, bytes]",
        &[ok, bad],
        &["a b c"],
    );
    check(
        "[ip, user, username, timestamp, request, status_code = 4*, bytes]",
        &[bad],
        &[ok],
    );
    check("[..., status_code=4*, bytes]", &[bad], &[ok, "404"]);
    check("[ip, ..., bytes>2000]", &[bad], &[ok]);
    check(
        "[ip, user, username, timestamp, request = *html*, status_code = 2*, bytes]",
        &[ok],
        &[bad],
    );
    check(
        "[ip, user, username=frank && username!=bob, ...]",
        &[ok, bad],
        &["1 2 bob 4"],
    );
    check(
        "[w1=ERROR || w1=WARN, w2]",
        &["ERROR disk", "WARN disk"],
        &["INFO disk", "ERROR"],
    );
    check("[w1=%^ERR%, ...]", &["ERROR x y"], &["an ERROR"]);
    check("[w1!=\"a b\", w2]", &["c d"], &["\"a b\" d"]);
    check("[...]", &["", "any thing"], &[]);
}

#[test]
fn what_is_no_pattern_is_said_in_aws_words() {
    for (pattern, words) in [
        (
            "{ $.a = 1",
            "If a filter pattern starts with '{' it must end with '}'",
        ),
        (
            "[a, b",
            "If a filter pattern starts with '[' it must end with ']'",
        ),
        ("foo-bar", "Invalid character(s) in term 'foo-bar'"),
        ("level=ERROR", "Invalid character(s) in term 'level=ERROR'"),
        ("\"open", "Invalid filter pattern"),
        ("{ a = 1 }", "Invalid filter pattern"),
        ("{ $.a }", "Invalid filter pattern"),
        ("{ $.a = }", "Invalid filter pattern"),
        ("{ $.a > x }", "Invalid filter pattern"),
        ("{ $.a = 1 && }", "Invalid filter pattern"),
        ("{ ($.a = 1 }", "Invalid filter pattern"),
        ("{ $.a IS MAYBE }", "Invalid filter pattern"),
        (
            "{ $.a = %x% && $.b = %y% && $.c = %z% }",
            "Invalid filter pattern",
        ),
        ("[a, =5]", "Invalid filter pattern"),
        ("[..., a, ...]", "Invalid filter pattern"),
        ("%(a)%", "Invalid regex pattern in the filter pattern"),
        ("%open", "Invalid filter pattern"),
        ("?", "Invalid filter pattern"),
    ] {
        assert_eq!(Pattern::parse(pattern).unwrap_err(), words, "{pattern}");
    }
}
