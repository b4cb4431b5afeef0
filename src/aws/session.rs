//! One account, connected: its configuration, its wallet, and a client per region.
//!
//! A session is never changed. New credentials mean a new session, because the SDK keeps old tokens in several
//! places at once (aws-sdk-rust issue 531); whoever still holds the old one finishes with it in peace.

use super::logs::{HostAsSet, LOGS};
use super::problem::Failure;
use super::profile;
use super::source;
use super::tally::Tally;
use super::wall::Wall;
use super::wallet::Wallet;
use super::whole::Whole;
use super::{Link, endpoint, identity};
use crate::domain::{Account, AccountName, Identity, Region};
use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

/// Where Global Accelerator is asked, whatever the regions of the endpoints.
const ACCELERATOR_HOME: &str = "us-west-2";

/// The SDK's defaults may change with its version; ours change with a commit.
pub(super) fn behaviour() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// What the clients of all services have in common, the wall above all, so that none can be made without it. A macro,
/// because every SDK crate has a builder of its own.
macro_rules! settings {
    ($session:expr, $sdk:ident, $service:literal, $region:expr) => {
        $sdk::config::Builder::from(&$session.config)
            .region($sdk::config::Region::new($region.to_string()))
            .retry_partition($session.retry_partition($service, $region))
            .interceptor($session.wall.clone())
            .interceptor(Tally)
    };
}

#[derive(Debug)]
pub(super) struct Session {
    account: AccountName,
    wall: Wall,
    config: SdkConfig,
    wallet: Arc<Wallet>,
    has_worked: AtomicBool,
    stacks: Mutex<BTreeMap<Region, aws_sdk_cloudformation::Client>>,
    logs: Mutex<BTreeMap<Region, aws_sdk_cloudwatchlogs::Client>>,
    lambda: Mutex<BTreeMap<Region, aws_sdk_lambda::Client>>,
    cloudwatch: Mutex<BTreeMap<Region, aws_sdk_cloudwatch::Client>>,
    identity: OnceCell<Identity>,
}

impl Session {
    /// Reads the configuration files; asks nobody for credentials yet.
    pub(super) async fn open(account: &Account, link: &Link, http: SharedHttpClient) -> Self {
        let config = configuration(account, link, http).await;
        let renewal = profile::renewal(
            &account.name,
            &account.credentials,
            &Env::real(),
            &Fs::real(),
        )
        .await;
        // Fetching credentials happens once an hour and nobody else repeats it, so it may try again at once.
        let persistent = config
            .to_builder()
            .retry_config(RetryConfig::standard())
            .build();
        let provider = source::provider(&account.credentials, &persistent).await;
        let wallet = Arc::new(Wallet::new(account.name.clone(), renewal, provider));
        let shared: Arc<dyn ProvideCredentials> = wallet.clone();
        Self {
            account: account.name.clone(),
            wall: Wall::new(account.name.clone()),
            config: config
                .into_builder()
                .credentials_provider(SharedCredentialsProvider::new(shared))
                .build(),
            wallet,
            has_worked: AtomicBool::new(false),
            stacks: Mutex::default(),
            logs: Mutex::default(),
            lambda: Mutex::default(),
            cloudwatch: Mutex::default(),
            identity: OnceCell::new(),
        }
    }

    pub(super) fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// Whether AWS has ever answered to this session's credentials.
    pub(super) fn has_worked(&self) -> bool {
        self.has_worked.load(Ordering::Relaxed)
    }

    pub(super) fn works(&self) {
        self.has_worked.store(true, Ordering::Relaxed);
    }

    /// Whose credentials these are; asked once, since a session's credentials never become somebody else's.
    pub(super) async fn identity(&self, home: &Region) -> Result<&Identity, Failure> {
        self.identity
            .get_or_try_init(|| identity::get(self, home))
            .await
    }

    pub(super) fn config(&self) -> &SdkConfig {
        &self.config
    }

    pub(super) fn wall(&self) -> Wall {
        self.wall.clone()
    }

    /// The client of a region, made on first use: a fleet has many regions and looks at few of them.
    pub(super) fn cloudformation(&self, region: &Region) -> aws_sdk_cloudformation::Client {
        use aws_sdk_cloudformation::Client;
        let mut clients = self.stacks.lock().unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.clone())
            .or_insert_with(|| {
                let settings = settings!(self, aws_sdk_cloudformation, "cloudformation", region);
                Client::from_conf(settings.interceptor(Whole).build())
            })
            .clone()
    }

    /// As [`Session::cloudformation`].
    pub(super) fn logs(&self, region: &Region) -> aws_sdk_cloudwatchlogs::Client {
        use aws_sdk_cloudwatchlogs::Client;
        let mut clients = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.clone())
            .or_insert_with(|| {
                Client::from_conf(settings!(self, aws_sdk_cloudwatchlogs, "logs", region).build())
            })
            .clone()
    }

    /// A client whose connections are those of `http`, which are not the ones that questions share.
    pub(super) fn streaming_logs(
        &self,
        region: &Region,
        http: SharedHttpClient,
    ) -> aws_sdk_cloudwatchlogs::Client {
        use aws_sdk_cloudwatchlogs::Client;
        let mut settings =
            settings!(self, aws_sdk_cloudwatchlogs, "logs", region).http_client(http);
        if endpoint::set(&self.config, LOGS).is_some() {
            settings = settings.interceptor(HostAsSet);
        }
        Client::from_conf(settings.build())
    }

    /// As [`Session::cloudformation`].
    pub(super) fn lambda(&self, region: &Region) -> aws_sdk_lambda::Client {
        use aws_sdk_lambda::Client;
        let mut clients = self.lambda.lock().unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.clone())
            .or_insert_with(|| {
                Client::from_conf(settings!(self, aws_sdk_lambda, "lambda", region).build())
            })
            .clone()
    }

    /// As [`Session::cloudformation`].
    pub(super) fn cloudwatch(&self, region: &Region) -> aws_sdk_cloudwatch::Client {
        use aws_sdk_cloudwatch::Client;
        let mut clients = self
            .cloudwatch
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.clone())
            .or_insert_with(|| {
                Client::from_conf(settings!(self, aws_sdk_cloudwatch, "monitoring", region).build())
            })
            .clone()
    }

    /// In the one region that has its control plane; botocore's list of endpoints names hosts everywhere, which do not
    /// exist.
    pub(super) fn accelerator(&self) -> aws_sdk_globalaccelerator::Client {
        use aws_sdk_globalaccelerator::Client;
        let home = Region::new(ACCELERATOR_HOME);
        let settings = settings!(self, aws_sdk_globalaccelerator, "globalaccelerator", &home);
        Client::from_conf(settings.build())
    }

    pub(super) fn sts(&self, region: &Region) -> aws_sdk_sts::Client {
        let settings = settings!(self, aws_sdk_sts, "sts", region);
        aws_sdk_sts::Client::from_conf(settings.interceptor(Whole).build())
    }

    /// The SDK counts retries per service and region for the whole process; without the account in the name,
    /// one throttled account would use up the retries of all others.
    pub(super) fn retry_partition(&self, service: &str, region: &Region) -> RetryPartition {
        RetryPartition::new(format!("{service}-{region}-{}", self.account))
    }
}

async fn configuration(account: &Account, link: &Link, http: SharedHttpClient) -> SdkConfig {
    let mut loader = aws_config::defaults(behaviour())
        .http_client(http)
        .region(aws_config::Region::new(account.home.to_string()))
        // A poll is asked once: the next tick is its retry, and retries on top would be aimed at a service that
        // has just said it has had enough. `Page` retries where giving up costs more.
        .retry_config(RetryConfig::standard().with_max_attempts(1))
        .timeout_config(timeouts())
        // The wallet is the cache.
        .identity_cache(IdentityCache::no_cache())
        .no_credentials();
    if let Ok(name) = AppName::new(concat!("quarterdeck-", env!("CARGO_PKG_VERSION"))) {
        loader = loader.app_name(name);
    }
    if let Some(profile) = account.credentials.profile() {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &link.endpoint {
        // The SDK refuses FIPS or dual stack with an endpoint of its own, even if both come from elsewhere.
        loader = loader
            .endpoint_url(endpoint)
            .use_fips(false)
            .use_dual_stack(false);
    }
    loader.load().await
}

/// The SDK has no read or operation timeout of its own: a half-open connection would wait for ever.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(10))
        .operation_attempt_timeout(Duration::from_secs(12))
        .operation_timeout(Duration::from_secs(30))
        .build()
}
