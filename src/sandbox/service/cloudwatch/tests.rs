//! Rates.

use super::per_second;

#[test]
fn the_rates_are_those_that_aws_publishes() {
    assert_eq!(per_second("GetMetricData"), Some(500.0));
    assert_eq!(per_second("DescribeAlarms"), Some(9.0));
    assert_eq!(per_second("Nothing"), None);
}
