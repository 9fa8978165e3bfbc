/** `help scripting`. */
export const scriptingTopic = `Scripting: tokens in scripts, pipelines and containers

A token that is still good comes from the cache at once, so ask for one before each
use instead of keeping it:
  $ curl -H "Authorization: Bearer $(entra-auth-cli get-token -p ci)" https://api.example.com/
That shows the token in the process list. This does not:
  $ entra-auth-cli get-token -p ci -o header | curl -H @- https://api.example.com/

Nothing waits for a person where none is: without a terminal nobody is asked, and
the exit code says what was missing ("help exit-codes"). --no-interaction is the same
at a terminal. --timeout 30s bounds the whole call.

Secrets do not go on the command line, where process lists and histories show them.
They come from, in the order of what to prefer:
  no secret at all     managed identity, or workload identity federation:
                       config create --managed-identity, --github-actions,
                       --azure-pipelines, --federated-token-file
  the sealed store     config create --client-secret - < secret.txt
  a command            config create --client-secret-command 'op read op://ci/entra'
  a file or variable   --client-secret-file, AZURE_CLIENT_SECRET

In a container or a pipeline the key of the sealed store is handed in
(ENTRA_AUTH_CLI_KEY_FILE), or made with mode 600 in the configuration folder; see
"help storage". Several processes may run at once: one gets the token, the others
take it.

--min-ttl 10m asks for a token that lives at least that long. discover -q tells by
its exit code whether a token is valid now:
  $ entra-auth-cli discover -f token.txt -q || entra-auth-cli get-token -p ci --file token.txt

Examples:
  $ entra-auth-cli get-token -p ci --no-interaction --silent > token.txt
  $ entra-auth-cli config list | xargs -n 1 entra-auth-cli config show
  $ az login 2>&1 | entra-auth-cli explain`
