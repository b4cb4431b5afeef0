use super::*;
use crate::domain::log::{Bounds, Hole, LogEvents, LogSource, View};
use crate::domain::{AccountName, Region, Scope, Untrusted};
use proptest::prelude::*;

fn sources() -> Vec<LogSource> {
    let place = |region: &str, group: &str| LogSource {
        scope: Scope::regional(&AccountName::new("prod"), &Region::new(region)),
        group: Untrusted::from(group),
    };
    vec![
        place("eu-west-1", "/aws/lambda/api"),
        place("us-east-1", "/aws/lambda/api"),
        place("eu-west-1", "/db"),
    ]
}

fn name(turn: u64) -> SieveName {
    SieveName { name: 7, turn }
}

fn sieve(text: &str) -> Sieve {
    Sieve::new(name(1), Arc::new(Filter::parse(text).unwrap()))
}

/// What a worker does with a job.
fn work(job: &SiftJob) -> Vec<Sifted> {
    let sifter = Sifter::new(&job.filter, &job.sources);
    let parts = job.parts.iter().map(|(block, from)| Sifted {
        name: job.name,
        block: block.id(),
        from: *from,
        upto: block.len(),
        lines: sifter.sift(block, *from),
    });
    parts.collect()
}

/// Patterns that mind line ends in every way there is, and filters of every kind.
const FILTERS: [&str; 30] = [
    "",
    "a",
    "ab",
    "A",
    "!a",
    "~a[^b]*b",
    "~(?s)a.*b",
    "~^a",
    "~b$",
    "~\\Aa",
    "~b\\z",
    "~(?-m:^b)",
    "~\\s",
    "~x*",
    "/a\\nb/",
    "/a b/",
    "~\\ba\\b",
    "~(?m)^b",
    "~[^a]{3}",
    "~.*",
    "k=1",
    "k>=1",
    "k!=1 a",
    "k=~^1 !b",
    "!k=*",
    "level>=WARN",
    "level=ERROR a",
    "region=eu-* a",
    "group=/db",
    "stream=even ~b",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[ab x\n]{0,8}".prop_map(|text| text),
        1 => "(a |b )?\\{\"k\":[0-2]\\}".prop_map(|text| text),
        1 => "a k=[0-2] b",
        1 => "(ERROR|WARN|INFO) [ab]{0,3}",
    ]
}

proptest! {
    #[test]
    fn a_sieve_keeps_what_asking_every_line_would(
        pages in prop::collection::vec((0..3_usize, prop::collection::vec((0..50_i64, text()), 0..40), any::<bool>()), 1..8),
        filter in prop::sample::select(&FILTERS[..]),
        budget in 0..60_usize,
        most in 20..2_000_usize,
    ) {
        let mut book = LogBook::new(Bounds { lines: most, bytes: 1 << 20 });
        book.set_sources(&sources());
        let mut sieve = sieve(filter);
        let mut waiting = Vec::new();
        for (source, lines, is_worked_now) in pages {
            let mut page = LogEvents::default();
            for (time, text) in &lines {
                page.push(if time % 2 == 0 { "even" } else { "odd" }, (*time, *time), "", text);
            }
            book.absorb(source, &page, 0);
            if lines.len() == 7 {
                book.note(source, &Hole { from: 20, until: 30, events: None, why: "No.".into() });
            }
            waiting.extend(sieve.settle(&book, budget));
            if is_worked_now {
                waiting.drain(..).flat_map(|job| work(&job)).for_each(|sifted| sieve.accept(&book, &sifted));
            }
            prop_assert_eq!(View::new(&book, Some(&sieve)).lines_from(0).count(), sieve.len());
        }
        waiting.drain(..).flat_map(|job| work(&job)).for_each(|sifted| sieve.accept(&book, &sifted));
        prop_assert_eq!(sieve.pending(), 0);
        let view = View::new(&book, Some(&sieve));
        let kept: Vec<_> = view.lines_from(0).map(|line| line.id).collect();
        let wanted: Vec<_> = book
            .lines_from(0)
            .filter(|line| sieve.filter().keeps(line, book.sources()))
            .map(|line| line.id)
            .collect();
        prop_assert_eq!(&kept, &wanted, "{}", filter);
        for line in book.lines_from(0) {
            let row = view.row_from(line.id);
            prop_assert_eq!(row, wanted.partition_point(|id| *id < line.id));
            prop_assert_eq!(view.after(line.id).map(|line| line.id), wanted.iter().find(|id| **id > line.id).copied());
            prop_assert_eq!(view.before(line.id).map(|line| line.id), wanted.iter().rfind(|id| **id < line.id).copied());
        }
    }
}

#[test]
fn lines_come_while_a_worker_is_at_work() {
    let mut book = LogBook::default();
    let mut page = LogEvents::default();
    page.push("s", (1, 1), "", "one");
    book.absorb(0, &page, 1);
    let mut sieve = sieve("o");
    let first = sieve.settle(&book, 0).unwrap();
    assert_eq!((sieve.len(), sieve.pending()), (0, 1));
    book.absorb(0, &page, 1);
    let second = sieve.settle(&book, 10).unwrap();
    assert_eq!(second.parts[0].1, 1, "only the new line is asked for");
    assert_eq!(sieve.settle(&book, 10), None, "nothing is asked for twice");
    // What comes out of order has to wait for what it follows.
    let (first, second) = (work(&first), work(&second));
    sieve.accept(&book, &first[0]);
    assert_eq!((sieve.len(), sieve.pending()), (1, 1));
    sieve.accept(
        &book,
        &Sifted {
            name: name(2),
            ..second[0].clone()
        },
    );
    assert_eq!(sieve.pending(), 1, "another turn's");
    sieve.accept(&book, &second[0]);
    assert_eq!((sieve.len(), sieve.pending()), (2, 0));
}

#[test]
fn filters_say_what_is_wrong_and_where() {
    for (text, sentence) in [
        (
            "a level>=WARM",
            "Character 10: there is no level “WARM”; they are TRACE, DEBUG, INFO, WARN, ERROR, FATAL.",
        ),
        ("ü ~(open", "Character 4: unclosed group."),
        ("a \"open", "Character 3: this quote is not closed."),
        ("ms>fast", "Character 4: “fast” is no number."),
        (
            "region>eu",
            "Character 7: an origin is compared with = and may have stars; put ! before the term for the others.",
        ),
        (
            "level=~x",
            "Character 8: there is no level “x”; they are TRACE, DEBUG, INFO, WARN, ERROR, FATAL.",
        ),
        ("x=~[", "Character 4: unclosed character class."),
    ] {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!(error.to_string(), sentence, "{text}");
    }
    for (half, sentence) in [
        ("!", "Character 2: nothing stands behind “!”."),
        ("~", "Character 2: nothing stands behind “~”."),
        (
            "x level>=",
            "Character 10: nothing stands behind “level>=”.",
        ),
        ("region= x", "Character 8: nothing stands behind “region=”."),
        ("!~", "Character 3: nothing stands behind “~”."),
    ] {
        let error = Filter::parse(half).expect_err(half);
        assert_eq!(error.to_string(), sentence, "{half}");
    }
    assert!(Filter::search("~").is_err(), "no regex is none");
    for nothing in ["", " ", "\"\""] {
        assert!(
            Filter::parse(nothing).expect(nothing).is_open(),
            "{nothing}"
        );
    }
}

#[test]
fn terms_keep_what_they_say() {
    let sources = sources();
    for (filter, text, is_kept) in [
        ("timed out", "it Timed was out", true),
        ("\"timed out\"", "Timed Out after", true),
        ("\"Timed out\"", "timed out", false),
        ("/timed out/", "timed out", true),
        ("/aws/lambda", "x /aws/lambda/y", true),
        ("http://x?y=1", "GET http://x?y=1", true),
        ("!~^GET", "POST /", true),
        ("status=404", "{\"status\":404}", true),
        ("status=404", "{\"status\":\"404\"}", true),
        ("status=404", "{\"state\":404}", false),
        ("status!=404", "{\"state\":1}", false),
        ("!status=404", "{\"state\":1}", true),
        ("user=kim", "user=Kim", true),
        ("user=Kim", "user=kim", false),
        ("user=k*", "{\"user\":\"kim\"}", true),
        ("a.b>=1.5 a.c=true", "x {\"a\":{\"b\":2,\"c\":true}}", true),
        ("path=~^/v1", "path=/v1/x", true),
        ("path!~^/v1", "path=/v1/x", false),
        ("id=a-1", "{\"id\":\"A-1\"}", true),
        ("id=a-1", "{\"id\":\"A-2\",\"x\":\"a-1\"}", false),
        ("name=\"two words\"", "{\"name\":\"two words\"}", true),
        ("account=prod,dev region=us-*", "x", false),
        ("account=prod,dev region=eu-*", "x", true),
        ("!region=eu-*", "x", false),
        ("level>INFO", "ERROR x", true),
        ("level<=INFO", "x", false),
        ("!level=INFO", "x", true),
    ] {
        let mut book = LogBook::default();
        book.set_sources(&sources);
        let mut page = LogEvents::default();
        page.push("s", (1, 1), "", text);
        book.absorb(0, &page, 1);
        let filter_read = Filter::parse(filter).expect(filter);
        assert_eq!(
            filter_read.keeps(&book.line(0).unwrap(), &sources),
            is_kept,
            "{filter} on {text}"
        );
    }
}

#[test]
fn a_search_among_what_a_filter_keeps_is_a_filter() {
    let search = Filter::search("a Row").unwrap();
    let spans = search
        .patterns()
        .next()
        .unwrap()
        .spans("no Row, a Row; a Row");
    assert_eq!(spans, [8..13, 15..20]);
    let both = Filter::parse("level=ERROR").unwrap().and(&search);
    assert_eq!(
        (both.text(), both.patterns().count()),
        ("level=ERROR a Row", 1)
    );
    let error = Filter::search("~a(").unwrap_err();
    assert_eq!(error.to_string(), "Character 2: unclosed group.");
}
