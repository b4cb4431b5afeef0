use std::collections::BTreeMap;

use super::*;

const YAML: &str = r#"
AWSTemplateFormatVersion: 2010-09-09
Description: A table and who reads it
Parameters:
  Stage: {Type: String, Default: prod, AllowedValues: [prod, test]}
  Size: {Type: Number, MinValue: 128}
  Secret: {Type: String, NoEcho: true}
Conditions:
  InProd: !Equals [!Ref Stage, prod]
Mappings:
  Limits: {prod: {Read: 50}, test: {Read: 5}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${AWS::StackName}-${Stage}"
      Reads: !FindInMap [Limits, !Ref Stage, Read]
      Owner: 012345678901
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: !Ref Size
      Environment: {Variables: {TABLE: !Ref Table, ARN: !GetAtt Table.Arn, KEEP: !Sub "${!HOME}"}}
      Extra: !If [InProd, !Ref AWS::NoValue, cheap]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: InProd
Outputs:
  Name: {Value: !Ref Table}
"#;

fn place(stage: &str, size: &str) -> Place {
    let values = [("Stage", stage), ("Size", size)];
    let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Place {
        account: "123456789012".to_owned(),
        region: "eu-west-1".to_owned(),
        stack: "shop".to_owned(),
        stack_id: "arn:shop".to_owned(),
        parameters: BTreeMap::from(values),
        ..Place::default()
    }
}

fn shapes(template: &Template, place: &Place) -> Vec<Shape> {
    Resolver { template, place }.shapes()
}

#[test]
fn yaml_is_read_with_its_short_forms_and_without_guessing() {
    let template = Template::parse(YAML).unwrap();
    let place = place("prod", "512");
    let shapes = shapes(&template, &place);
    assert_eq!(shapes.len(), 3);
    let table = &shapes[0].properties;
    assert_eq!(table["TableName"], "shop-prod");
    assert_eq!(table["Reads"], 50);
    assert_eq!(table["Owner"], "012345678901");
    let reader = &shapes[1].properties;
    assert_eq!(reader["MemorySize"], "512");
    assert_eq!(reader["Environment"]["Variables"]["KEEP"], "${HOME}");
    assert_eq!(
        reader["Environment"]["Variables"]["ARN"]["Fn::GetAtt"][0], "Table",
        "what is not there yet stays as it is written"
    );
    assert!(!reader.contains_key("Extra"), "AWS::NoValue is nothing");
    assert_eq!(template.description(), "A table and who reads it");
}

#[test]
fn a_parameter_changes_what_uses_it_and_what_depends_on_that() {
    let template = Template::parse(YAML).unwrap();
    let compare = |old: &Place, new: &Place, changed: &[&str]| {
        let changed: Vec<String> = changed.iter().map(|name| (*name).to_owned()).collect();
        let circumstances = Circumstances {
            parameters: &changed,
            tags: false,
        };
        differences(
            &shapes(&template, old),
            &shapes(&template, new),
            circumstances,
        )
        .unwrap()
    };
    let prod = place("prod", "512");
    let bigger = compare(&prod, &place("prod", "1024"), &["Size"]);
    assert_eq!(bigger.len(), 1);
    assert_eq!(bigger[0].details[0].source, Source::ParameterReference);
    assert_eq!(bigger[0].details[0].cause.as_deref(), Some("Size"));
    assert_eq!(bigger[0].recreation(), Recreation::Never);
    let test = compare(&prod, &place("test", "512"), &["Stage"]);
    let told: Vec<(&str, Action, Recreation)> = test
        .iter()
        .map(|change| (change.logical.as_str(), change.action, change.recreation()))
        .collect();
    assert_eq!(
        told,
        [
            ("Table", Action::Modify, Recreation::Always),
            ("Reader", Action::Modify, Recreation::Never),
            ("Alarm", Action::Remove, Recreation::Never),
        ]
    );
    let follows = test[1].details.iter().any(|detail| {
        detail.source == Source::ResourceReference && detail.cause.as_deref() == Some("Table")
    });
    assert!(follows, "who reads the table reads another one now");
    assert!(compare(&prod, &prod, &[]).is_empty());
}

#[test]
fn what_is_wrong_with_a_template_is_said_as_aws_says_it() {
    for (text, words) in [
        ("{}", "At least one Resources member must be defined"),
        ("{\"Resources\": ", "JSON not well-formed"),
        ("Resources: [", "YAML not well-formed"),
        ("just words", "unsupported structure"),
        (
            "{\"Resources\": {\"A\": {}}}",
            "[/Resources/A] Every Resources object must contain a Type member",
        ),
        (
            "{\"Colour\": 1}",
            "Invalid template property or properties [Colour]",
        ),
        (
            "Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref B}}}",
            "Unresolved resource dependencies [B] in the Resources block of the template",
        ),
        (
            "Resources: {A: {Type: X::Y::Z}, A: {Type: X::Y::Z}}",
            "duplicate key A",
        ),
    ] {
        let said = Template::parse(text).unwrap_err();
        assert!(said.contains(words), "{text}: {said}");
    }
}

#[test]
fn values_are_held_against_what_the_template_declares() {
    let template = Template::parse(YAML).unwrap();
    let refused = |key: &str, value: &str| {
        let declared = template.parameters();
        let declared = declared
            .iter()
            .find(|declared| declared.key == key)
            .unwrap();
        declared.refuses(value)
    };
    assert_eq!(refused("Stage", "test"), None);
    assert!(refused("Stage", "moon").unwrap().contains("AllowedValues"));
    assert!(refused("Size", "64").unwrap().contains("not less than 128"));
    assert!(refused("Size", "big").unwrap().contains("must be a number"));
}

#[test]
fn a_policy_allows_only_what_it_says() {
    let policy = Policy::parse(
        r#"{"Statement": [
            {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": "LogicalResourceId/Prod*"},
            {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}"#,
    )
    .unwrap();
    assert_eq!(policy.denies("Update:Modify", "ProdTable", "X"), None);
    assert_eq!(policy.denies("Update:Replace", "Other", "X"), None);
    assert_eq!(
        policy.denies("Update:Replace", "ProdTable", "X").as_deref(),
        Some(
            "Action denied by stack policy: Statement [#1] does not allow [Update:Replace] for resource \
             [LogicalResourceId/ProdTable]"
        )
    );
    assert!(Policy::parse("{}").is_err());
}
