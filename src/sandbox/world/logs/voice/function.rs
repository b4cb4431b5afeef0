//! A Lambda function: START, what the code says, END, and the REPORT with its figures.

use super::application::Persona;
use super::{Fate, Said, Unit, trouble};
use crate::sandbox::world::function::Runtime;
use crate::sandbox::world::random::Dice;

#[derive(Debug)]
pub(in crate::sandbox::world::logs) struct Function {
    pub(in crate::sandbox::world::logs) persona: Persona,
    pub(in crate::sandbox::world::logs) region: String,
    /// In megabytes.
    pub(in crate::sandbox::world::logs) memory: i64,
    /// In milliseconds.
    pub(in crate::sandbox::world::logs) timeout: i64,
}

/// How long an environment takes to come up at the most, in milliseconds.
const LONGEST_INIT: i64 = 1_400;

impl Function {
    pub(super) fn takes(&self, fate: Fate, seed: u64) -> i64 {
        LONGEST_INIT + self.duration(fate, seed) / 1_000
    }

    /// In microseconds: REPORT says hundredths of a millisecond.
    fn duration(&self, fate: Fate, seed: u64) -> i64 {
        let mut dice = Dice::numbered(seed, 1);
        match fate {
            Fate::Fine => dice.between(1_300, 260_000),
            Fate::Slow => dice.between(1_200_000, 6_000_000).min(self.timeout * 900),
            Fate::Failed => dice.between(2_000, 900_000),
            Fate::Throttled => dice.between(1_500_000, 4_000_000).min(self.timeout * 900),
            Fate::TimedOut => self.timeout * 1_000,
            Fate::Exhausted => dice.between(900_000, 2_900_000).min(self.timeout * 900),
        }
    }

    pub(super) fn speak(&self, unit: &Unit, said: &mut Said) {
        let mut dice = Dice::numbered(unit.seed, 2);
        let id = dice.uuid();
        let mut at = unit.at;
        let mut init = None;
        if unit.first {
            let took = dice.between(140_000, LONGEST_INIT * 1_000);
            said.push((at, self.init_start(&mut dice)));
            at += took / 1_000;
            init = Some(took);
        }
        let duration = self.duration(unit.fate, unit.seed);
        let end = at + duration / 1_000;
        said.push((at, format!("START RequestId: {id} Version: $LATEST\n")));
        self.persona.work(&id, at..end, unit.fate, &mut dice, said);
        match unit.fate {
            Fate::Fine | Fate::Slow | Fate::Exhausted => {}
            Fate::Failed => {
                said.push((end, trouble::unhandled(&self.persona, &id, end, &mut dice)));
            }
            Fate::Throttled => {
                said.push((end, trouble::throttled(&self.persona, &id, end, &mut dice)));
            }
            Fate::TimedOut => {
                let (stamp, seconds) = (super::stamp(end), self.timeout / 1_000);
                let line = format!("{stamp} {id} Task timed out after {seconds}.00 seconds\n\n");
                said.push((end, line));
            }
        }
        said.push((end, format!("END RequestId: {id}\n")));
        said.push((end, self.report(&id, duration, init, unit.fate, &mut dice)));
        if unit.fate == Fate::Exhausted {
            said.push((end, trouble::killed(&id)));
        }
    }

    fn init_start(&self, dice: &mut Dice) -> String {
        let runtime = version(self.persona.runtime);
        let arn = format!("arn:aws:lambda:{}::runtime:{}", self.region, dice.hex(64));
        format!("INIT_START Runtime Version: {runtime}\tRuntime Version ARN: {arn}\n")
    }

    fn report(
        &self,
        id: &str,
        duration: i64,
        init: Option<i64>,
        fate: Fate,
        dice: &mut Dice,
    ) -> String {
        let used = match fate {
            Fate::Exhausted => self.memory,
            _ => self.memory * dice.between(31, 74) / 100,
        };
        let billed = (duration + init.unwrap_or(0) + 999) / 1_000;
        let init = init.map_or_else(String::new, |init| {
            format!("Init Duration: {} ms\t", hundredths(init))
        });
        let status = match fate {
            Fate::TimedOut => "Status: timeout",
            Fate::Exhausted => "Status: error\tError Type: Runtime.OutOfMemory",
            Fate::Fine | Fate::Slow | Fate::Failed | Fate::Throttled => "",
        };
        format!(
            "REPORT RequestId: {id}\tDuration: {} ms\tBilled Duration: {billed} ms\tMemory Size: {} MB\t\
             Max Memory Used: {used} MB\t{init}{status}\n",
            hundredths(duration),
            self.memory
        )
    }
}

/// Microseconds as milliseconds with two places.
fn hundredths(micros: i64) -> String {
    format!("{}.{:02}", micros / 1_000, micros % 1_000 / 10)
}

/// What `INIT_START` calls a runtime.
fn version(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::Node => "nodejs:22.v58",
        Runtime::Python => "python:3.13.v72",
        Runtime::Java => "java:21.v49",
    }
}
