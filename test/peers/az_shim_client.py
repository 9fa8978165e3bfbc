"""A program that knows nothing of us: it gets a token by what it takes for the Azure CLI, and prints what came.

az_shim_client.py SCOPE
"""

import json
import sys
import time

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AzureCliCredential

try:
    token = AzureCliCredential().get_token(sys.argv[1])
    print(json.dumps({"token": token.token, "minutesLeft": round((token.expires_on - time.time()) / 60)}))
except ClientAuthenticationError as error:
    print(json.dumps({"error": type(error).__name__, "message": error.message}))
