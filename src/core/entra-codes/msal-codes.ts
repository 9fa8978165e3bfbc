import type { NamedErrorTable } from './oauth-errors.ts'
import { showProfile, signInAgain, signInInBrowser, tryAgainSoon } from './sign-in-remedies.ts'

const checkAuthority = 'check authority and tenant of the profile with "entra-auth-cli config show NAME"'
const looseConnection = 'see what stands in the way with "entra-auth-cli doctor -p NAME"'
const clearSignIn =
  'sign in anew, which replaces what is kept: "entra-auth-cli get-token -p NAME --force --prompt login"'
const foreignAnswer = 'a proxy or an authority that is not Entra changed the answer'

/**
 * What MSAL itself has to say: it names its errors, and links to pages for programmers. Those are here which users can
 * meet through the flows of this tool, or in the logs of others.
 * @see https://learn.microsoft.com/entra/msal/javascript/browser/errors
 */
export const msalCodes: NamedErrorTable = {
  endpoints_resolution_error: {
    fact: 'the authority does not answer as an OpenID Connect authority',
    causes: [
      'authority or tenant of the profile is misspelled',
      'a proxy or a captive portal answers in its place',
      'the network does not reach it',
    ],
    who: 'you',
    remedy: [checkAuthority, looseConnection],
    code: 'network',
  },
  openid_config_error: {
    fact: 'the authority does not answer as an OpenID Connect authority',
    causes: ['authority or tenant of the profile is misspelled', 'a proxy answers in its place'],
    who: 'you',
    remedy: [checkAuthority, looseConnection],
    code: 'network',
  },
  untrusted_authority: {
    fact: 'the authority is not one that MSAL trusts',
    causes: ['the authority is of another cloud or none of Microsoft'],
    who: 'you',
    remedy: [checkAuthority],
  },
  invalid_authority_metadata: {
    fact: 'the OpenID configuration of the authority is not valid',
    causes: [foreignAnswer],
    who: 'you',
    remedy: [checkAuthority, looseConnection],
    code: 'network',
  },
  invalid_cloud_discovery_metadata: {
    fact: 'what the authority says of its cloud is not valid',
    causes: [foreignAnswer],
    who: 'you',
    remedy: [checkAuthority, looseConnection],
    code: 'network',
  },
  issuer_validation_failed: {
    fact: 'the authority names an issuer that is not its own',
    causes: ['the authority in the profile is not the address the issuer has', foreignAnswer],
    who: 'you',
    remedy: [checkAuthority],
  },
  authority_mismatch: {
    fact: 'the sign-in that is kept belongs to another authority',
    causes: ['authority or tenant of the profile was changed since the sign-in'],
    who: 'you',
    remedy: [signInAgain],
  },
  authority_uri_insecure: {
    fact: 'the authority does not start with https://',
    causes: ['the authority of the profile was written with http://'],
    who: 'you',
    remedy: [checkAuthority],
    code: 'invalid_arguments',
  },
  url_parse_error: {
    fact: 'the authority is not an address',
    causes: ['the authority or the redirect URI of the profile is misspelled'],
    who: 'you',
    remedy: [checkAuthority],
    code: 'invalid_arguments',
  },
  empty_url_error: {
    fact: 'the authority is empty',
    causes: ['the profile has no authority'],
    who: 'you',
    remedy: [checkAuthority],
    code: 'invalid_arguments',
  },
  missing_tenant_id_error: {
    fact: 'an app without a user needs a tenant of its own',
    causes: ['the profile names common, organizations or consumers'],
    who: 'you',
    remedy: ['give the tenant with --tenant or in the profile'],
    code: 'invalid_arguments',
  },
  empty_input_scopes_error: {
    fact: 'no scope is asked for',
    causes: ['neither the profile nor the command line names a scope'],
    who: 'you',
    remedy: ['give one with "entra-auth-cli get-token -p NAME --scope https://graph.microsoft.com/.default"'],
    code: 'invalid_arguments',
  },
  invalid_claims: {
    fact: 'the claims that were given are not JSON',
    causes: ['quotes were lost in the shell', 'the challenge is still base64'],
    who: 'you',
    remedy: [`put the JSON in single quotes: "entra-auth-cli get-token -p NAME --claims '{}'"`],
    code: 'invalid_arguments',
  },
  network_error: {
    fact: 'the request did not reach the authority',
    causes: ['no connection, or a proxy that refuses it', 'a name that does not resolve'],
    who: 'you',
    remedy: [looseConnection],
    code: 'network',
  },
  no_network_connectivity: {
    fact: 'there is no connection to the network',
    causes: ['the machine is offline'],
    who: 'you',
    remedy: [looseConnection],
    code: 'network',
  },
  post_request_failed: {
    fact: 'the request to the authority failed',
    causes: ['no connection, or a proxy that refuses it', 'the authority answered with an error'],
    who: 'you',
    remedy: [looseConnection],
    code: 'network',
  },
  device_code_expired: {
    fact: 'the device code has expired',
    causes: ['nobody entered it within its time, which is 15 minutes as a rule'],
    who: 'you',
    remedy: ['run it again for a new code', signInInBrowser],
    code: 'timeout',
  },
  user_timeout_reached: {
    fact: 'nobody signed in in time',
    causes: ['the code was not entered within the time that was given'],
    who: 'you',
    remedy: ['give it more time: "entra-auth-cli get-token -p NAME --timeout 15m"'],
    code: 'timeout',
  },
  device_code_unknown_error: {
    fact: 'the authority answered to the device code with something that is no answer',
    causes: [foreignAnswer],
    who: 'you',
    remedy: [tryAgainSoon, looseConnection],
  },
  no_tokens_found: {
    fact: 'no refresh token is kept for this account',
    causes: ['nobody signed in yet', 'the sign-in did not ask for offline_access'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
  refresh_token_expired: {
    fact: 'the refresh token has expired',
    causes: ['it was not used for a long time'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
  no_account_found: {
    fact: 'nobody is signed in',
    causes: ['nobody signed in with this profile yet, or the sign-in was deleted'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
  no_account_in_silent_request: {
    fact: 'nobody is signed in',
    causes: ['nobody signed in with this profile yet, or the sign-in was deleted'],
    who: 'you',
    remedy: [signInAgain],
    code: 'interaction_required',
  },
  token_refresh_required: {
    fact: 'the token that is kept has expired',
    causes: ['its time is over, or a new one was asked for'],
    who: 'you',
    remedy: ['get a new one with "entra-auth-cli get-token -p NAME --force"'],
  },
  multiple_matching_tokens: {
    fact: 'more than one token is kept that fits',
    causes: ['the cache holds tokens of several sign-ins'],
    who: 'you',
    remedy: [clearSignIn],
  },
  invalid_cache_record: {
    fact: 'what is kept of the sign-in is not valid',
    causes: ['the cache was changed by another program'],
    who: 'you',
    remedy: [clearSignIn],
  },
  invalid_cache_environment: {
    fact: 'what is kept of the sign-in belongs to another authority',
    causes: ['the authority of the profile was changed since the sign-in'],
    who: 'you',
    remedy: [clearSignIn],
  },
  state_mismatch: {
    fact: 'the answer belongs to another sign-in',
    causes: ['an old sign-in page was finished', 'somebody tries to slip in an answer'],
    who: 'you',
    remedy: ['close old sign-in pages and sign in again'],
  },
  nonce_mismatch: {
    fact: 'the ID token belongs to another sign-in',
    causes: ['an old sign-in page was finished', 'somebody tries to slip in an answer'],
    who: 'you',
    remedy: ['close old sign-in pages and sign in again'],
  },
  token_parsing_error: {
    fact: 'the ID token in the answer cannot be read',
    causes: [foreignAnswer],
    who: 'you',
    remedy: [checkAuthority, looseConnection],
  },
  null_or_empty_token: {
    fact: 'the answer holds no ID token',
    causes: ['the scope openid was not granted', foreignAnswer],
    who: 'you',
    remedy: [checkAuthority],
  },
  client_info_decoding_error: {
    fact: 'the answer does not say in a readable way who signed in',
    causes: [foreignAnswer],
    who: 'you',
    remedy: [checkAuthority],
  },
  client_info_empty_error: {
    fact: 'the answer does not say who signed in',
    causes: ['the authority is not Entra'],
    who: 'you',
    remedy: [checkAuthority],
  },
  invalid_client_credential: {
    fact: 'the profile has nothing with which the app could prove itself, or more than one thing',
    causes: ['secret, certificate and assertion exclude each other'],
    who: 'you',
    remedy: ['see what it has with "entra-auth-cli config show NAME"'],
    code: 'profile_incomplete',
  },
  invalid_assertion: {
    fact: 'the client assertion is empty or expired',
    causes: ['the file or the command that gives it gave nothing'],
    who: 'you',
    remedy: [showProfile],
  },
}
