//! A connector that can be exchanged under everything that was built on it.
//!
//! After the machine slept, the pool is full of connections that the other side has forgotten, and the first request
//! on each waits for its timeout. Clients, sessions and credential providers keep the connector that they were made
//! with, so what they are given is this switch: the SDK asks it for a connector with every attempt.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Debug)]
pub(super) struct Switch(Arc<Mutex<SharedHttpClient>>);

impl Switch {
    pub(super) fn new(client: SharedHttpClient) -> Self {
        Self(Arc::new(Mutex::new(client)))
    }

    /// From here on requests leave through `client`; those on their way end where they are.
    pub(super) fn turn(&self, client: SharedHttpClient) {
        *self.current() = client;
    }

    pub(super) fn client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// One assignment cannot be left half done, so a panic elsewhere does not spoil it.
    fn current(&self) -> MutexGuard<'_, SharedHttpClient> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpClient for Switch {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let client = self.current().clone();
        client.http_connector(settings, components)
    }
}
