//! A million lines in a pane: what they take, how fast they come in, how fast they are searched.

use super::{Figure, percentile};
use quarterdeck::domain::log::{Block, Filter, LogBook, LogEvents, Sifter};
use std::sync::Arc;

const LINES: usize = 1_000_000;
const PAGE: usize = 10_000;
const SOURCES: usize = 6;
/// Milliseconds between two pages of a source; a hundred thousand lines arrive in a second.
const BETWEEN: i64 = 600;

pub(super) fn figures() -> Vec<Figure> {
    let pages: Vec<(usize, LogEvents)> = (0..LINES / PAGE).map(page).collect();
    let (book, seconds) = filled(&pages);
    assert_eq!(book.len(), LINES, "all fit into the bounds");
    let mut figures = vec![
        Figure::at_most(
            "memory of 1,000,000 lines, of their text",
            book.held() as f64 / book.bytes() as f64,
            1.5,
            "times",
        ),
        Figure::at_most(
            "100,000 lines/s into the book, of one core",
            seconds * 100_000.0 / LINES as f64 * 100.0,
            10.0,
            "%",
        ),
    ];
    for (name, filter, bar) in [
        (
            "a literal that few lines have",
            "\"Connection reset\"",
            50.0,
        ),
        ("a literal whatever its case", "\"connection reset\"", 50.0),
        (
            "a literal that one line in ten has",
            "\"orders from Cache\"",
            50.0,
        ),
        ("a regex", "~user-\\d+77\\b.*took\\s9\\d\\d", 150.0),
        (
            "a regex of alternatives",
            "~(?:refused|reset|timed.out)\\W+by",
            150.0,
        ),
        ("a regex without a literal", "~[a-f]{4}\\d{2,}$", 150.0),
        ("levels", "level>=ERROR", 50.0),
    ] {
        let name = format!("1,000,000 lines sifted for {name}");
        figures.push(Figure::at_most(name, sifted(&book, filter), bar, "ms"));
    }
    figures
}

/// A page of one source; one line in two hundred is late.
fn page(number: usize) -> (usize, LogEvents) {
    let source = number % SOURCES;
    let begin = 1_790_000_000_000 + BETWEEN * (number / SOURCES) as i64;
    let mut events = LogEvents::default();
    events.reserve(PAGE, PAGE * 160);
    for line in 0..PAGE {
        let seed = number * PAGE + line;
        let late = if seed.is_multiple_of(200) { 1_500 } else { 0 };
        let time = begin + BETWEEN * line as i64 / PAGE as i64 - late;
        let stream = format!("2026/11/20/[$LATEST]{:x}", seed % 16);
        let (level, said) = match seed % 1_000 {
            0 => ("ERROR", "Connection reset by peer, again after 250 ms"),
            1..5 => (
                "WARN",
                "slow answer of the upstream, still within its budget",
            ),
            n if n % 10 == 7 => ("INFO", "answered with orders from Cache and nothing else"),
            _ => ("INFO", "answered with orders from the table as always"),
        };
        let message = format!(
            "2026-11-20T10:00:00.000Z {level} {said} user-{} took {} ms {:08x}",
            seed % 99_991,
            seed * 7_919 % 1_009,
            seed * 2_654_435_761 % 0xffff_ffff
        );
        let id = format!("{seed:056}");
        events.push(&stream, (time, time + 900), &id, &message);
    }
    events.sort();
    (source, events)
}

/// The book, and the processor's seconds that it took to take the pages in.
fn filled(pages: &[(usize, LogEvents)]) -> (LogBook, f64) {
    let mut book = LogBook::default();
    let before = worked();
    for (source, events) in pages {
        let reached = events.iter().next_back().map_or(0, |event| event.time);
        book.absorb(*source, events, reached);
    }
    (book, worked() - before)
}

/// Seconds that this thread has had a processor: others on the machine do not count.
fn worked() -> f64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    line.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// Milliseconds of a processor that the slower of two threads takes to sift its half of the book.
fn sifted(book: &LogBook, filter: &str) -> f64 {
    let sifter = Sifter::new(&Arc::new(Filter::parse(filter).unwrap()), book.sources());
    let blocks: Vec<_> = book.blocks().collect();
    let (one, other) = blocks.split_at(blocks.len() / 2);
    let sift = |blocks: &[&Arc<Block>]| {
        let before = worked();
        let kept: usize = blocks.iter().map(|block| sifter.sift(block, 0).len()).sum();
        (kept, (worked() - before) * 1_000.0)
    };
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            std::thread::scope(|threads| {
                let one = threads.spawn(|| sift(one));
                let (other, one) = (sift(other), one.join().unwrap());
                assert!(one.0 + other.0 > 0, "{filter} keeps something");
                one.1.max(other.1)
            })
        })
        .collect();
    percentile(&mut times, 0.5)
}
