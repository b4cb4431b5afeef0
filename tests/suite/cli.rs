//! Ring 6: the binary on pipes, in an empty house.

mod harness;
