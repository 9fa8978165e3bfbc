import { knownMetadata, withMetadata, type AuthorityMetadata } from './authority-metadata.ts'
import { ClockWatch } from './clock-skew.ts'
import { withDeadline } from './deadline.ts'
import type { FlowContext } from './flows/context.ts'
import type { Interaction } from './interaction.ts'
import { MsalCacheSession } from './msal-cache-session.ts'
import { MsalNetwork } from './msal-network.ts'
import type { Host } from './ports.ts'
import type { CachedTokens } from './token-cache.ts'
import type { TokenRequest } from './token-request.ts'

/** A part of an acquisition, with a time limit of its own. */
export interface Stage {
  readonly milliseconds: number
  /** What is said when they are over. */
  readonly fact: string
  /**
   * Whether a person signs in. An address that has moved shows in their browser and not here, so what was kept of the
   * authority is not relied upon: one request is nothing beside a person.
   */
  readonly attended: boolean
}

/** What the stages of one acquisition share: MSAL's cache, the server's clock, and what the authority said of itself. */
export class Acquisition {
  readonly session: MsalCacheSession
  readonly #clock: ClockWatch
  readonly #request: TokenRequest
  readonly #kept: readonly AuthorityMetadata[]
  readonly #host: Host
  readonly #interaction: Interaction
  /** What the authority said of its endpoints, where it was asked and MSAL went on with it. */
  #said: object | undefined

  constructor(request: TokenRequest, tokens: CachedTokens, host: Host, interaction: Interaction) {
    this.session = new MsalCacheSession(tokens.msalText)
    this.#clock = new ClockWatch(host)
    this.#request = request
    this.#kept = tokens.authorities ?? []
    this.#host = host
    this.#interaction = interaction
  }

  /** Does the work of a stage and translates what MSAL throws. */
  run<T>(stage: Stage, signal: AbortSignal, work: (context: FlowContext) => Promise<T>): Promise<T> {
    const known = this.authorities(stage.attended ? [] : this.#kept)
    const metadata = knownMetadata(known, this.#request.profile, this.#host.now())
    return withDeadline(signal, stage.milliseconds, stage.fact, (limited) =>
      this.#attempt(work, limited, metadata),
    )
  }

  /** What is to be kept of authorities, given what is kept now. */
  authorities(current: readonly AuthorityMetadata[]): readonly AuthorityMetadata[] {
    return withMetadata(current, this.#said, this.#request.profile, this.#host.now())
  }

  /** Whether the authority was asked for its endpoints. */
  get hasLearned(): boolean {
    return this.#said !== undefined
  }

  clockWarning(): string | undefined {
    return this.#clock.warning()
  }

  async #attempt<T>(
    work: (context: FlowContext) => Promise<T>,
    signal: AbortSignal,
    authorityMetadata: string | undefined,
  ): Promise<T> {
    const request = this.#request
    const { profile } = request
    const origin = authorityMetadata === undefined ? undefined : new URL(profile.authority).origin
    const network = new MsalNetwork(this.#clock.http, profile.caFile, signal, origin)
    const cachePlugin = this.session.plugin
    const [host, interaction] = [this.#host, this.#interaction]
    const context = { request, host, interaction, signal, network, cachePlugin, authorityMetadata }
    try {
      const result = await work(context)
      this.#said = network.openIdConfiguration ?? this.#said
      return result
    } catch (error) {
      if (authorityMetadata !== undefined && network.hasMissed) {
        interaction.trace('what was kept of the authority is out of date: asking it anew')
        return this.#attempt(work, signal, undefined)
      }
      throw await this.#explained(error, network)
    }
  }

  /** What all errors mean is loaded where there is one. */
  async #explained(error: unknown, network: MsalNetwork): Promise<unknown> {
    const { translateMsalError, withProfileName } = await import('./msal-errors.ts')
    const translated = translateMsalError(error, network)
    return this.#clock.explain(withProfileName(translated, this.#request.profile.name))
  }
}
