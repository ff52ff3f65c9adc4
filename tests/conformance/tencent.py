"""Clients and error texts of Tencent Cloud's Python SDK."""

import json
import os

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from common import ADDRESS, admin, check

KEY = os.environ["TENCENT_KEY"]
SECRET = os.environ["TENCENT_SECRET"]
REGION = "ap-guangzhou"

# The documented 20 calls a second are checked by `throttles`; the rest would trip over them.
admin("POST", "settings", {"limits": "off"})


class Service:
    """One service: its client class and its models, called with plain values."""

    def __init__(self, client, models, key=KEY, secret=SECRET, token=None, region=REGION, **profile):
        http = HttpProfile(protocol="http", endpoint=ADDRESS, reqTimeout=10, reqMethod=profile.pop("method", "POST"))
        self.client_class, self.models = client, models
        self.client = client(Credential(key, secret, token), region, ClientProfile(
            httpProfile=http, language="en-US", **profile))

    def with_(self, **changes):
        """Returns the same service for another caller."""
        return Service(self.client_class, self.models, **changes)

    def __call__(self, action, **parameters):
        request = getattr(self.models, f"{action}Request")()
        request.from_json_string(json.dumps(parameters))
        return getattr(self.client, action)(request)


def refusal(call, *arguments, **named):
    """Returns the code of the exception that the SDK raises, or that it raised none."""
    try:
        call(*arguments, **named)
    except TencentCloudSDKException as error:
        return error.code
    return "accepted"


def common_refusals(service, action, **parameters):
    """The refusals that every service shares: who calls, when, and how often."""
    check("a wrong secret", refusal(service.with_(secret="wrong"), action, **parameters))
    check("an unknown key", refusal(service.with_(key="AKIDunknown00000000000000000000000000"), action, **parameters))
    check("a wrong token", refusal(service.with_(token="wrong"), action, **parameters))
    for seconds in (400, -400):
        admin("POST", "faults", {"kind": "clock-skew", "seconds": seconds})
        check(f"a request {seconds} seconds off", refusal(service, action, **parameters))
        admin("DELETE", "faults")
    check("an unknown region", refusal(service.with_(region="ap-nowhere"), action, **parameters))
    check("the older signatures and forms", [
        refusal(service.with_(signMethod=method), action, **parameters) for method in ("HmacSHA1", "HmacSHA256")
    ] + [refusal(service.with_(method="GET"), action, **parameters)])
    admin("POST", "settings", {"limits": "on"})
    found = [refusal(service, action, **parameters) for _ in range(21)]
    check("20 calls in a second", found[:20].count("accepted"))
    check("the 21st", found[20])
    admin("POST", "settings", {"limits": "off"})
    admin("POST", "faults", {"kind": "server-error-json", "action": action})
    check("an internal error", refusal(service, action, **parameters))
    admin("POST", "change", {"kind": "access-key", "id": KEY, "set": {"disabled": True}})
    check("a key that is switched off", refusal(service, action, **parameters))
    admin("POST", "change", {"kind": "access-key", "id": KEY, "set": {"disabled": False}})


def pages(ask, size):
    """Returns the pages of a list that Offset and Limit lead through."""
    found = []
    while True:
        total, items = ask(Offset=sum(map(len, found)), Limit=size)
        found.append(items)
        if sum(map(len, found)) >= total or not items:
            return found
