"""The AWS CLI, as an operator would type it."""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from .driver import PROD, STAGING, tally

SEARCH = """[{"Id":"e1","Expression":"SEARCH('{AWS/Lambda}','Sum',300)"}]"""


def check_cli(endpoint):
    program = pathlib.Path(sys.executable).parent / "aws"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": tempfile.gettempdir(),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": PROD,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
    }

    def aws(*words, region="us-east-1"):
        run = subprocess.run([program, *words, "--region", region, "--output", "json"], env=environment,
                             capture_output=True, text=True, timeout=60)
        return run.returncode, run.stdout, run.stderr

    now = datetime.datetime.now(datetime.timezone.utc)
    hour = f"--start-time {now - datetime.timedelta(hours=1):%Y-%m-%dT%H:%M:00Z} --end-time {now:%Y-%m-%dT%H:%M:00Z}"
    for words, key in [
        ("sts get-caller-identity", "Account"),
        (f"sts assume-role --role-arn arn:aws:iam::{STAGING}:role/Deploy --role-session-name cli", "Credentials"),
        ("cloudformation describe-stacks", "Stacks"),
        ("cloudformation describe-stacks --stack-name orders-db", "Stacks"),
        ("cloudformation list-stacks", "StackSummaries"),
        ("cloudformation describe-stack-events --stack-name orders-db", "StackEvents"),
        ("cloudformation list-stack-resources --stack-name orders-db", "StackResourceSummaries"),
        ("cloudformation describe-stack-resources --stack-name orders-db", "StackResources"),
        ("cloudformation describe-stack-resource --stack-name orders-db --logical-resource-id Writer", "StackResourceDetail"),
        ("cloudformation get-template --stack-name orders-db", "TemplateBody"),
        ("cloudformation get-template-summary --stack-name orders-db", "ResourceTypes"),
        ("cloudformation list-change-sets --stack-name orders-db", "Summaries"),
        ("cloudformation describe-change-set --stack-name orders-db --change-set-name resize-writer", "Changes"),
        ("cloudformation list-exports", "Exports"),
        ("cloudformation list-imports --export-name gco-global-accelerator-arn", "Imports"),
        ("cloudformation describe-stack-resource-drifts --stack-name orders-db", "StackResourceDrifts"),
        ("cloudformation detect-stack-drift --stack-name orders-db", "StackDriftDetectionId"),
        ("cloudformation get-stack-policy --stack-name gco-global", "StackPolicyBody"),
        ("ec2 describe-regions --all-regions", "Regions"),
        ("account list-regions", "Regions"),
        ("sso get-role-credentials --access-token sandbox-token --role-name Deploy --account-id " + STAGING, "roleCredentials"),
        ("cloudwatch describe-alarms", "MetricAlarms"),
        ("cloudwatch describe-alarm-history --history-item-type StateUpdate", "AlarmHistoryItems"),
        ("cloudwatch list-metrics --namespace AWS/Lambda --metric-name Errors", "Metrics"),
        (f"cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Errors --statistics Sum --period 300 {hour}",
         "Datapoints"),
        (f"cloudwatch get-metric-data --metric-data-queries {SEARCH} {hour}",
         "MetricDataResults"),
        ("logs describe-log-groups --log-group-name-prefix /aws/lambda/", "logGroups"),
        ("logs describe-log-streams --log-group-name /aws/lambda/checkout-api-Function --max-items 3", "logStreams"),
        ("logs filter-log-events --log-group-name /audit/sign-in --max-items 5", "events"),
        ("lambda list-functions", "Functions"),
        ("lambda get-function-configuration --function-name checkout-api-Function", "LoggingConfig"),
        ("lambda get-function --function-name checkout-api-Function --qualifier ACTIVE", "Configuration"),
        ("lambda list-versions-by-function --function-name checkout-api-Function", "Versions"),
        ("lambda list-aliases --function-name checkout-api-Function", "Aliases"),
        ("lambda list-event-source-mappings", "EventSourceMappings"),
        ("lambda get-account-settings", "AccountLimit"),
    ]:
        code, out, err = aws(*words.split())
        tally.check(f"aws {words}", [] if code == 0 and key in json.loads(out) else [f"exit {code}: {err.strip()[:300]}"])
    code, out, _ = aws("cloudformation", "describe-stacks")
    tally.check("the CLI pages through", code == 0 and len(json.loads(out)["Stacks"]) > 20)
    code, _, err = aws("cloudformation", "describe-stacks", "--stack-name", "nothing")
    tally.check("and reports errors", code != 0 and "(ValidationError)" in err
                and "Stack with id nothing does not exist" in err)
