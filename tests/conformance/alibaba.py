"""Clients and error texts of Alibaba Cloud's Python SDK."""

import os

from alibabacloud_tea_openapi import models as openapi

from common import ADDRESS

KEY = os.environ["ALIBABA_KEY"]
SECRET = os.environ["ALIBABA_SECRET"]
REGION = "cn-hangzhou"


def config(key=KEY, secret=SECRET, **more):
    return openapi.Config(access_key_id=key, access_key_secret=secret, region_id=REGION,
                          endpoint=ADDRESS, protocol="HTTP", **more)


def refusal(call, *arguments):
    """Returns status and code of the exception that the SDK raises, or that it raised none."""
    try:
        call(*arguments)
    except Exception as error:  # the SDK has several families of exceptions
        return f"{getattr(error, 'status_code', None)} {getattr(error, 'code', error)}"
    return "accepted"
