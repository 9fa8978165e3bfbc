import { EntraAuthError } from '../errors.ts'
import type { Host, HttpClient } from './ports.ts'
import { spanText } from './span-text.ts'

/** How far a server's clock is ahead of this machine's; below zero it is behind. */
export interface ClockSkew {
  readonly milliseconds: number
  /** Host name of the server, with a port where it is not the usual one. */
  readonly server: string
}

/** Entra and its APIs allow a clock to be this much off; beyond it they refuse what it has dated. */
const allowedMilliseconds = 5 * 60_000

/** Whether tokens and assertions are refused, or taken for over, because of it. */
export function isUnusable({ milliseconds }: ClockSkew): boolean {
  return Math.abs(milliseconds) > allowedMilliseconds
}

/** As in `this machine's clock is 61 min ahead of that of login.microsoftonline.com`. */
export function skewFact({ milliseconds, server }: ClockSkew): string {
  const where = milliseconds > 0 ? 'behind' : 'ahead of'
  return `this machine's clock is ${spanText(Math.abs(milliseconds))} ${where} that of ${server}`
}

/** The command that sets the clock. */
export function clockRemedy(platform: NodeJS.Platform): string {
  return remedies[platform] ?? 'sudo timedatectl set-ntp true'
}

const remedies: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
}

/**
 * How far a server's clock is ahead of ours in milliseconds, from its `Date`; undefined where it tells none. A `Date`
 * that a proxy kept is as old as `Age` says.
 * @param sent when the request was sent
 * @param tookMilliseconds until the answer was here
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 */
export function skewOf(
  headers: Readonly<Record<string, string>>,
  sent: Date,
  tookMilliseconds: number,
): number | undefined {
  const date = new Date(headers['date'] ?? Number.NaN).getTime()
  if (Number.isNaN(date)) return undefined
  const age = /^\d{1,9}$/.test(headers['age'] ?? '') ? Number(headers['age']) * 1000 : 0
  const skew = date + age - sent.getTime()
  // It was written at some moment of the exchange, and has whole seconds.
  if (skew >= -1000 && skew <= tookMilliseconds) return 0
  return skew < 0 ? skew : skew - tookMilliseconds
}

/** Looks at the clock of every server that `http` gets an answer from. */
export class ClockWatch {
  readonly #host: Pick<Host, 'http' | 'now' | 'platform'>
  #unusable: ClockSkew | undefined

  constructor(host: Pick<Host, 'http' | 'now' | 'platform'>) {
    this.#host = host
  }

  readonly http: HttpClient = {
    send: async (request) => {
      const sent = this.#host.now()
      const response = await this.#host.http.send(request)
      const took = this.#host.now().getTime() - sent.getTime()
      const skew = {
        milliseconds: skewOf(response.headers, sent, took) ?? 0,
        server: new URL(request.url).host,
      }
      this.#unusable = isUnusable(skew) ? skew : undefined
      return response
    },
  }

  /** What to warn of although there is a token; undefined where the clocks agree well enough. */
  warning(): string | undefined {
    if (!this.#unusable) return undefined
    const effect = this.#unusable.milliseconds > 0 ? 'not valid yet' : 'expired too early'
    return `${skewFact(this.#unusable)}: tokens seem ${effect} here; set it with "${clockRemedy(this.#host.platform)}"`
  }

  /** A refusal of Entra's with a hint that names the clock, where that is off; any other error as it is. */
  explain(error: unknown): unknown {
    const skew = this.#unusable
    const isRefusal = error instanceof EntraAuthError && error.code === 'authentication_failed'
    if (!skew || !isRefusal) return error
    const setIt = `${skewFact(skew)}: set it with "${clockRemedy(this.#host.platform)}"`
    const isOfTime = datedByUs.has(error.entraCode ?? 0)
    const hint = isOfTime || error.hint === undefined ? setIt : `${setIt}; also, ${error.hint}`
    return new EntraAuthError(error.code, error.message, { hint, entraCode: error.entraCode, cause: error })
  }
}

/** Refusals of what this machine dated: an assertion not valid now (700024, 500133), not valid at all (50013, 50027). */
const datedByUs: ReadonlySet<number> = new Set([700024, 500133, 50013, 50027])
