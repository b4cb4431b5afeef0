//! Where the operations of REST services are: verb, path, and what of the input and the answer is written
//! elsewhere than in a JSON body.

use super::query;

/// An operation that is found by verb and path.
pub(super) struct Route {
    pub(super) method: &'static str,
    /// A part in braces is a member of the input; a slash at the end does not matter.
    path: &'static str,
    pub(super) operation: &'static str,
    /// Headers and query parameters that are members of the input: (name on the wire, member).
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) parameters: &'static [(&'static str, &'static str)],
    /// Query parameters that are lists, written once for each item.
    pub(super) lists: &'static [(&'static str, &'static str)],
    /// The member that the body is, in the question and in the answer, instead of JSON.
    pub(super) payload: Option<&'static str>,
    /// The status of an answer, and the member that says another.
    pub(super) status: u16,
    pub(super) status_member: Option<&'static str>,
    /// Members of the answer that are headers: (member, name on the wire).
    pub(super) answered: &'static [(&'static str, &'static str)],
}

const fn route(method: &'static str, path: &'static str, operation: &'static str) -> Route {
    Route {
        method,
        path,
        operation,
        headers: &[],
        parameters: &[],
        lists: &[],
        payload: None,
        status: 200,
        status_member: None,
        answered: &[],
    }
}

const PAGED: &[(&str, &str)] = &[("MaxItems", "MaxItems"), ("Marker", "Marker")];
const QUALIFIED: &[(&str, &str)] = &[("Qualifier", "Qualifier")];

pub(super) const ROUTES: &[Route] = &[
    route("POST", "/listRegions", "ListRegions"),
    Route {
        headers: &[("x-amz-sso_bearer_token", "accessToken")],
        parameters: &[("role_name", "roleName"), ("account_id", "accountId")],
        ..route("GET", "/federation/credentials", "GetRoleCredentials")
    },
    route("POST", "/token", "CreateToken"),
    // --- Lambda
    Route {
        parameters: &[
            ("MaxItems", "MaxItems"),
            ("Marker", "Marker"),
            ("FunctionVersion", "FunctionVersion"),
        ],
        ..route("GET", "/2015-03-31/functions", "ListFunctions")
    },
    Route {
        parameters: QUALIFIED,
        ..route("GET", "/2015-03-31/functions/{FunctionName}", "GetFunction")
    },
    Route {
        parameters: QUALIFIED,
        ..route(
            "GET",
            "/2015-03-31/functions/{FunctionName}/configuration",
            "GetFunctionConfiguration",
        )
    },
    Route {
        parameters: PAGED,
        ..route(
            "GET",
            "/2015-03-31/functions/{FunctionName}/versions",
            "ListVersionsByFunction",
        )
    },
    Route {
        status: 201,
        ..route(
            "POST",
            "/2015-03-31/functions/{FunctionName}/versions",
            "PublishVersion",
        )
    },
    Route {
        parameters: &[
            ("MaxItems", "MaxItems"),
            ("Marker", "Marker"),
            ("FunctionVersion", "FunctionVersion"),
        ],
        ..route(
            "GET",
            "/2015-03-31/functions/{FunctionName}/aliases",
            "ListAliases",
        )
    },
    Route {
        status: 201,
        ..route(
            "POST",
            "/2015-03-31/functions/{FunctionName}/aliases",
            "CreateAlias",
        )
    },
    route(
        "GET",
        "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
        "GetAlias",
    ),
    route(
        "PUT",
        "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
        "UpdateAlias",
    ),
    Route {
        headers: &[
            ("x-amz-invocation-type", "InvocationType"),
            ("x-amz-log-type", "LogType"),
            ("x-amz-client-context", "ClientContext"),
        ],
        parameters: QUALIFIED,
        payload: Some("Payload"),
        status_member: Some("StatusCode"),
        answered: &[
            ("FunctionError", "x-amz-function-error"),
            ("LogResult", "x-amz-log-result"),
            ("ExecutedVersion", "x-amz-executed-version"),
        ],
        ..route(
            "POST",
            "/2015-03-31/functions/{FunctionName}/invocations",
            "Invoke",
        )
    },
    Route {
        parameters: &[
            ("MaxItems", "MaxItems"),
            ("Marker", "Marker"),
            ("FunctionName", "FunctionName"),
            ("EventSourceArn", "EventSourceArn"),
        ],
        ..route(
            "GET",
            "/2015-03-31/event-source-mappings",
            "ListEventSourceMappings",
        )
    },
    route(
        "GET",
        "/2019-09-30/functions/{FunctionName}/concurrency",
        "GetFunctionConcurrency",
    ),
    route(
        "PUT",
        "/2017-10-31/functions/{FunctionName}/concurrency",
        "PutFunctionConcurrency",
    ),
    Route {
        status: 204,
        ..route(
            "DELETE",
            "/2017-10-31/functions/{FunctionName}/concurrency",
            "DeleteFunctionConcurrency",
        )
    },
    Route {
        parameters: PAGED,
        ..route(
            "GET",
            "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
            "ListProvisionedConcurrencyConfigs",
        )
    },
    route("GET", "/2016-08-19/account-settings", "GetAccountSettings"),
    route("GET", "/2017-03-31/tags/{Resource}", "ListTags"),
    Route {
        status: 204,
        ..route("POST", "/2017-03-31/tags/{Resource}", "TagResource")
    },
    Route {
        status: 204,
        lists: &[("tagKeys", "TagKeys")],
        ..route("DELETE", "/2017-03-31/tags/{Resource}", "UntagResource")
    },
];

impl Route {
    /// The members in the path, if the path is this route's.
    pub(super) fn labels(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let (mut own, mut asked) = (self.path.split('/'), path.trim_end_matches('/').split('/'));
        let mut labels = Vec::new();
        loop {
            match (own.next(), asked.next()) {
                (None, None) => return Some(labels),
                (Some(part), Some(found)) => {
                    let label = part
                        .strip_prefix('{')
                        .and_then(|rest| rest.strip_suffix('}'));
                    match label {
                        Some(name) => labels.push((name, query::percent_decode(found)?)),
                        None if part == found => {}
                        None => return None,
                    }
                }
                (Some(_), None) | (None, Some(_)) => return None,
            }
        }
    }
}
