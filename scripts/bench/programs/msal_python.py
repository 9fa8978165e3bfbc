"""MSAL Python as its manual has it: a cache in a file, a token out of it."""

import os

import msal

path = os.environ["CACHE_FILE"]
scopes = ["https://graph.microsoft.com/.default"]
cache = msal.SerializableTokenCache()
if os.path.exists(path):
    with open(path, encoding="utf-8") as file:
        cache.deserialize(file.read())
app = msal.ConfidentialClientApplication(
    os.environ["CLIENT_ID"],
    authority=os.environ["AUTHORITY"],
    client_credential=os.environ["CLIENT_SECRET"],
    token_cache=cache,
    verify=os.environ["CA_FILE"],
    # A local host is in no list of Microsoft's.
    instance_discovery=False,
)
result = app.acquire_token_silent(scopes, account=None) or app.acquire_token_for_client(scopes)
if cache.has_state_changed:
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(cache.serialize())
print(result["access_token"])
