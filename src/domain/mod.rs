//! The nouns: what an operator talks about, as plain values.
//!
//! Everything here is pure. No I/O, no async, no clock, no terminal and no AWS SDK type enters this room, so
//! every rule in it can be tested with a table of cases. Text that came from outside is [`Untrusted`] from the
//! moment it arrives; nothing else in the house needs to remember that.

pub mod accelerator;
pub mod alarm;
mod as_text;
pub mod axis;
pub mod balancer;
pub mod bill;
pub mod change_set;
pub mod drift;
pub mod event;
pub mod finding;
pub mod fleet;
pub mod function;
pub mod gravity;
pub mod invocation;
pub mod json;
pub mod log;
pub mod metric;
pub mod operation;
pub mod outlier;
pub mod parameter;
pub mod problem;
pub mod project;
pub mod resource;
pub mod scope;
pub mod series;
pub mod slot;
pub mod stack;
pub mod status;
pub mod store;
pub mod template;
pub mod time;
pub mod topic;
pub mod traffic;
pub mod unit;
pub mod untrusted;
pub mod version;
pub mod vigil;
pub mod vitals;

pub use accelerator::{
    Accelerator, AcceleratorArn, AcceleratorStatus, Attachment, Endpoint, EndpointGroup,
    EndpointKind, GroupHealth, Health, HealthCheck, Listener, Routing, Switch,
};
pub use alarm::{Alarm, AlarmKind, AlarmState, AlarmTransition, Sight, Watch};
pub use axis::{Axis, Floor, TimeAxis, TimeTick};
pub use balancer::{Balancer, Target, TargetGroup, TargetHealth};
pub use bill::{Bill, Dollars, Spending};
pub use change_set::{Change, ChangeSet};
pub use drift::{Difference, DriftStatus, ResourceDrift};
pub use event::{StackEvent, root_cause};
pub use finding::{Finding, findings};
pub use fleet::{
    Access, Account, Credentials, Fleet, Guard, Hook, LambdaRules, Occasion, RegionChoice,
    SpendingCap, Told,
};
pub use function::{
    Alias, Concurrency, EventSource, Function, FunctionState, FunctionVersion, LambdaLimits,
    Package, Provisioned, UpdateStatus,
};
pub use gravity::Gravity;
pub use invocation::{Invocation, Invoked};
pub use log::{ErrorLine, Hole, LastErrors, LogEvent, LogEvents, LogGroup, LogSource, Search};
pub use log::{QueryResults, QueryStatistics, QueryStatus, QueryTable};
pub use metric::{Extent, Grain, Last, Measure, MetricId, Metrics, Subject};
pub use parameter::SsmParameter;
pub use problem::{Kind, Problem, Reach};
pub use project::Project;
pub use resource::StackResource;
pub use scope::{AccountName, Place, Region, Scope};
pub use series::{Fold, Series};
pub use slot::{Failing, Freshness, Good, Slot};
pub use stack::{Output, Parameter, Stack, StackId, Tag};
pub use status::{Phase, StackStatus};
pub use store::{Attempt, Store};
pub use template::Template;
pub use time::{Clock, Timestamp};
pub use topic::{Identity, KnownRegion, Reading, Topic};
pub use traffic::{Course, Departure, Load, Lookback, Remaining, Remark, departure};
pub use unit::Unit;
pub use untrusted::Untrusted;
pub use version::VersionRule;
pub use vigil::{Sighting, Since, Turn, Vigil};
pub use vitals::{Activity, Vitals};
