"""CloudWatch's metrics in all three protocols: points, statistics, pages, limits, and metric math."""

import datetime
import math

from .alarms import in_every_protocol
from .driver import Checked, tally

API = "checkout-api-Function"
MINUTE = datetime.timedelta(minutes=1)


def window(hours, back=10):
    """Whole minutes, all of them published."""
    end = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) - back * MINUTE
    return {"StartTime": end - datetime.timedelta(hours=hours), "EndTime": end}


def stat(name, statistic="Sum", function=API, period=60, **more):
    dimensions = [{"Name": "FunctionName", "Value": function}] if function else []
    return {"Id": f"{name.lower()}_{statistic.lower().replace('.', '_')}", "MetricStat": {
        "Metric": {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions},
        "Period": period, "Stat": statistic}, **more}


def expression(text, name="e1", **more):
    return {"Id": name, "Expression": text, **more}


def get(client, queries, span, **params):
    """Results by id, all pages put together."""
    results, token, pages = {}, None, 0
    while True:
        reply = client.call("get_metric_data", MetricDataQueries=queries, **span, **params,
                            **({"NextToken": token} if token else {}))
        pages += 1
        for result in reply["MetricDataResults"]:
            known = results.setdefault((result["Id"], result["Label"]), {"points": [], "codes": []})
            known["points"] += zip(result["Timestamps"], result["Values"])
            known["codes"].append(result["StatusCode"])
        token = reply.get("NextToken")
        if not token:
            return results, pages


def values(results, name):
    return next(dict(result["points"]) for (id_, _), result in results.items() if id_ == name)


def near(left, right):
    return left.keys() == right.keys() and all(math.isclose(left[at], right[at], rel_tol=1e-9) for at in left)


def check_metrics(endpoint):
    said = []
    span = window(2)
    for client, name, _ in in_every_protocol(endpoint):
        queries = [stat("Invocations"), stat("Errors"), stat("Duration", "Average"), stat("Duration", "p99"),
                   stat("Duration", "Sum"), stat("Duration", "SampleCount")]
        results, pages = get(client, queries, span)
        said.append({id_: result["points"] for (id_, _), result in results.items()})
        calls = values(results, "invocations_sum")
        tally.check(f"two hours are one page over {name}", pages == 1 and len(calls) == 120)
        times = [at for at, _ in results[("invocations_sum", "Invocations")]["points"]]
        tally.check(f"newest first over {name}", times == sorted(times, reverse=True))
        ascending, _ = get(client, queries[:1], span, ScanBy="TimestampAscending")
        tally.check(f"or oldest over {name}",
                    [at for at, _ in ascending[("invocations_sum", "Invocations")]["points"]] == times[::-1])
        count, total = values(results, "duration_samplecount"), values(results, "duration_sum")
        tally.check(f"averages are sums over counts over {name}", near(
            values(results, "duration_average"), {at: total[at] / count[at] for at in total}))
        check_paging(client, name, queries, span, said[-1])
        check_math(client, name, span)
        check_statistics(client, name, span, results)
        check_listing(client, name)
        check_refused(client, name, span)
    tally.check("all three protocols say the same of metrics", said[0] == said[1] == said[2])


def check_paging(client, name, queries, span, whole):
    results, pages = get(client, queries, span, MaxDatapoints=100)
    tally.check(f"points page over {name}", pages == 8)
    tally.check(f"and come to the same over {name}", {id_: r["points"] for (id_, _), r in results.items()} == whole)
    codes = results[("invocations_sum", "Invocations")]["codes"]
    tally.check(f"a cut result is partial over {name}", codes == ["PartialData", "Complete"])


def check_math(client, name, span):
    calls, errors = stat("Invocations", ReturnData=False), stat("Errors", ReturnData=False)
    plain, _ = get(client, [stat("Invocations"), stat("Errors")], span)
    calls_at, errors_at = values(plain, "invocations_sum"), values(plain, "errors_sum")

    def of(text, *queries):
        return get(client, [expression(text), *queries], span)[0]

    rate = values(of("100 * errors_sum / invocations_sum", calls, errors), "e1")
    tally.check(f"a rate is computed over {name}",
                near(rate, {at: 100 * errors_at[at] / calls_at[at] for at in calls_at}))
    tally.check(f"only what is asked for comes back over {name}",
                {id_ for id_, _ in of("errors_sum * 1", errors)} == {"e1"})
    both = values(of("SUM(METRICS())", calls, errors), "e1")
    tally.check(f"METRICS are summed over {name}",
                near(both, {at: errors_at[at] + calls_at[at] for at in calls_at}))
    chosen = values(of("IF(errors_sum > 1, 1, 0)", errors), "e1")
    tally.check(f"IF chooses over {name}", chosen == {at: float(errors_at[at] > 1) for at in errors_at})
    rare = stat("Invocations", function="gco-eu-west-1-InstallAddons", ReturnData=False)
    some, filled = of("invocations_sum + 0", rare), of("FILL(invocations_sum, 0)", rare)
    tally.check(f"FILL fills over {name}", len(values(some, "e1")) < len(values(filled, "e1")) == 120)
    no_zero = values(of("1 / errors_sum", {**stat("Errors", function="checkout-edge-EdgeFunction"),
                                           "ReturnData": False}), "e1")
    tally.check(f"nothing is divided by zero over {name}", all(math.isfinite(value) for value in no_zero.values()))
    search = "SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Invocations\"', 'Sum', 60)"
    found = of(search)
    total = values(get(client, [stat("Invocations", function=None)], span)[0], "invocations_sum")
    summed = values(of(f"SUM({search})"), "e1")
    tally.check(f"a search finds every function over {name}", len(found) > 10)
    tally.check(f"and they are the account over {name}", near(summed, total))
    client.fails(f"math on nothing over {name}", "get_metric_data", "ValidationError", 400, "Undefined variable m7",
                 MetricDataQueries=[expression("m7 + 1")], **span)
    client.fails(f"math in a circle over {name}", "get_metric_data", "ValidationError", 400, "refers to itself",
                 MetricDataQueries=[expression("e2 + 1"), expression("e1 + 1", "e2")], **span)
    client.fails(f"math that is no series over {name}", "get_metric_data", "ValidationError", 400,
                 "must return a time series", MetricDataQueries=[expression("1 + 1")], **span)


def check_statistics(client, name, span, results):
    about = {"Namespace": "AWS/Lambda", "Dimensions": [{"Name": "FunctionName", "Value": API}], **span}
    reply = client.call("get_metric_statistics", **about, MetricName="Duration", Period=60,
                        Statistics=["Average", "Sum", "SampleCount", "Minimum", "Maximum"], Unit="Milliseconds")
    points = {point["Timestamp"]: point for point in reply["Datapoints"]}
    tally.check(f"statistics agree with data over {name}",
                near({at: point["Average"] for at, point in points.items()}, values(results, "duration_average")))
    tally.check(f"their order is not promised over {name}", list(points) != sorted(points))
    reply = client.call("get_metric_statistics", **about, MetricName="Duration", Period=60,
                        ExtendedStatistics=["p99", "p50"])
    tally.check(f"percentiles agree over {name}", near(
        {point["Timestamp"]: point["ExtendedStatistics"]["p99"] for point in reply["Datapoints"]},
        values(results, "duration_p99")))
    hours = client.call("get_metric_statistics", **about, MetricName="Invocations", Period=3600,
                        Statistics=["Sum"])["Datapoints"]
    tally.check(f"hours add up over {name}", math.isclose(
        sum(point["Sum"] for point in hours), sum(values(results, "invocations_sum").values())))
    nothing = client.call("get_metric_statistics", **about, MetricName="Invocations", Period=60, Statistics=["Sum"],
                          Unit="Bytes")
    tally.check(f"another unit is another metric over {name}", nothing["Datapoints"] == [])
    long = {**about, "StartTime": span["EndTime"] - datetime.timedelta(days=60)}
    error = client.fails(f"too many points over {name}", "get_metric_statistics", "InvalidParameterCombination", 400,
                         "86,400 datapoints, which exceeds the limit of 1,440", **long, MetricName="Errors", Period=60,
                         Statistics=["Sum"])
    tally.check(f"typed over {name}", isinstance(error, client.client.exceptions.InvalidParameterCombinationException))
    client.fails(f"a period that is none over {name}", "get_metric_statistics", "InvalidParameterValue", 400,
                 **about, MetricName="Errors", Period=90, Statistics=["Sum"])


def check_listing(client, name):
    metrics, _ = client.pages("list_metrics", "Metrics", Namespace="AWS/Lambda",
                              Dimensions=[{"Name": "FunctionName", "Value": API}])
    tally.check(f"metrics of a function are listed over {name}", {metric["MetricName"] for metric in metrics} == {
        "Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"})
    everything, _ = client.pages("list_metrics", "Metrics", RecentlyActive="PT3H")
    tally.check(f"and of the account over {name}", any(not metric["Dimensions"] for metric in everything))
    tally.check(f"by name over {name}", {metric["MetricName"] for metric in client.call(
        "list_metrics", MetricName="Throttles")["Metrics"]} == {"Throttles"})


def check_refused(client, name, span):
    def refused(title, words, queries, **params):
        client.fails(f"{title} over {name}", "get_metric_data", "ValidationError", 400, words,
                     MetricDataQueries=queries, **{**span, **params})

    many = [{**stat("Errors"), "Id": f"m{number}"} for number in range(501)]
    refused("501 queries", "must not have a size greater than 500", many)
    refused("two of one id", "not unique", [stat("Errors"), stat("Errors")])
    refused("an id in capitals", "not a valid id", [{**stat("Errors"), "Id": "M1"}])
    refused("nothing to return", "ReturnData", [stat("Errors", ReturnData=False)])
    refused("a statistic that is none", "Stat", [stat("Errors", "Median")])
    refused("an end before the start", "EndTime", [stat("Errors")], StartTime=span["EndTime"], EndTime=span["StartTime"])
    refused("too many points a page", "less than or equal to 100800", [stat("Errors")], MaxDatapoints=100_801)
    error = client.fails(f"a bad token of metrics over {name}", "get_metric_data", "InvalidNextToken", 400,
                         MetricDataQueries=[stat("Errors")], NextToken="x", **span)
    tally.check(f"of metrics is typed over {name}", isinstance(error, client.client.exceptions.InvalidNextToken))


def check_five_hundred(endpoint):
    """A full request: 500 metrics, more points than a page holds."""
    client = Checked(endpoint, "cloudwatch", region="us-east-1")
    queries = [{**stat("Errors"), "Id": f"m{number}"} for number in range(500)]
    results, pages = get(client, queries, window(4))
    points = sum(len(result["points"]) for result in results.values())
    tally.check("500 metrics over four hours are two pages", pages == 2 and points == 500 * 240)


def check_the_bad_version(endpoint):
    """One region stands out, and only since the version is there."""
    shares = {}
    for region in ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1"):
        client = Checked(endpoint, "cloudwatch", region=region)
        results, _ = get(client, [stat("Invocations"), stat("Errors")], window(1 / 6, back=4))
        shares[region] = (sum(values(results, "errors_sum").values())
                          / sum(values(results, "invocations_sum").values()))
    ill = shares.pop("eu-west-1")
    tally.check("the bad version's region stands out", ill > 0.3 and max(shares.values()) < 0.05)
