import type { Refusal } from './access.ts'

/**
 * The `WWW-Authenticate` header of a 401. A request that carried no token at all is told no error.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function bearerChallenge(
  refusal: Refusal,
  description: string,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const told = refusal.kind === 'missing' ? {} : { error: 'invalid_token', error_description: description }
  const written = Object.entries({ ...parameters, ...told }).map(
    ([name, value]) => `${name}="${quotable(value)}"`,
  )
  return ['Bearer', written.join(', ')].join(' ').trimEnd()
}

/** What may stand between the quotes of a header: what an audience holds comes from outside. */
function quotable(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, "'")
}
