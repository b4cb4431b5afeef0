//! A container's output: one event a line, either as it was written or wrapped by the cluster's agent.

use super::application::{Level, Persona, Remark};
use super::{Fate, Said, Unit, trouble};
use crate::sandbox::world::random::Dice;

#[derive(Debug)]
pub(in crate::sandbox::world::logs) struct Container {
    pub(in crate::sandbox::world::logs) persona: Persona,
    pub(in crate::sandbox::world::logs) wrapping: Wrapping,
}

/// What stands around a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox::world::logs) enum Wrapping {
    /// Nothing: what the `awslogs` driver of ECS sends.
    Bare,
    /// The JSON of Container Insights, for the pods of a cluster.
    Pod { region: String },
}

impl Container {
    pub(super) fn takes(fate: Fate, seed: u64) -> i64 {
        let mut dice = Dice::numbered(seed, 1);
        match fate {
            Fate::Fine => dice.between(2, 240),
            Fate::Slow | Fate::Failed | Fate::Throttled => dice.between(400, 3_000),
            Fate::TimedOut => 10_000,
            Fate::Exhausted => dice.between(500, 1_500),
        }
    }

    pub(super) fn speak(&self, unit: &Unit, said: &mut Said) {
        let mut dice = Dice::numbered(unit.seed, 2);
        let id = dice.uuid();
        let end = unit.at + unit.takes;
        if unit.first {
            said.push((
                unit.at,
                self.remark(Level::Info, "listening on :8080", &id, unit.at),
            ));
        }
        self.persona
            .work(&id, unit.at..end, unit.fate, &mut dice, said);
        match unit.fate {
            Fate::Fine | Fate::Slow => {}
            Fate::Failed => {
                let lines = trouble::unhandled_lines(&self.persona, &id, end, &mut dice);
                said.extend(lines.into_iter().map(|line| (end, line)));
            }
            Fate::Throttled => {
                said.push((end, trouble::throttled(&self.persona, &id, end, &mut dice)));
            }
            Fate::TimedOut => {
                let sentence = "request gave up after 10000 ms: context deadline exceeded";
                said.push((end, self.remark(Level::Error, sentence, &id, end)));
            }
            Fate::Exhausted => {
                let sentence = "exit status 137: the container ran out of memory and was killed";
                said.push((end, self.remark(Level::Error, sentence, &id, end)));
            }
        }
        for (at, line) in said.iter_mut() {
            let bare = line.trim_end();
            *line = match &self.wrapping {
                Wrapping::Bare => bare.to_owned(),
                Wrapping::Pod { region } => self.in_a_pod(bare, *at, unit, region),
            };
        }
    }

    fn remark(&self, level: Level, sentence: &str, id: &str, at: i64) -> String {
        let remark = Remark {
            level,
            message: sentence.to_owned(),
            members: format!("\"pid\":{}", 1 + at % 40),
        };
        self.persona.written(&remark, id, at)
    }

    fn in_a_pod(&self, line: &str, at: i64, unit: &Unit, region: &str) -> String {
        let service = &self.persona.service;
        let text = serde_json::Value::from(line);
        format!(
            "{{\"time\":\"{}\",\"stream\":\"stdout\",\"_p\":\"F\",\"log\":{text},\"kubernetes\":{{\
             \"pod_name\":\"{service}-{:x}-{}\",\"namespace_name\":\"{service}\",\"container_name\":\"main\",\
             \"host\":\"ip-10-40-{}-{}.{region}.compute.internal\"}}}}",
            super::stamp(at),
            0x7c9f_0000 + unit.lane,
            ["k7x2p", "m4q9z", "t8w5d", "b3n6h", "r2v7j", "f5c1s"]
                .get(usize::try_from(unit.lane).unwrap_or(0))
                .unwrap_or(&"k7x2p"),
            10 + unit.lane,
            40 + unit.lane * 7,
        )
    }

    pub(super) fn stream_name(&self, dice: &mut Dice) -> String {
        let service = &self.persona.service;
        match &self.wrapping {
            Wrapping::Bare => format!("app/{service}/{}", dice.hex(32)),
            Wrapping::Pod { region } => format!(
                "ip-10-40-{}-{}.{region}.compute.internal-application.var.log.containers.{service}-{}-{}_{service}_main-{}.log",
                dice.between(8, 40),
                dice.between(2, 250),
                dice.hex(9),
                dice.hex(5),
                dice.hex(64)
            ),
        }
    }
}
