"""Uses the local Route 53 and Kinesis as any Python program would, and prints what it was told, as JSON.

Run by botocore.test.ts. With --check it only says by its exit code whether botocore is here.
"""
import json
import os
import sys

try:
    import botocore.exceptions as exceptions
    import botocore.session as sessions
    from botocore.config import Config
except ImportError:
    # The AWS CLI has a copy of its own.
    import awscli.botocore.exceptions as exceptions
    import awscli.botocore.session as sessions
    from awscli.botocore.config import Config

if "--check" in sys.argv:
    sys.exit(0)


def client(service, url):
    return sessions.Session().create_client(
        service,
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )


def error_of(call, **arguments):
    try:
        call(**arguments)
    except exceptions.ClientError as error:
        told = error.response["Error"]
        return [told["Code"], told["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


def upsert(name, rrtype, value):
    rrset = {"Name": name, "Type": rrtype, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    return {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": rrset}]}


def use_route53(url):
    route53 = client("route53", url)
    zone = route53.list_hosted_zones()["HostedZones"][0]
    change = route53.change_resource_record_sets(
        HostedZoneId=zone["Id"], ChangeBatch=upsert("*.example.com", "A", "81.2.3.4")
    )["ChangeInfo"]
    waiter = route53.get_waiter("resource_record_sets_changed")
    waiter.wait(Id=change["Id"], WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})
    pages = route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=zone["Id"], PaginationConfig={"PageSize": 1}
    )
    rrsets = [rrset for page in pages for rrset in page["ResourceRecordSets"]]
    change_rrsets = route53.change_resource_record_sets
    return {
        "zone": [zone["Name"], zone["Id"], zone["ResourceRecordSetCount"]],
        "statuses": [change["Status"], route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"]],
        "rrsets": [[rrset["Name"], rrset["Type"]] for rrset in rrsets],
        "noZone": error_of(route53.get_hosted_zone, Id="ZNOWHERE"),
        "invalid": error_of(
            change_rrsets, HostedZoneId=zone["Id"], ChangeBatch=upsert("home.example.org", "A", "81.2.3.4")
        ),
        "throttled": error_of(
            change_rrsets, HostedZoneId=zone["Id"], ChangeBatch=upsert("throttled.example.com", "A", "81.2.3.4")
        ),
    }


def use_kinesis(url):
    kinesis = client("kinesis", url)
    kinesis.get_waiter("stream_exists").wait(StreamName="updates")
    put = kinesis.put_record(StreamName="updates", Data=b"payload", PartitionKey="home.example.com")
    iterator = kinesis.get_shard_iterator(
        StreamName="updates", ShardId=put["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    return {
        "streams": kinesis.list_streams()["StreamNames"],
        "records": [[record["Data"].decode(), record["PartitionKey"]] for record in records],
        "isSameNumber": [record["SequenceNumber"] for record in records] == [put["SequenceNumber"]],
        "noStream": (error_of(kinesis.describe_stream_summary, StreamName="nowhere") or [None])[0],
    }


print(json.dumps({"route53": use_route53(os.environ["ROUTE53_URL"]), "kinesis": use_kinesis(os.environ["KINESIS_URL"])}))
