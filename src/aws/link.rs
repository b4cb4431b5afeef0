//! How the house reaches AWS: the real one, the sandbox, or a test's own connector.

use super::{endpoint, http};
use crate::domain::Problem;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::Env;

/// What lies between us and AWS. The default is the real AWS over the network.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Where every request goes instead of AWS: the sandbox's `http://sandbox.test:port`. Every host name then
    /// means this machine.
    pub endpoint: Option<String>,
    /// A connector inside the process, for tests; it replaces the shared pool.
    pub http: Option<SharedHttpClient>,
}

impl Link {
    /// A connector with so many connections to a host.
    pub(super) fn connector(&self, connections: usize) -> Result<SharedHttpClient, Problem> {
        match (&self.http, &self.endpoint) {
            (Some(own), _) => Ok(own.clone()),
            (None, Some(_)) => http::loopback(connections),
            (None, None) => {
                endpoint::check(&Env::real())?;
                http::internet(&Env::real(), connections)
            }
        }
    }
}
