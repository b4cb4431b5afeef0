//! ec2Query: read like query, written with `<item>` and without a result wrapper.
//!
//! EC2 names its XML members otherwise than its API (`Regions` is `regionInfo` on the wire). It never had
//! another protocol, so its service sets the names of the wire.

use super::xml;
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;

pub(super) fn write(operation: &str, output: &Map, request_id: &str) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>{request_id}</requestId>"
    );
    xml::members(&mut out, output, "item");
    out.push_str("</");
    out.push_str(operation);
    out.push_str("Response>");
    out
}

pub(super) fn write_failure(failure: &Failure, request_id: &str) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{}</Code><Message>",
        failure.code
    );
    xml::escape_into(&mut out, &failure.message);
    out.push_str("</Message></Error></Errors><RequestID>");
    out.push_str(request_id);
    out.push_str("</RequestID></Response>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_items_and_no_result_wrapper() {
        let regions = vec![Map::new().with("regionName", "eu-west-1")];
        let body = write(
            "DescribeRegions",
            &Map::new().with("regionInfo", regions),
            "r-1",
        );
        assert!(body.contains(
            "<requestId>r-1</requestId><regionInfo><item><regionName>eu-west-1</regionName></item></regionInfo>"
        ));
        assert!(!body.contains("Result>"));
    }
}
