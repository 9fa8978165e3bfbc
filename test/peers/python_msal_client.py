"""MSAL Python, driven by a test: one JSON request a line on stdin, one JSON answer a line on stdout.

{"app": {...}} makes the application, {"call": "acquire_token_for_client", "with": {...}} calls it. What a call
hands to the next one (a flow, an account) stays in here; the answer is what MSAL returned.
"""

import json
import sys

import msal


def make_app(settings):
    kind = msal.ConfidentialClientApplication if settings.get("client_credential") else msal.PublicClientApplication
    # Off, as MSAL Node's knownAuthorities: a local host is in no list of Microsoft's.
    return kind(**settings, instance_discovery=False)


def answer(state, request):
    if "app" in request:
        state["app"] = make_app(request["app"])
        return {"made": type(state["app"]).__name__}
    app, call, named = state["app"], request["call"], request["with"]
    if call.startswith("initiate_"):
        state["flow"] = getattr(app, call)(**named)
        return state["flow"]
    if call in ("acquire_token_by_device_flow", "acquire_token_by_auth_code_flow"):
        return getattr(app, call)(state["flow"], **named)
    if call == "acquire_token_silent":
        return app.acquire_token_silent(account=app.get_accounts()[0], **named)
    return getattr(app, call)(**named)


def main():
    state = {}
    for line in sys.stdin:
        try:
            reply = answer(state, json.loads(line))
        except Exception as error:
            reply = {"raised": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
