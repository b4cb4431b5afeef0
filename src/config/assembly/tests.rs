//! Assemblies as `cdk synth` writes them, and torn ones.

use super::*;
use crate::config::fleet::blank;
use serde_json::json;
use std::fs;

const ROLE: &str =
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-exec-${AWS::AccountId}-${AWS::Region}";

fn stack(environment: &str, name: &str, needs: &[&str]) -> Value {
    json!({
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {
            "templateFile": format!("{name}.template.json"),
            "stackName": name,
            "parameters": { "Stage": "prod", "Subnets": ["a", "b"] },
            "tags": { "team": "web" },
            "cloudFormationExecutionRoleArn": ROLE,
            "stackTemplateAssetObjectUrl":
                "s3://cdk-assets-${AWS::AccountId}-${AWS::Region}/abc.json",
        },
        "dependencies": needs,
    })
}

fn folder(artifacts: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), artifacts);
    folder
}

fn write(folder: &Path, artifacts: &Value) {
    let manifest = json!({ "version": "36.0.0", "artifacts": artifacts });
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
}

fn mistake(artifacts: &Value) -> String {
    let folder = folder(artifacts);
    let mistake = CloudAssembly::read(folder.path()).unwrap_err().to_string();
    mistake.replace(&folder.path().display().to_string(), "cdk.out")
}

#[test]
fn stacks_come_after_what_they_need_with_what_deploys_them() {
    let folder = folder(&json!({
        "Tree": { "type": "cdk:tree", "properties": { "file": "tree.json" } },
        "Api": stack("aws://111122223333/eu-west-1", "api", &["Net", "Api.assets"]),
        "Api.assets": {
            "type": "cdk:asset-manifest",
            "properties": { "file": "Api.assets.json" },
        },
        "Net": stack("aws://unknown-account/unknown-region", "net", &[]),
        "Stage": { "type": "cdk:cloud-assembly", "properties": { "directoryName": "stage" } },
    }));
    let assets = json!({
        "files": {
            "1": { "source": { "path": "api.template.json" } },
            "2": { "source": { "path": "asset.2" } },
        },
        "dockerImages": { "3": {} },
    });
    fs::write(folder.path().join("Api.assets.json"), assets.to_string()).unwrap();
    fs::create_dir(folder.path().join("stage")).unwrap();
    let stage = json!({ "Web": stack("aws://111122223333/us-east-1", "web", &["Gone"]) });
    write(&folder.path().join("stage"), &stage);

    let assembly = CloudAssembly::read(folder.path()).unwrap();
    let ids: Vec<&str> = assembly.stacks.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["Net", "Api", "Web"]);
    let [net, api, web] = &assembly.stacks[..] else {
        panic!("{ids:?}");
    };
    assert_eq!(
        (&net.account, &net.region, &net.role),
        (&None, &None, &None)
    );
    assert_eq!(api.account.as_deref(), Some("111122223333"));
    assert_eq!(api.region, Some(Region::new("eu-west-1")));
    assert_eq!(
        api.role.as_deref(),
        Some("arn:aws:iam::111122223333:role/cdk-exec-111122223333-eu-west-1")
    );
    assert_eq!(
        api.bucket.as_deref(),
        Some("cdk-assets-111122223333-eu-west-1")
    );
    assert_eq!((api.assets, &api.needs[..]), (2, &["Net".to_owned()][..]));
    assert_eq!(web.template, folder.path().join("stage/web.template.json"));

    let mut said = blank(String::new(), Source::Same);
    said.parameters.push(Given {
        key: "Stage".into(),
        value: "test".into(),
        region: None,
    });
    let deployment = api.over(said);
    let values: Vec<&str> = deployment
        .parameters
        .iter()
        .map(|given| given.value.as_str())
        .collect();
    // The last one wins.
    assert_eq!(values, ["prod", "a,b", "test"]);
    assert_eq!(deployment.stack, "api");
}

#[test]
fn what_is_no_assembly_is_said_in_a_sentence() {
    let plain = |name: &str| stack("aws://1/eu-west-1", name, &[]);
    for (artifacts, sentence) in [
        (json!({}), "The cloud assembly cdk.out has no stack."),
        (json!([]), "cdk.out/manifest.json lists no artifacts."),
        (
            json!({ "A": { "type": "aws:cloudformation:stack" } }),
            "The stack `A` of the cloud assembly cdk.out has no template.",
        ),
        (
            json!({ "A": plain("../a") }),
            "The cloud assembly cdk.out names `../a.template.json`, which is not within it.",
        ),
        (
            json!({ "A": plain("/etc/a") }),
            "The cloud assembly cdk.out names `/etc/a.template.json`, which is not within it.",
        ),
        (
            json!({ "A": { "type": "cdk:cloud-assembly", "properties": { "directoryName": "." } } }),
            "cdk.out/./././././manifest.json has assemblies within assemblies, deeper than any stage goes.",
        ),
        (
            json!({ "A": stack("", "a", &["B"]), "B": stack("", "b", &["A"]) }),
            "These stacks of the cloud assembly need each other: A, B.",
        ),
    ] {
        assert_eq!(mistake(&artifacts), sentence);
    }
    let empty = tempfile::tempdir().unwrap();
    let mistake = CloudAssembly::read(empty.path()).unwrap_err().to_string();
    assert!(
        mistake.contains("manifest.json cannot be read"),
        "{mistake}"
    );
    fs::write(empty.path().join("manifest.json"), "{").unwrap();
    let mistake = CloudAssembly::read(empty.path()).unwrap_err().to_string();
    assert!(mistake.contains("is not JSON"), "{mistake}");
}
