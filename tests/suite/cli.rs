//! Ring 6: the binary on pipes, in an empty house.

mod bad_input;
mod events;
mod harness;
mod logs;
mod pipes;
mod stacks;
