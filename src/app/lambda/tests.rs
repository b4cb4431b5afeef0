//! Rows, their order, and what is asked for.
