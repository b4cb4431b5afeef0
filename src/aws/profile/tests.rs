use super::*;

const CONFIG: &str = "
[default]
region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Read
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
[profile deploy]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = sso
[profile console]
login_session = arn:aws:iam::111122223333:user/ada
[profile tool]
credential_process = vault aws
[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = keys
mfa_serial = arn:aws:iam::111122223333:mfa/ada
[profile instance]
role_arn = arn:aws:iam::111122223333:role/Deploy
credential_source = Ec2InstanceMetadata
[profile loop]
role_arn = arn:aws:iam::111122223333:role/A
source_profile = pool
[profile pool]
role_arn = arn:aws:iam::111122223333:role/B
source_profile = loop
";

async fn renewal_of(credentials: Credentials, vars: &[(&str, &str)]) -> String {
    let fs = Fs::from_slice(&[("/home/ada/.aws/config", CONFIG)]);
    let mut all = vec![("HOME", "/home/ada")];
    all.extend_from_slice(vars);
    renewal(
        &AccountName::new("prod"),
        &credentials,
        &Env::from_slice(&all),
        &fs,
    )
    .await
}

#[tokio::test]
async fn every_kind_of_profile_has_its_own_way_back() {
    for (profile, expected) in [
        ("sso", "Run `aws sso login --profile sso`."),
        ("deploy", "Run `aws sso login --profile sso`."),
        ("console", "Run `aws login --profile console`."),
        (
            "tool",
            "Run the credential_process of profile tool to see why it fails.",
        ),
        (
            "keys",
            "Put new keys into profile keys of the AWS credentials file.",
        ),
        (
            "mfa",
            "Use a credential_process or SSO for mfa: a profile with mfa_serial needs a code that cannot be asked for here.",
        ),
        (
            "instance",
            "Check the Ec2InstanceMetadata credentials that profile instance starts from.",
        ),
        ("loop", "Run `aws login --profile loop`."),
        (
            "absent",
            "Run `aws configure sso --profile absent` to make that profile.",
        ),
    ] {
        let credentials = Credentials::Profile(profile.to_owned());
        assert_eq!(renewal_of(credentials, &[]).await, expected, "{profile}");
    }
}

#[tokio::test]
async fn a_role_is_renewed_at_its_source() {
    let role = Credentials::Role {
        source: Box::new(Credentials::Profile("sso".to_owned())),
        arn: "arn:aws:iam::444455556666:role/Operate".to_owned(),
        external_id: None,
    };
    assert_eq!(
        renewal_of(role, &[]).await,
        "Run `aws sso login --profile sso`."
    );
}

#[tokio::test]
async fn the_environment_is_read_as_the_sdk_reads_it() {
    let from_environment = |vars| renewal_of(Credentials::Environment, vars);
    assert_eq!(
        from_environment(&[("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")]).await,
        "Put new AWS keys into the environment and start again."
    );
    assert_eq!(
        from_environment(&[("AWS_PROFILE", "sso")]).await,
        "Run `aws sso login --profile sso`."
    );
}

#[test]
fn the_watched_files_follow_the_environment() {
    let env = Env::from_slice(&[("HOME", "/home/ada"), ("AWS_CONFIG_FILE", "/etc/aws")]);
    assert_eq!(
        files(&Credentials::Environment, &env),
        [
            "/etc/aws",
            "/home/ada/.aws/credentials",
            "/home/ada/.aws/login/cache",
            "/home/ada/.aws/sso/cache"
        ]
        .map(PathBuf::from)
    );
    let sandbox = Credentials::Sandbox {
        access_key: "AKIA".to_owned(),
    };
    assert_eq!(files(&sandbox, &env), Vec::<PathBuf>::new());
}
