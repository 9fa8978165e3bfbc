/** Names of claims that hold what somebody could use, or what nobody but its maker can read. */
const secretNames: ReadonlySet<string> = new Set([
  'nonce',
  'aio',
  'rh',
  'login_hint',
  'xms_ftd',
  'at_hash',
  'c_hash',
])
const secretName =
  /token|secret|passw|credential|assertion|cookie|private|api_?key|(?:^|_)(?:key|code|pin|otp)$/i
/** Names whose values are long and random as they should be, and of no use to anybody. */
const plainNames: ReadonlySet<string> = new Set([
  'sub',
  'kid',
  'x5t',
  'x5t#S256',
  'uti',
  'jti',
  'pwd_exp',
  'pwd_url',
])

/** What is longer says nothing to a reader. */
const longestPlain = 4096
const jsonWebToken = /eyJ[\w-]{8,}/
const privateKey = /-----BEGIN/
const secretInUrl = /[?&#](?:sig|code|key|token|secret|\w+_(?:token|secret|key|code))=/i
const passwordInUrl = /:\/\/[^/\s@]*:[^/\s@]*@/
/** 24 characters and more without a space or a dot, as secrets, keys and hashes are written. */
const longWord = /[A-Za-z0-9~_+/=-]{24,}/g
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Whether a claim, or a text anywhere inside of it, looks like something that should not be handed on: a token, a key, a
 * password, or an opaque value. Errs towards a secret; who a user or an app is, is none.
 * @param name of the claim or of the innermost member around the text
 */
export function looksSecret(name: string, text: string): boolean {
  if (plainNames.has(name) && text.length <= longestPlain) return jsonWebToken.test(text)
  if (text.length > longestPlain) return true
  if (secretNames.has(name) || secretName.test(name)) return true
  if ([jsonWebToken, privateKey, secretInUrl, passwordInUrl].some((form) => form.test(text))) return true
  return (text.match(longWord) ?? []).some(isRandom)
}

/** Capitals, small letters and digits in one long word, or only hexadecimal digits; names and addresses are neither. */
function isRandom(word: string): boolean {
  if (word.split(/[/]/).some((part) => guid.test(part))) return false
  if (/^[0-9a-f]{32,}$/i.test(word)) return true
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && (word.match(/\d/g) ?? []).length >= 2
}
