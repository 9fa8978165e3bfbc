/** `help environment`. A test compares it with what the sources read. */
export const environmentTopic = `Environment: every variable that is read

This program's own:
  ENTRA_AUTH_CLI_PROFILE             profile to use where no -p names one
  ENTRA_AUTH_CLI_CONFIG_DIR          folder of profiles and sealed secrets
  ENTRA_AUTH_CLI_CACHE_DIR           folder of sealed tokens
  ENTRA_AUTH_CLI_KEY                 key of the sealed store: 64 hex digits, or
                                     base64 of 32 bytes
  ENTRA_AUTH_CLI_KEY_FILE            file that holds that key
  ENTRA_AUTH_CLI_KEY_FD              number of an open file that holds it
  ENTRA_AUTH_CLI_PASSPHRASE          passphrase of the sealed store
  ENTRA_AUTH_CLI_PASSPHRASE_FILE     file that holds that passphrase
  ENTRA_AUTH_CLI_PASSPHRASE_EXPORT   passphrase of config export and import
  ENTRA_AUTH_CLI_REQUIRE_SECURE      1: never keep the key in a plain file
  ENTRA_AUTH_CLI_ASSERTION           token to act on behalf of (on-behalf-of)
  ENTRA_AUTH_CLI_REDACT              1: show no token, but a fingerprint of it
  ENTRA_AUTH_CLI_INTERACTIVE         1: a person is there to sign in; 0: nobody is

As Azure's SDKs and the Azure CLI understand them:
  AZURE_CLIENT_SECRET                client secret, where the profile keeps none
  AZURE_CLIENT_CERTIFICATE_PASSWORD  password of the certificate
  AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_AUTHORITY_HOST,
  AZURE_FEDERATED_TOKEN_FILE         the app of a Kubernetes workload identity; with
                                     config import --from-env, the new profile
  AZURE_CLIENT_CERTIFICATE_PATH      certificate, for config import --from-env
  AZURE_USERNAME, AZURE_PASSWORD     not used; config import --from-env says so
  AZURE_CONFIG_DIR                   folder of the Azure CLI, for --from-az
  AZURE_SUBSCRIPTION_ID,
  ARM_SUBSCRIPTION_ID                subscription that -o az names
  GIT_TERMINAL_PROMPT                0: git-credential asks nobody to sign in
  KUBERNETES_EXEC_INFO               set by kubectl: how -o exec-credential answers

Set by Azure and by CI systems where they give an identity:
  IDENTITY_ENDPOINT, IDENTITY_HEADER, IDENTITY_SERVER_THUMBPRINT, IMDS_ENDPOINT,
  MSI_ENDPOINT, MSI_SECRET, DEFAULT_IDENTITY_CLIENT_ID,
  AZURE_POD_IDENTITY_AUTHORITY_HOST  managed identity
  GITHUB_ACTIONS, ACTIONS_ID_TOKEN_REQUEST_URL,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN     GitHub Actions
  SYSTEM_OIDCREQUESTURI,
  SYSTEM_ACCESSTOKEN                 Azure Pipelines
  CREDENTIALS_DIRECTORY              systemd credentials: entra-auth-cli-key

Network:
  HTTPS_PROXY, ALL_PROXY, NO_PROXY   proxy; lower case is read first
  HTTP_PROXY                         set: programs of serve get NO_PROXY too
  NODE_EXTRA_CA_CERTS                PEM file of authorities to trust too
  NODE_TLS_REJECT_UNAUTHORIZED       0 turns off all checks: doctor warns of it

Terminal, browser and desktop:
  NO_COLOR, FORCE_COLOR, TERM        colour, and whether a picture can be shown
  LANG, LC_ALL, LC_CTYPE, WT_SESSION,
  TERM_PROGRAM                       whether a QR code can be shown
  TZ                                 time zone in which local times are told
  CI                                 set: nobody is asked anything
  BROWSER                            browser to open; none: none
  DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, SSH_TTY, SSH_CLIENT,
  WSL_DISTRO_NAME                    whether a browser and a clipboard are there
  DBUS_SESSION_BUS_ADDRESS,
  XDG_RUNTIME_DIR                    where the keychain of Linux is
  COMP_LINE, COMP_POINT              set by bash when it asks for completions

Set by coding agents: a token that is printed is marked with a warning
  AI_AGENT, AUGMENT_AGENT, CLAUDECODE, CODEX_SANDBOX, COPILOT_CLI, CURSOR_AGENT,
  GEMINI_CLI, GOOSE_TERMINAL, OPENCODE, VSCODE_AGENT

Folders and names that the system sets:
  HOME, USERPROFILE, XDG_CONFIG_HOME, APPDATA, LOCALAPPDATA, ProgramFiles,
  ProgramData, PATH, USER, LOGNAME

A profile may name further ones: --client-secret-env, --certificate-env and
--federated-token-env. No program that is started from here sees a variable that
holds a secret.

Example:
  $ ENTRA_AUTH_CLI_PROFILE=ci AZURE_CLIENT_SECRET="$SECRET" entra-auth-cli get-token`
