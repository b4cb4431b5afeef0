//! The rules that plans are made by: what may be done in which state, which steps that takes, and what has to be said
//! and asked before. Pure: whoever plans asks AWS, and these say what follows from the answers.

mod consent;
#[cfg(test)]
mod inverse;
mod losses;
mod memory;
mod names;
mod policy;
mod rollback;
mod settings;
mod shift;
mod start;
mod stop;
mod traffic;
mod ways;

pub use consent::{Stake, Target, consent, reversal, targets};
pub use losses::{destroys, holds_data, losses, stateful};
pub use memory::{Kept, Memory};
pub use names::{expand, partition};
pub use policy::StackPolicy;
pub use rollback::{never_stable, skippable};
pub use settings::{Settings, settings, tags};
pub use shift::{earlier, steps as shifts};
pub use start::{StartPlan, start};
pub use stop::{StopPlan, is_protected, stop, thing_of};
pub use traffic::{departs, dialled, drain, weighed, without};
pub use ways::{BackWay, DeployWay, back_way, deploy_way, halt_way};
