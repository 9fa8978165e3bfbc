/** `help scopes`. */
export const scopesTopic = `Scopes: what a token is for

A scope names an API and a permission of it:
  https://graph.microsoft.com/User.Read     one permission of Microsoft Graph
  https://graph.microsoft.com/.default      all that was consented to in advance
  api://orders/Orders.Read                  a permission of an API of your own

An access token is for one API. Scopes of two APIs are two calls.

For an app without a person (client-credentials, managed-identity) the scope is
always RESOURCE/.default: what the app may do is decided by its app roles, which an
administrator consents to.

Several scopes stand in one value, divided by spaces or commas, or in several flags.
A bare name after a whole one is of the same API:
  --scope "https://graph.microsoft.com/User.Read Mail.Read"

A bare name alone is one of Microsoft Graph, which Entra assumes too.

--scope is for one call; a profile keeps its own scopes ("config create --scope",
"config edit"). offline_access, openid and profile need not be named: every sign-in
asks for them, so that tokens can be renewed.

A cached token is handed out only if it grants every scope asked for. Entra may
grant more than was asked, and less where consent is missing: "config check" says
what stands in the way.

Examples:
  $ entra-auth-cli get-token -p work --scope https://vault.azure.net/.default
  $ entra-auth-cli discover -p work                    what the cached token grants
  $ entra-auth-cli config check -p work --scope Mail.Send`
