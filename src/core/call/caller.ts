import { EntraAuthError } from '../../errors.ts'
import { secondsLeft, type AccessToken } from '../access-token.ts'
import { readClaims } from '../claims-challenge.ts'
import type { Host, HttpStream, HttpStreamRequest } from '../ports.ts'
import type { TokenRequest } from '../token-request.ts'
import { readChallenges } from '../www-authenticate.ts'
import { ownAddress } from './address.ts'

/** One request of a call. */
export interface CallRequest {
  readonly method: HttpStreamRequest['method']
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface CallerOptions {
  readonly host: Pick<Host, 'http' | 'now' | 'sleep'>
  /** Gets the token of the call; the wishes are for one that is better than the last. */
  readonly obtain: (wishes?: Partial<TokenRequest>) => Promise<AccessToken>
  readonly caFile: string | undefined
  readonly signal: AbortSignal
  /** Told, as one clause, why nothing seems to happen. */
  readonly onWait: (text: string) => void
}

/** Sends requests with the token of a call. */
export interface Caller {
  /**
   * Answers as the API gave them, whatever their status. Redirects within the origin are followed; one that leads out of
   * it is the answer. A refusal of the token is answered once with a new one, a request to come later by coming later.
   * @throws EntraAuthError as getting a token and HTTP do
   */
  send(request: CallRequest): Promise<HttpStream>
}

const mostRedirects = 5
/** The longest pause that an API may ask for, for all requests of a call together. */
const longestPause = 5 * 60_000

/** A token is got when it is first needed, and renewed before it ends. */
export function openCaller({ host, obtain, caFile, signal, onWait }: CallerOptions): Caller {
  let token: AccessToken | undefined
  let patience = longestPause

  const usable = async () => {
    if (token === undefined || secondsLeft(token, host.now()) < 60) token = await obtain()
    return token
  }

  async function sendOnce({ method, url, headers, body }: CallRequest): Promise<HttpStream> {
    const { tokenType, token: text } = await usable()
    return host.http.open({
      method,
      url: url.href,
      headers: { ...headers, authorization: `${tokenType} ${text}` },
      ...(body === undefined ? {} : { body }),
      ...(caFile === undefined ? {} : { caFile }),
      signal,
    })
  }

  /** @returns whether there is another token now */
  async function renew(answer: HttpStream): Promise<boolean> {
    const claims = claimsIn(answer)
    if (claims === undefined && token?.fromCache !== true) return false
    try {
      token = await obtain(claims === undefined ? { fresh: true, silentOnly: true } : { claims })
      return true
    } catch (error) {
      // Where the API names nothing that would help, its own refusal says more than that nobody is there to sign in.
      const isNobody = error instanceof EntraAuthError && error.code === 'interaction_required'
      if (claims === undefined && isNobody) return false
      throw error
    }
  }

  /** @returns whether the time that the API asked for is over now; false where it is more than anybody would wait */
  async function waited({ status, headers }: HttpStream, url: URL): Promise<boolean> {
    const pause = retryAfterMilliseconds(headers['retry-after'], host.now())
    if ((status !== 429 && status !== 503) || pause === undefined || pause > patience) return false
    patience -= pause
    onWait(`Waiting ${Math.ceil(pause / 1000)} s, as ${url.host} asks (${status})...`)
    await host.sleep(pause, signal)
    return true
  }

  return {
    async send(asked) {
      let request = asked
      let mayRenew = true
      for (let redirects = 0; ;) {
        const answer = await sendOnce(request)
        const next = redirected(request, answer)
        if (next !== undefined && redirects < mostRedirects) {
          redirects++
          request = next
        } else if (answer.status === 401 && mayRenew && (await renew(answer))) {
          mayRenew = false
        } else if (!(await waited(answer, request.url))) {
          return answer
        }
        answer.discard()
      }
    },
  }
}

/** @see https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function claimsIn({ headers }: HttpStream): string | undefined {
  const [claims, ...others] = (readChallenges(headers['www-authenticate'] ?? '') ?? [])
    .filter(({ scheme }) => scheme === 'bearer')
    .flatMap(({ parameters }) => parameters.get('claims') ?? [])
  if (claims === undefined || others.length > 0) return undefined
  try {
    return readClaims(claims)
  } catch (error) {
    if (error instanceof EntraAuthError) return undefined
    throw error
  }
}

export function isRedirect({ status, headers }: Pick<HttpStream, 'status' | 'headers'>): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers['location'] !== undefined
}

/**
 * What a redirect asks for; undefined where it leads to another origin, or is none.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.4
 */
function redirected(request: CallRequest, answer: HttpStream): CallRequest | undefined {
  if (!isRedirect(answer)) return undefined
  const url = ownAddress(answer.headers['location'] ?? '', request.url)
  if (url === undefined) return undefined
  const becomesGet =
    (answer.status === 303 && request.method !== 'HEAD') || (answer.status < 303 && request.method === 'POST')
  if (!becomesGet) return { ...request, url }
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !/^content-/i.test(name)),
  )
  return { method: 'GET', url, headers }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function retryAfterMilliseconds(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
