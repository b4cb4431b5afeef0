//! What metrics have cost in the last hour, held against the cap.
//!
//! The rule: no hour, whenever it begins, costs more than the cap. From four fifths of it on everything is asked half as
//! often, and what the rest does not pay for is not asked at all.

use crate::domain::{Bill, Dollars, Spending};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// Shared by every scope: the cap is the fleet's.
#[derive(Debug)]
pub(super) struct Ledger {
    cap: Dollars,
    book: Mutex<Book>,
}

#[derive(Debug)]
struct Book {
    opened: Instant,
    /// By the minute in which they were asked, oldest first.
    entries: VecDeque<Entry>,
    /// Agreed to, and not yet asked.
    promised: u64,
    /// The price of what was refused last. Until it can be paid nothing is, or small requests would take the place of
    /// a large one for ever.
    refused: u64,
}

#[derive(Debug)]
struct Entry {
    since: Instant,
    calls: u64,
    metrics: u64,
}

impl Ledger {
    pub(super) fn new(cap: Dollars) -> Self {
        Self {
            cap,
            book: Mutex::new(Book {
                opened: Instant::now(),
                entries: VecDeque::new(),
                promised: 0,
                refused: 0,
            }),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the price of one more request aside, if the cap allows it.
    pub(super) fn allow(&self, metrics: u64) -> Result<Promise<'_>, Bill> {
        let mut book = self.book();
        book.forget(Instant::now());
        if !self.can_pay(&book, metrics.max(book.refused)) {
            book.refused = metrics.max(book.refused);
            return Err(self.bill_of(&book));
        }
        book.refused = 0;
        book.promised += metrics;
        Ok(Promise {
            ledger: self,
            metrics,
            requests: 1,
        })
    }

    fn can_pay(&self, book: &Book, metrics: u64) -> bool {
        Dollars::of_metrics(book.metrics() + book.promised + metrics) <= self.cap
    }

    /// How often to ask at present.
    pub(super) fn spending(&self) -> Spending {
        let mut book = self.book();
        book.forget(Instant::now());
        self.spending_of(&book)
    }

    fn spending_of(&self, book: &Book) -> Spending {
        let spent = Dollars::of_metrics(book.metrics());
        if book.refused > 0 && !self.can_pay(book, book.refused) {
            Spending::Stopped
        } else if spent.in_millionths() * 5 >= self.cap.in_millionths() * 4 {
            Spending::Stretched
        } else {
            Spending::AsWished
        }
    }

    fn bill_of(&self, book: &Book) -> Bill {
        let metrics = book.metrics();
        Bill {
            calls: book.entries.iter().map(|entry| entry.calls).sum(),
            metrics,
            hourly: Dollars::of_metrics(metrics * 60 / book.minutes()),
            cap: self.cap,
            spending: self.spending_of(book),
        }
    }
}

/// The price of a request that is about to be made.
///
/// Dropped, it is written down as asked once: nobody knows whether a request that was given up has been answered.
#[derive(Debug)]
pub(super) struct Promise<'l> {
    ledger: &'l Ledger,
    metrics: u64,
    requests: u32,
}

impl Promise<'_> {
    /// Writes down how many requests were answered in the end.
    pub(super) fn settle(mut self, requests: u32) -> Bill {
        self.requests = requests;
        let ledger = self.ledger;
        drop(self);
        ledger.bill_of(&ledger.book())
    }
}

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        let mut book = self.ledger.book();
        let now = Instant::now();
        book.promised = book.promised.saturating_sub(self.metrics);
        let requests = u64::from(self.requests);
        book.write(now, requests, self.metrics * requests);
        book.forget(now);
    }
}

impl Book {
    fn metrics(&self) -> u64 {
        self.entries.iter().map(|entry| entry.metrics).sum()
    }

    /// How many minutes of the last hour have been written about, the present one included.
    fn minutes(&self) -> u64 {
        (self.opened.elapsed().min(HOUR).as_secs().div_ceil(60)).clamp(1, 60)
    }

    fn write(&mut self, now: Instant, calls: u64, metrics: u64) {
        if calls == 0 {
            return;
        }
        match self.entries.back_mut() {
            Some(entry) if now - entry.since < MINUTE => {
                entry.calls += calls;
                entry.metrics += metrics;
            }
            _ => self.entries.push_back(Entry {
                since: now,
                calls,
                metrics,
            }),
        }
    }

    /// Drops what was asked more than an hour ago. An entry counts for the whole of its minute.
    fn forget(&mut self, now: Instant) {
        while self
            .entries
            .front()
            .is_some_and(|entry| now - entry.since >= HOUR + MINUTE)
        {
            self.entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(ledger: &Ledger, metrics: u64) -> Result<Bill, Bill> {
        Ok(ledger.allow(metrics)?.settle(1))
    }

    #[tokio::test(start_paused = true)]
    async fn the_meter_tells_the_hour_from_the_first_minute_on() {
        let ledger = Ledger::new(Dollars::of_metrics(100_000));
        let mut bill = ask(&ledger, 170).unwrap();
        assert_eq!(bill.hourly, Dollars::of_metrics(170 * 60));
        for _ in 0..90 {
            tokio::time::advance(MINUTE).await;
            bill = ask(&ledger, 170).unwrap();
        }
        let exact = Dollars::of_metrics(170 * 60).in_millionths();
        let told = bill.hourly.in_millionths();
        assert!(told.abs_diff(exact) * 20 <= exact, "{told} of {exact}");
        assert_eq!(bill.spending, Spending::AsWished);
    }

    #[tokio::test(start_paused = true)]
    async fn no_hour_costs_more_than_the_cap() {
        let ledger = Ledger::new(Dollars::of_metrics(1_000));
        let mut asked: Vec<(Duration, u64)> = Vec::new();
        let began = Instant::now();
        let mut stretched = 0;
        while began.elapsed() < HOUR * 4 {
            match ask(&ledger, 30) {
                Ok(bill) => {
                    asked.push((began.elapsed(), 30));
                    stretched += u32::from(bill.spending == Spending::Stretched);
                }
                Err(bill) => assert_eq!(bill.spending, Spending::Stopped),
            }
            tokio::time::advance(Duration::from_secs(40)).await;
        }
        assert!(stretched > 0);
        for (from, _) in &asked {
            let within = asked
                .iter()
                .filter(|(at, _)| at >= from && *at < *from + HOUR);
            let spent: u64 = within.map(|(_, metrics)| metrics).sum();
            assert!(spent <= 1_000, "{spent} from {from:?} on");
        }
        let last_hour = asked.iter().filter(|(at, _)| *at >= HOUR * 3).count();
        assert!(last_hour > 25, "it goes on when the hour has moved on");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_on_its_way_counts() {
        let ledger = Ledger::new(Dollars::of_metrics(100));
        let refused = ledger.allow(60).unwrap();
        assert!(ledger.allow(60).is_err());
        assert_eq!(refused.settle(0).metrics, 0);
        drop(ledger.allow(60).unwrap());
        let bill = ledger.allow(60).unwrap_err();
        assert_eq!((bill.calls, bill.metrics), (1, 60), "given up on its way");
    }
}
