/** `help storage`. */
export const storageTopic = `Storage: where profiles, secrets and tokens are

  profiles.json   profiles, without secrets; may be edited by hand
  vault.json      which key seals the rest, and where that key is; no secret
  secure/         client secrets and certificate passwords, sealed
These three are in $ENTRA_AUTH_CLI_CONFIG_DIR, else in
  ~/.config/entra-auth-cli       Linux and macOS ($XDG_CONFIG_HOME is honoured)
  %APPDATA%\\entra-auth-cli       Windows

Tokens are in $ENTRA_AUTH_CLI_CACHE_DIR, else in ~/.msal/cache, or in
%LOCALAPPDATA%\\.msal\\cache: one sealed file for each profile. To sign everybody out
remove that folder; that it is absent is no error.

Everything is sealed with AES-256-GCM and one random key, which is kept in the first
of these places that there is when the first secret is stored:
  1  where you say: ENTRA_AUTH_CLI_KEY, ENTRA_AUTH_CLI_KEY_FILE,
     ENTRA_AUTH_CLI_KEY_FD, or entra-auth-cli-key in $CREDENTIALS_DIRECTORY
  2  behind a passphrase: ENTRA_AUTH_CLI_PASSPHRASE or ..._PASSPHRASE_FILE
  3  in the keychain of the system
  4  in a file that you alone can read. ENTRA_AUTH_CLI_REQUIRE_SECURE=1 forbids it.
From then on only that key is used. Where it cannot be had, commands end with exit
code 8 and change nothing.

Folders have mode 700, files 600. A file is replaced as a whole, and a process that
is killed leaves the old content or the new one.

Examples:
  $ entra-auth-cli vault status                  where the key is, and what it seals
  $ entra-auth-cli vault migrate --to keychain   moves it, and seals all anew
  $ entra-auth-cli doctor --offline              proves that storing and reading work`
