/** `help output`. */
export const outputTopic = `Output: what is printed where

stdout is the result and nothing else, ready for a pipe. Everything for people goes
to stderr: progress, warnings, questions, device codes, errors. So this is just the
token, also when a browser had to open:
  $ TOKEN=$(entra-auth-cli get-token -p work)

Forms of a token, for get-token and refresh (-o):
  token             the token alone; what nobody has to ask for
  json, yaml        with its scopes, its end and where it came from
  header            Authorization: Bearer ..., for curl -H @-
  env               AZURE_ACCESS_TOKEN=..., for export or a file of variables
  exec-credential   what kubectl takes from a credential plug-in
  az                what az account get-access-token prints
A value with a dot or a slash is a file: -o token.txt is --file token.txt. Files are
written as a whole, with mode 600. --json is JSON with camelCase names.

--redact, or ENTRA_AUTH_CLI_REDACT=1, shows a fingerprint and what the token is for
in its place; forms that programs take a token from are refused then.

Everything else that shows data takes -o text, json or yaml. Its JSON is meant for
programs: names are only ever added.

Times in text are UTC, as 2026-01-31 10:00:00 UTC. In JSON ..._at is ISO 8601,
..._in is whole seconds, and exp, iat and nbf are seconds since 1970.

-q, --silent leaves stderr empty on success; errors still speak. -v, --verbose says
what is done, and never shows a secret or a token.

An error is one fact and one next step, with nothing on stdout:
  error: there is no profile "wrok"
  hint: did you mean "work"? "entra-auth-cli config list" shows all

Colour is for terminals alone. NO_COLOR turns it off, FORCE_COLOR on. What came from
outside, such as claims and messages of servers, is stripped of control characters.

Examples:
  $ entra-auth-cli get-token -p graph -o header | curl -H @- https://graph.microsoft.com/v1.0/me
  $ entra-auth-cli get-token -p graph -o json | jq -r .expires_at
  $ entra-auth-cli inspect -f token.txt -o pretty`
