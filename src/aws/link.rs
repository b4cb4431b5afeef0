//! How the house reaches AWS: the real one, the sandbox, or a test's own connector.

use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// What lies between us and AWS. The default is the real AWS over the network.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Where every request goes instead of AWS: the sandbox's `http://sandbox.test:port`. Every host name then
    /// resolves to the loopback address, because some operations put a prefix before the host.
    pub endpoint: Option<String>,
    /// A connector inside the process, for tests; it replaces the shared pool.
    pub http: Option<SharedHttpClient>,
}
