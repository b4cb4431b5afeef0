use super::*;
use proptest::prelude::*;

/// What happens to a book.
#[derive(Clone, Debug)]
enum Step {
    Page {
        source: usize,
        lines: Vec<(Millis, String)>,
        reached: Millis,
    },
    Hole {
        source: usize,
        from: Millis,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let line = (0..60_i64, "[ab\n]{0,6}");
    let page = (0..3_usize, prop::collection::vec(line, 0..30), 0..60_i64).prop_map(
        |(source, lines, reached)| Step::Page {
            source,
            lines,
            reached,
        },
    );
    let hole = (0..3_usize, 0..60_i64).prop_map(|(source, from)| Step::Hole { source, from });
    prop::collection::vec(prop_oneof![9 => page, 1 => hole], 0..20)
}

fn take(book: &mut LogBook, step: &Step) {
    match step {
        Step::Page {
            source,
            lines,
            reached,
        } => {
            let mut page = LogEvents::default();
            for (time, text) in lines {
                page.push(
                    if *time % 2 == 0 { "even" } else { "odd" },
                    (*time, *time),
                    "id",
                    text,
                );
            }
            book.absorb(*source, &page, *reached);
        }
        Step::Hole { source, from } => book.note(*source, &hole(*from)),
    }
}

fn hole(from: Millis) -> Hole {
    Hole {
        from,
        until: from + 1_000,
        events: Some(312),
        why: "The page could not be read.".into(),
    }
}

fn page(lines: &[(Millis, &str)]) -> LogEvents {
    let mut page = LogEvents::default();
    for (time, text) in lines {
        page.push("stream", (*time, *time), "", text);
    }
    page
}

fn rows(book: &LogBook) -> Vec<String> {
    book.lines_from(0)
        .map(|line| line.safe().into_owned())
        .collect()
}

proptest! {
    #[test]
    fn every_line_taken_is_held_in_order_or_counted(steps in steps(), most in 1..400_usize, bytes in 1..2_000_usize) {
        let mut book = LogBook::new(Bounds { lines: most, bytes });
        // Every line that ever came, in the order of its name.
        let mut all: Vec<(Millis, usize, usize, String)> = Vec::new();
        for step in &steps {
            match step {
                Step::Page { source, lines, .. } => {
                    for (time, text) in lines {
                        all.push((*time, *source, all.len(), text.trim_end_matches('\n').to_owned()));
                    }
                }
                Step::Hole { source, from } => all.push((*from, *source, all.len(), "—".into())),
            }
            let anchors: Vec<_> = book.lines_from(0).map(|line| (line.id, line.exact().to_owned())).collect();
            take(&mut book, step);

            prop_assert!(book.len() <= most && book.bytes() <= bytes);
            prop_assert_eq!(book.taken(), all.len() as u64);
            prop_assert_eq!(book.len() as u64 + book.dropped(), book.taken());
            let mut sorted = all.clone();
            sorted.sort();
            let newest = &sorted[sorted.len() - book.len()..];
            for (row, (time, source, _, text)) in newest.iter().enumerate() {
                let line = book.line(row).unwrap();
                prop_assert_eq!((line.time, line.source), (*time, *source));
                let same = line.exact() == text || (line.kind == Kind::Note && text == "—");
                prop_assert!(same, "row {} is {:?} and not {:?}", row, line.exact(), text);
                let stream = if line.kind == Kind::Note { "" } else if time % 2 == 0 { "even" } else { "odd" };
                prop_assert_eq!(line.stream.exact(), stream);
                prop_assert_eq!(book.row_of(line.id), Some(row));
            }
            prop_assert!(book.line(book.len()).is_none());
            let bytes: usize = book.lines_from(0).map(|line| line.exact().len()).sum();
            prop_assert_eq!(book.bytes(), bytes);
            // Who held on to a line finds the same line, or that it went.
            let oldest = book.line(0).map(|line| line.id);
            for (id, text) in anchors {
                match book.row_of(id) {
                    Some(row) => prop_assert_eq!(book.line(row).unwrap().exact(), &text),
                    None => prop_assert!(oldest.is_none_or(|oldest| id < oldest)),
                }
            }
        }
    }
}

#[test]
fn a_page_in_order_is_added_and_a_late_line_finds_its_place() {
    let mut book = LogBook::default();
    book.absorb(0, &page(&[(10, "a"), (30, "c")]), 35);
    book.absorb(1, &page(&[(30, "d"), (40, "e")]), 40);
    let cursor = book.line(1).unwrap().id;
    book.absorb(0, &page(&[(20, "b"), (35, "on the border")]), 50);
    assert_eq!(rows(&book), ["a", "b", "c", "d", "on the border", "e"]);
    assert_eq!(book.row_of(cursor), Some(2));
    let late: Vec<_> = book.lines_from(0).map(|line| line.is_late).collect();
    assert_eq!(late, [false, true, false, false, false, false]);
    assert_eq!((book.late(), book.row_at(30), book.row_at(99)), (1, 2, 6));
}

#[test]
fn what_is_missing_stands_in_the_stream() {
    let mut book = LogBook::default();
    book.absorb(0, &page(&[(1_000, "a"), (9_000, "b")]), 9_000);
    book.note(0, &hole(5_000));
    assert_eq!(
        rows(&book),
        [
            "a",
            "— 312 lines not shown from 00:00:05 to 00:00:06 UTC: The page could not be read —",
            "b"
        ]
    );
    assert_eq!(book.line(1).map(|line| line.kind), Some(Kind::Note));
}

#[test]
fn a_megabyte_in_one_line_is_cut_and_says_so() {
    let mut book = LogBook::default();
    let long = "é".repeat(500_000);
    book.absorb(0, &page(&[(1, &long), (2, "next\r\n")]), 2);
    let line = book.line(0).unwrap();
    assert_eq!(
        (line.exact().len(), line.cut),
        (LINE_AT_MOST, 1_000_000 - 65_536)
    );
    assert!(line.safe().ends_with("… (934464 bytes more)"));
    assert_eq!(
        (book.line(1).unwrap().exact(), book.line(1).unwrap().cut),
        ("next", 0)
    );
    // Another line in between does not move the cut.
    book.absorb(0, &page(&[(0, "before")]), 2);
    assert_eq!(
        (book.line(0).unwrap().cut, book.line(1).unwrap().cut),
        (0, 934_464)
    );
}

#[test]
fn times_at_the_ends_of_the_world_are_times() {
    let mut book = LogBook::default();
    book.absorb(
        0,
        &page(&[(Millis::MAX, "last"), (Millis::MIN, "first")]),
        Millis::MAX,
    );
    book.note(0, &hole(0));
    // Fifty days are more than one block can span.
    book.absorb(
        0,
        &page(&[(4_320_000_000, "later"), (1, "sooner")]),
        Millis::MAX,
    );
    assert_eq!(book.row_at(0), 1);
    let times: Vec<_> = book.lines_from(0).map(|line| line.time).collect();
    assert_eq!(times, [Millis::MIN, 0, 1, 4_320_000_000, Millis::MAX]);
}

#[test]
fn memory_is_at_most_half_as_much_again_as_the_text() {
    let mut book = LogBook::default();
    let text = "x".repeat(100);
    for minute in 0..10 {
        let mut page = LogEvents::default();
        for line in 0..10_000 {
            let time = minute * 10_000 + (line * 7) % 12_000;
            page.push(
                if line % 2 == 0 { "one" } else { "two" },
                (time, time),
                "id",
                &text,
            );
        }
        page.sort();
        book.absorb(0, &page, minute * 10_000);
    }
    assert_eq!(book.len(), 100_000);
    let ratio = book.held() * 100 / book.bytes();
    assert!(ratio < 150, "{ratio} %");
}
