//! Text that was written to hurt: what of it the SDK lets through.

use super::{cloudformation, sandbox};
use aws_sdk_cloudformation::error::SdkError;

#[tokio::test]
async fn escape_sequences_and_direction_marks_arrive_unharmed() {
    let sandbox = sandbox("hostile").await;
    let client = cloudformation(&sandbox, "us-east-1");
    let mut names = Vec::new();
    let mut pages = client.describe_stacks().into_paginator().send();
    while let Some(page) = pages.next().await {
        names.extend(
            page.unwrap()
                .stacks
                .unwrap_or_default()
                .into_iter()
                .filter_map(|stack| stack.stack_name),
        );
    }
    assert!(
        names.iter().any(|name| name == "escape\u{1b}[31mred"),
        "{names:?}"
    );
    assert!(
        names.iter().any(|name| name.starts_with('\u{202e}')),
        "{names:?}"
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_megabyte_of_text_is_one_stack() {
    let sandbox = sandbox("hostile").await;
    let client = cloudformation(&sandbox, "us-east-1");
    let reply = client
        .describe_stacks()
        .stack_name("a-megabyte")
        .send()
        .await
        .unwrap();
    assert!(reply.stacks()[0].description().unwrap().len() > 1_000_000);
    sandbox.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_text_spoil_the_page_they_are_on() {
    let sandbox = sandbox("hostile").await;
    for region in ["eu-west-1", "us-west-2"] {
        let client = cloudformation(&sandbox, region);
        let mut pages = client.describe_stacks().into_paginator().send();
        let mut spoilt = 0;
        while let Some(page) = pages.next().await {
            match page {
                Ok(_) => {}
                Err(SdkError::ServiceError(error)) if error.raw().status().is_success() => {
                    spoilt += 1;
                }
                Err(other) => panic!("{region}: {other:?}"),
            }
        }
        assert_eq!(spoilt, 1, "{region}");
        let plain = client.describe_stacks().stack_name("plain").send().await;
        assert_eq!(
            plain.unwrap().stacks().len(),
            1,
            "the others can still be asked for by name"
        );
    }
    sandbox.stop().await;
}
