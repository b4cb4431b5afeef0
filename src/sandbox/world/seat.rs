//! Seats of which an account has only so many in a region.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Taken = BTreeMap<(String, String), usize>;

/// How many are taken, by account and region.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Seats(Arc<Mutex<Taken>>);

/// One that is taken; free again when dropped.
#[derive(Debug)]
pub(in crate::sandbox) struct Seat {
    seats: Seats,
    place: (String, String),
}

impl Seats {
    /// A seat, unless `most` are taken.
    pub(in crate::sandbox) fn take(
        &self,
        account: &str,
        region: &str,
        most: usize,
    ) -> Option<Seat> {
        let place = (account.to_owned(), region.to_owned());
        let mut taken = self.taken();
        let count = taken.entry(place.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Seat {
            seats: self.clone(),
            place,
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(count) = self.seats.taken().get_mut(&self.place) {
            *count -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_somebody_leaves_it() {
        let seats = Seats::default();
        let first = seats.take("prod", "eu-west-1", 2);
        let second = seats.take("prod", "eu-west-1", 2);
        assert!(first.is_some() && second.is_some());
        assert!(seats.take("prod", "eu-west-1", 2).is_none());
        assert!(
            seats.take("prod", "us-east-1", 2).is_some(),
            "counted apart"
        );
        drop(first);
        assert!(seats.take("prod", "eu-west-1", 2).is_some());
    }
}
