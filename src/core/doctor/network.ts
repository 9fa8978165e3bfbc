import { EntraAuthError } from '../../errors.ts'
import { readAuthorityAnswer } from '../authority-answer.ts'
import { cloudNamed } from '../clouds.ts'
import { withDeadline } from '../deadline.ts'
import { entraRefusal } from '../entra-errors.ts'
import type { Host, HttpResponse } from '../ports.ts'
import type { Profile } from '../profiles/profile.ts'
import { whatFailed, type Check, type Finding } from './check.ts'
import { clockFinding, skewOf } from './clock.ts'
import { shellWord } from './shell-word.ts'

type NetworkHost = Pick<Host, 'http' | 'machine' | 'now' | 'platform'>

export interface NetworkOptions {
  /** Asks nobody; only what can be told from here is told. */
  readonly offline: boolean
  readonly signal: AbortSignal
}

const patienceMilliseconds = 20_000

/** A way to an authority: two profiles with the same one are one question. */
interface Route {
  readonly authority: string
  readonly tenantId: string
  readonly caFile: string | undefined
  /** The profile to name where it is wrong. */
  readonly profileName: string
}

/** Whether the authorities of the profiles answer, through which proxy, and what they say of this machine's clock. */
export async function checkNetwork(
  profiles: readonly Profile[],
  host: NetworkHost,
  options: NetworkOptions,
): Promise<readonly Check[]> {
  const routes = routesOf(profiles)
  const authorities =
    routes.length > 0 ? routes.map(({ authority }) => authority) : [cloudNamed('public').authority]
  const proxy = network(await proxyFinding([...new Set(authorities)], host))
  const notAsked =
    routes.length === 0
      ? 'not asked, for no profile names one'
      : options.offline
        ? 'not asked (--offline)'
        : proxy.status === 'failed'
          ? 'not asked, for the proxy cannot be used'
          : undefined
  if (notAsked !== undefined)
    return [proxy, network({ name: 'authority', status: 'not_applicable', fact: notAsked })]

  const answers = await Promise.all(routes.map((route) => ask(route, host, options.signal)))
  const told = answers.find(({ skewMilliseconds }) => skewMilliseconds !== undefined)
  const clock =
    told?.skewMilliseconds === undefined
      ? ({ name: 'clock', status: 'not_applicable', fact: 'no authority told its time' } as const)
      : clockFinding(told.skewMilliseconds, told.check.subject ?? '', host.platform)
  return [proxy, ...answers.map(({ check }) => check), network(clock)]
}

function routesOf(profiles: readonly Profile[]): readonly Route[] {
  const routes = new Map<string, Route>()
  for (const { name, authority, tenantId, caFile } of profiles) {
    const key = JSON.stringify([authority, tenantId.toLowerCase(), caFile])
    if (!routes.has(key)) routes.set(key, { authority, tenantId, caFile, profileName: name })
  }
  return [...routes.values()]
}

const network = (finding: Finding): Check => ({ group: 'network', ...finding })

async function proxyFinding(authorities: readonly string[], host: NetworkHost): Promise<Finding> {
  const name = 'proxy'
  try {
    const used = await Promise.all(
      authorities.map(async (authority) => {
        const proxy = await host.machine.proxyFor(authority)
        return proxy && `${proxy} on the way to ${new URL(authority).host}`
      }),
    )
    const fact = used.filter((text) => text !== undefined).join(', ')
    return { name, status: 'ok', fact: fact === '' ? 'none is used' : fact }
  } catch (error) {
    return { name, status: 'failed', ...whatFailed(error) }
  }
}

interface Answer {
  readonly check: Check
  /** How far the authority's clock is ahead of ours. */
  readonly skewMilliseconds?: number
}

async function ask(route: Route, host: NetworkHost, signal: AbortSignal): Promise<Answer> {
  const { host: server } = new URL(route.authority)
  const subject = `${server}/${route.tenantId}`
  const failed = (error: unknown): Check =>
    network({ name: 'authority', subject, status: 'failed', ...whatFailed(asPatienceAllows(error)) })
  let response: HttpResponse
  const started = host.now()
  try {
    response = await withDeadline(
      signal,
      patienceMilliseconds,
      `${server} did not answer within ${patienceMilliseconds / 1000} s`,
      (limited) =>
        host.http.send({
          method: 'GET',
          url: `${route.authority}/${encodeURIComponent(route.tenantId)}/v2.0/.well-known/openid-configuration`,
          caFile: route.caFile,
          signal: limited,
        }),
    )
  } catch (error) {
    return { check: failed(error) }
  }
  const took = host.now().getTime() - started.getTime()
  const skewMilliseconds = skewOf(response.headers, started, took)
  try {
    return {
      check: judge(readAuthorityAnswer(response.body, server), response.status, took),
      skewMilliseconds,
    }
  } catch (error) {
    return { check: failed(error) }
  }

  function judge(answer: Readonly<Record<string, unknown>>, status: number, milliseconds: number): Check {
    const { error, error_description: description } = answer
    if (typeof error === 'string') {
      // The way is open: it is the profile that is wrong.
      const refusal = entraRefusal(error, typeof description === 'string' ? description : '')
      return {
        group: 'profiles',
        name: 'tenant',
        subject: route.profileName,
        status: 'failed',
        fact: `${server} refuses the tenant "${route.tenantId}": ${refusal.message}`,
        remedy: `entra-auth-cli config show ${shellWord(route.profileName)}`,
      }
    }
    if (status !== 200 || answer['token_endpoint'] === undefined) {
      return network({
        name: 'authority',
        subject,
        status: 'failed',
        fact: `${server} answered with status ${status} and no token endpoint`,
        remedy: `entra-auth-cli config show ${shellWord(route.profileName)}`,
      })
    }
    return network({
      name: 'authority',
      subject,
      status: 'ok',
      fact: `${server} answered for ${route.tenantId} in ${milliseconds} ms, and its certificate is trusted`,
    })
  }
}

/** A deadline's own hint names a flag that this command has not. */
function asPatienceAllows(error: unknown): unknown {
  if (!(error instanceof EntraAuthError) || error.code !== 'timeout') return error
  return new EntraAuthError('timeout', error.message, {
    hint: 'look at your connection, a VPN or HTTPS_PROXY, then try again',
    cause: error,
  })
}
