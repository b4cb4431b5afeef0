//! The workers. Owns every task, every retry and every deadline.

pub mod message;
