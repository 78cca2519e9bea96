"""Keeps the fuzzed server from calling other hosts: webhooks point at a closed port of this one."""

import schemathesis

NOWHERE = "http://127.0.0.1:9/"


@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body
    if "/webhooks" not in case.operation.path or not isinstance(body, dict):
        return
    url = body.get("url")
    if isinstance(url, str) and url.lower().lstrip().startswith("http"):
        case.body = {**body, "url": NOWHERE}
