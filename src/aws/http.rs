//! The HTTP connector of the fleet: a bounded pool of connections that every account and region shares, and a
//! second one for streams, which would take places in it for hours.
//!
//! One client per region and account would open hundreds of sockets and load the root certificates for each.
//! The pool bounds connections per host, so a slow region fills only its own share.

use super::ca_bundle;
use crate::domain::untrusted::sanitise;
use crate::domain::{Kind, Problem};
use aws_smithy_http_client::pool;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::shared::IntoShared;
use aws_types::os_shim_internal::Env;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// Twice what the governor lets through to one region at a time, so that the pool is never what waits.
pub(super) const QUESTIONS: usize = 8;

/// A session holds its connection for hours. AWS allows fifteen to a region and account; a sandbox is one host for
/// all of them.
pub(super) const STREAMS: usize = 512;

/// Middle boxes forget a quiet connection long before the SDK's 90 s; the first request on a forgotten one
/// hangs until its timeout. A laptop's sleep does not count here: see `switch`.
const IDLE: Duration = Duration::from_secs(20);

/// A connector to the real AWS with so many connections to a host: proxies of the environment, the system's or the operator's certificates.
pub(super) fn internet(env: &Env, connections: usize) -> Result<SharedHttpClient, Problem> {
    let pool = pool::ConnectionPool::builder()
        .proxy_config(ProxyConfig::from_env())
        .max_connections_per_host(connections)
        .idle_timeout(IDLE)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(ca_bundle::trust(env)?)
        .build_https();
    client(pool)
}

/// A connector to a sandbox on this machine: no proxy, no certificates, and every name is here.
pub(super) fn loopback(connections: usize) -> Result<SharedHttpClient, Problem> {
    let no_certificates = TlsContext::builder()
        .with_trust_store(TrustStore::empty())
        .build()
        .map_err(|error| broken(&error))?;
    let pool = pool::ConnectionPool::builder()
        .max_connections_per_host(connections)
        .idle_timeout(IDLE)
        .dns_resolver(Loopback)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(no_certificates)
        .build_https();
    client(pool)
}

fn client(
    pool: Result<pool::ConnectionPool, pool::BuildError>,
) -> Result<SharedHttpClient, Problem> {
    let pool = pool.map_err(|error| broken(&error))?;
    let client = pool::Client::new(&pool).map_err(|error| broken(&error))?;
    Ok(client.into_shared())
}

fn broken(error: &dyn std::error::Error) -> Problem {
    Problem::new(
        Kind::Bug,
        format!(
            "The HTTP connector could not be built: {}.",
            sanitise(&error.to_string())
        ),
    )
}

/// Answers every name with this machine: the SDK puts prefixes before the sandbox's host for some operations,
/// and no DNS server knows those names.
#[derive(Debug)]
struct Loopback;

impl ResolveDns for Loopback {
    fn resolve_dns<'a>(&'a self, _name: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]))
    }
}
