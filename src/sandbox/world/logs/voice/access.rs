//! An API's access log: one line a request, its fields divided by spaces.

use super::{Fate, Said, Unit, one_of};
use crate::sandbox::world::random::Dice;

#[derive(Debug)]
pub(in crate::sandbox::world::logs) struct Access {
    pub(in crate::sandbox::world::logs) service: String,
}

impl Access {
    pub(super) fn speak(&self, unit: &Unit, said: &mut Said) {
        let mut dice = Dice::numbered(unit.seed, 2);
        let status = match unit.fate {
            Fate::Fine | Fate::Slow => match dice.between(0, 100) {
                0..88 => 200,
                88..93 => 201,
                93..97 => 404,
                _ => 400,
            },
            Fate::Failed => 502,
            Fate::TimedOut => 504,
            Fate::Throttled => 429,
            Fate::Exhausted => 503,
        };
        let verb = one_of(&mut dice, &["GET", "GET", "GET", "POST", "PUT"]);
        let user = one_of(&mut dice, &["-", "-", "alice", "bob", "mallory"]);
        let time = chrono::DateTime::from_timestamp_millis(unit.at).unwrap_or_default();
        let line = format!(
            "203.0.113.{} - {user} [{}] \"{verb} /{}/{} HTTP/1.1\" {status} {} {}",
            dice.between(1, 255),
            time.format("%d/%b/%Y:%H:%M:%S +0000"),
            self.service,
            dice.hex(8),
            dice.between(64, 18_000),
            dice.uuid()
        );
        said.push((unit.at, line));
    }
}
