//! Whether an XML answer is all there.
//!
//! The SDK's XML reader takes the end of the text for the end of every open element: an answer cut off by a
//! proxy becomes a shorter list, and stacks would vanish from the screen as if they had been deleted. So an
//! answer counts only when its root element is closed. HTTP notices most cuts, but not those of a middle box
//! that corrects the length.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::fmt;

/// The interceptor that looks at every answer that could be read.
#[derive(Debug)]
pub(super) struct Whole;

#[dyn_dispatch_hint]
impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "Whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        if context.output_or_error().is_ok() && !is_closed(&String::from_utf8_lossy(body)) {
            return Err(CutOff.into());
        }
        Ok(())
    }
}

/// An answer without its end.
#[derive(Debug)]
pub(super) struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the answer ends before its root element does")
    }
}

impl std::error::Error for CutOff {}

/// Whether the document ends with the end of the element it begins with.
fn is_closed(document: &str) -> bool {
    let document = document.trim();
    let root = document
        .split('<')
        .find(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    let Some(root) = root else { return false };
    let name: &str = root
        .split(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .next()
        .unwrap_or_default();
    let is_empty_element = root.ends_with("/>") && document.ends_with(root);
    is_empty_element || document.ends_with(&format!("</{name}>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_closed_root_is_whole() {
        for (document, expected) in [
            ("<A><B>1</B></A>", true),
            (
                "<?xml version=\"1.0\"?>\n<!-- x --><A xmlns=\"u\"><B/></A>\n",
                true,
            ),
            ("<A/>", true),
            ("<A xmlns=\"u\"/>", true),
            ("<A><B>1</B>", false),
            ("<A><B/>", false),
            ("<A><B>1</B></A", false),
            ("<A", false),
            ("", false),
        ] {
            assert_eq!(is_closed(document), expected, "{document}");
        }
    }
}
