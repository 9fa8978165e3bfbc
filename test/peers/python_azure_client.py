"""A program that knows nothing of us: it lists subscriptions with Azure's SDK for Python and prints their names.

python_azure_client.py default|system CREDENTIAL_SCOPE BASE_URL
"""

import json
import sys

from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.mgmt.resource.subscriptions import SubscriptionClient

kind, scope, base_url = sys.argv[1:]
credential = DefaultAzureCredential() if kind == "default" else ManagedIdentityCredential()
client = SubscriptionClient(credential, base_url=base_url, credential_scopes=[scope])
print(json.dumps([subscription.display_name for subscription in client.subscriptions.list()]))
