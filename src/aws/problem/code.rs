//! What AWS's error codes mean. Services name the same thing differently; this is the list that matters.

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Denied,
    Expired,
    Throttled,
    NotRecognized,
    Missing,
    Invalid,
    Server,
}

/// Reads a code, and the status and message where the code alone does not decide.
pub(super) fn verdict(status: u16, code: &str, message: &str) -> Verdict {
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        | "NotAuthorizedException"
        | "AuthorizationError"
        | "AuthorizationErrorException"
        | "InsufficientPrivilegesException" => Verdict::Denied,

        // EC2 says "RequestExpired" for ended credentials.
        "ExpiredToken"
        | "RequestExpired"
        | "ExpiredTokenException"
        | "TokenRefreshRequired"
        | "UnauthorizedException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => Verdict::Expired,

        // "LimitExceededException" is not here although the SDK retries it: for CloudFormation it means that
        // the account is full, and waiting does not help.
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "Throttled"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequests"
        | "TooManyRequestsException"
        | "BandwidthLimitExceeded"
        | "ProvisionedThroughputExceededException"
        | "PriorRequestNotComplete"
        | "EC2ThrottledException"
        | "SlowDown" => Verdict::Throttled,

        // A region that the account has not enabled knows no token of the account; it cannot be told apart
        // from a wrong key. A signature that does not match in time means a wrong secret.
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "AuthFailure"
        | "InvalidAccessKeyId"
        | "InvalidSecurity"
        | "InvalidToken"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "OptInRequired"
        | "OptInRequiredException"
        | "SubscriptionRequiredException"
        | "RegionDisabledException" => Verdict::NotRecognized,

        "ResourceNotFoundException"
        | "NotFoundException"
        | "ChangeSetNotFound"
        | "ChangeSetNotFoundException"
        | "StackNotFoundException"
        | "AcceleratorNotFoundException"
        | "ListenerNotFoundException"
        | "EndpointGroupNotFoundException"
        | "ServiceNotFoundException"
        | "ClusterNotFoundException"
        | "ObjectNotFoundException"
        | "InvalidInstanceID.NotFound"
        | "DBInstanceNotFound"
        | "DBInstanceNotFoundFault"
        | "DBClusterNotFoundFault"
        | "NoSuchBucket"
        | "LoadBalancerNotFound"
        | "TargetGroupNotFound" => Verdict::Missing,

        // CloudFormation has no code for a missing stack, only this sentence.
        "ValidationError" | "ValidationException" if message.contains("does not exist") => {
            Verdict::Missing
        }

        _ if status == 429 => Verdict::Throttled,
        _ if status >= 500 => Verdict::Server,
        _ => Verdict::Invalid,
    }
}

/// The action in "User: … is not authorized to perform: cloudformation:DescribeStacks on resource: …".
pub(super) fn denied_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let action = rest.split([' ', ',']).next()?.trim_end_matches('.');
    let is_action = action.contains(':')
        && action.len() <= 80
        && action
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'*'));
    is_action.then_some(action)
}

/// Which policy denies it, when AWS says that one does so explicitly.
pub(super) fn denying_policy(message: &str) -> Option<&'static str> {
    [
        (
            "explicit deny in a service control policy",
            "a service control policy",
        ),
        (
            "explicit deny in a resource control policy",
            "a resource control policy",
        ),
        (
            "explicit deny in a permissions boundary",
            "a permissions boundary",
        ),
        ("explicit deny in a session policy", "a session policy"),
        (
            "explicit deny in an identity-based policy",
            "an identity-based policy",
        ),
        (
            "explicit deny in a VPC endpoint policy",
            "a VPC endpoint policy",
        ),
    ]
    .into_iter()
    .find(|(phrase, _)| message.contains(phrase))
    .map(|(_, policy)| policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        for (status, code, message, expected) in [
            (403, "AccessDenied", "", Verdict::Denied),
            (400, "AccessDeniedException", "", Verdict::Denied),
            (403, "UnauthorizedOperation", "", Verdict::Denied),
            (403, "ExpiredToken", "", Verdict::Expired),
            (400, "RequestExpired", "", Verdict::Expired),
            (400, "ExpiredTokenException", "", Verdict::Expired),
            (400, "Throttling", "Rate exceeded", Verdict::Throttled),
            (400, "ThrottlingException", "", Verdict::Throttled),
            (503, "RequestLimitExceeded", "", Verdict::Throttled),
            (429, "Anything", "", Verdict::Throttled),
            (503, "SlowDown", "", Verdict::Throttled),
            (400, "LimitExceededException", "", Verdict::Invalid),
            (403, "InvalidClientTokenId", "", Verdict::NotRecognized),
            (
                400,
                "UnrecognizedClientException",
                "",
                Verdict::NotRecognized,
            ),
            (401, "AuthFailure", "", Verdict::NotRecognized),
            (
                400,
                "ValidationError",
                "Stack with id x does not exist",
                Verdict::Missing,
            ),
            (
                400,
                "ValidationError",
                "Template format error",
                Verdict::Invalid,
            ),
            (404, "ChangeSetNotFound", "", Verdict::Missing),
            (500, "InternalFailure", "", Verdict::Server),
            (503, "ServiceUnavailable", "", Verdict::Server),
            (400, "Unheard", "", Verdict::Invalid),
        ] {
            assert_eq!(verdict(status, code, message), expected, "{status} {code}");
        }
    }

    #[test]
    fn the_action_is_read_from_the_sentence_and_nothing_else_is() {
        for (message, expected) in [
            (
                "User: arn:aws:sts::1:assumed-role/Read/ada is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-west-1:1:stack/* because no identity-based policy allows it",
                Some("cloudformation:DescribeStacks"),
            ),
            (
                "User: x is not authorized to perform: iam:PassRole.",
                Some("iam:PassRole"),
            ),
            ("You are not authorized to perform this operation.", None),
            ("not authorized to perform: \u{1b}[2J:x", None),
            ("", None),
        ] {
            assert_eq!(denied_action(message), expected, "{message}");
        }
    }
}
