//! Ring 6: the binary on pipes, in an empty house.

mod bad_input;
mod events;
mod harness;
mod log_lines;
mod logs;
mod pipes;
mod stacks;
