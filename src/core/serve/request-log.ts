import type { EntraAuthError } from '../../errors.ts'
import type { TokenWish } from './audience.ts'
import type { Asker, ServiceLog } from './token-service.ts'

export interface LogOptions {
  readonly now: () => Date
  /** One line that belongs to what was asked for. */
  readonly say: (text: string) => void
  readonly warn: (text: string) => void
  /** One line for whoever wants to see each request. */
  readonly trace: (text: string) => void
}

const quietMilliseconds = 60_000
/** Names of programs are theirs to choose: nobody fills the memory with them. */
const mostKinds = 200

/**
 * Says who asked for what: the same of the same once, and a refusal at most once a minute, with how often it happened
 * meanwhile. A program that asks a thousand times a second must not drown the line that matters.
 */
export class RequestLog implements ServiceLog {
  readonly #options: LogOptions
  readonly #served = new Set<string>()
  readonly #refused = new Map<string, { saidAt: number; since: number }>()

  constructor(options: LogOptions) {
    this.#options = options
  }

  served(asker: Asker, protocol: string, { profile, scopes }: TokenWish): void {
    const line = `${profile.name}: token for ${scopes.join(' ')} to ${nameOf(asker)} (${protocol})`
    this.#options.trace(line)
    if (this.#served.has(line) || this.#served.size >= mostKinds) return
    this.#served.add(line)
    this.#options.say(line)
  }

  refused(asker: Asker, reason: string): void {
    this.#options.trace(`refused ${nameOf(asker)}: ${reason}`)
    this.#seldom(reason, `refused ${nameOf(asker)}: ${reason}`)
  }

  /** A connection that brought no request. */
  brokenConnection(reason: string): void {
    this.#seldom(reason, `a connection was ended: ${reason}`)
  }

  /** A token that could not be got or renewed. */
  failed({ profile }: TokenWish, error: EntraAuthError): void {
    const hint = error.hint === undefined ? '' : ` (${error.hint})`
    this.#options.warn(`${profile.name}: ${error.message}${hint}`)
  }

  broken(error: unknown): void {
    this.#options.warn(`a request failed by a defect of entra-auth-cli: ${String(error)}`)
  }

  #seldom(kind: string, line: string): void {
    const now = this.#options.now().getTime()
    const known = this.#refused.get(kind)
    if (known && now - known.saidAt < quietMilliseconds) return void known.since++
    if (!known && this.#refused.size >= mostKinds) return
    const more = known && known.since > 0 ? `, and ${known.since} more since it was last said` : ''
    this.#refused.set(kind, { saidAt: now, since: 0 })
    this.#options.warn(line + more)
  }
}

/** Quoted: the name is the program's own. */
function nameOf({ userAgent, address }: Asker): string {
  const name = userAgent === undefined ? 'a program without a name' : JSON.stringify(userAgent)
  return address === '127.0.0.1' || address === '::1' ? name : `${name} at ${address}`
}
