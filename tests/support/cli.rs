//! Command-line runs: the binary on pipes, in an empty house, and what it said.
