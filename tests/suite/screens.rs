//! Ring 3: events in, a screen out.
//!
//! A scene is a file in `tests/snapshots` with two grids: what stands in each cell above, in which role below. The
//! house of a scene is fed as the engine feeds it and driven by keys, so nothing is on screen that could not be.

mod accelerator;
mod alarms;
mod demo;
mod detail;
mod failed;
mod fleet;
mod house;
mod lambda;
mod logs;
mod mouse;
mod operating;
mod overlays;
mod release;
mod runs;
mod sizes;
mod stacks;
mod traffic;
mod watched;
