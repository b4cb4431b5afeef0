//! CloudWatch Logs.

mod insights;
