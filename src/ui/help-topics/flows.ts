/** `help flows`. */
export const flowsTopic = `Flows: the ways to a token

Without --flow the profile's default flow is taken, else the one its credential
means: a secret, a certificate or a federated token is for client-credentials, a
managed identity for itself, and a profile without any signs a person in.

A person signs in; the token speaks for that person:
  interactive-browser   opens the browser of this machine. The app registration
                        needs the redirect URI http://localhost under "Mobile and
                        desktop applications".
  authorization-code    the same, for an app that also proves itself with a secret
                        or a certificate, or has a redirect URI of its own.
  device-code           shows a code to type on any device. For machines without a
                        browser, and often blocked by Conditional Access. The app
                        registration needs "Allow public client flows".

Nobody signs in; the token speaks for the app itself:
  client-credentials    the app proves itself with a client secret, a certificate
                        or a token of another provider (workload identity). The
                        scope is RESOURCE/.default, the permissions are app roles.
  managed-identity      Azure vouches for the machine or service this runs on.

For an API that calls another API:
  on-behalf-of          trades the token a caller sent for one to go on with:
                        --assertion - reads it from stdin.

A person is asked only where no token is left in the cache and the refresh token no
longer gives one. --no-interaction never asks, and ends with exit code 7 instead.

Any spelling will do: DeviceCode, device-code, device_code; interactive for
interactive-browser, obo for on-behalf-of, msi for managed-identity.

Examples:
  $ entra-auth-cli get-token -p work --flow device-code
  $ entra-auth-cli config create -n ci --tenant-id <guid> --client-id <guid> --client-secret -
  $ entra-auth-cli config create -n vm --managed-identity --scope https://vault.azure.net/.default`
