/** `help exit-codes`. */
export const exitCodesTopic = `Exit codes

    0  done. For discover and validate: the token is valid
    1  general error. For discover and validate: the token is expired, not valid or
       none; for inspect: it is none
    2  Entra refused: the message names the AADSTS number, and
       "entra-auth-cli explain NUMBER" says who must act
    3  there is no such profile, or it is not complete
    4  invalid arguments, or something is missing and nobody can be asked
    5  network error: no connection, proxy, certificate of the server
    6  timed out
    7  a person must sign in, and none can: there is no terminal, --no-interaction
       forbids to ask, or no refresh token is left. Run get-token in a terminal
    8  the store of secrets cannot be opened, or its content does not verify
    9  validate: nobody but the token's own API can check its signature (Microsoft
       Graph and other APIs of Microsoft's)
  126  exec, serve: the program cannot be run
  127  exec, serve: there is no such program
  130  interrupted
exec and serve otherwise end with the code of the program they run.

After 5 and 6 trying again may help; after the others something has to change.

Example:
  $ entra-auth-cli get-token -p ci --no-interaction > token.txt || case $? in
      7) entra-auth-cli get-token -p ci --flow device-code > token.txt ;;
      5|6) echo "try again later" >&2 ;;
    esac`
