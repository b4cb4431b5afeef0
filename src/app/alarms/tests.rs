//! Rows, identity, what is asked for, and what leads where.
