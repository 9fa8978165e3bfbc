import { EntraAuthError } from '../../errors.ts'
import { readAuthorityAnswer } from '../authority-answer.ts'
import { skewOf } from '../clock-skew.ts'
import { cloudNamed } from '../clouds.ts'
import { withDeadline } from '../deadline.ts'
import { entraRefusal } from '../entra-errors.ts'
import type { Host, HttpResponse } from '../ports.ts'
import type { Profile } from '../profiles/profile.ts'
import { whatFailed, type Finding } from './check.ts'
import { clockFinding } from './clock.ts'
import { editCommand } from './edit-command.ts'

type NetworkHost = Pick<Host, 'http' | 'machine' | 'now' | 'platform'>

export interface NetworkOptions {
  /** Sends nothing anywhere; only what can be told from here is told. */
  readonly offline: boolean
  readonly signal: AbortSignal
}

const patienceMilliseconds = 20_000

/** A way to an authority: profiles with the same one are one question. */
interface Route {
  readonly authority: string
  readonly caFile: string | undefined
  readonly profiles: readonly Profile[]
}

export interface NetworkSight {
  readonly findings: readonly Finding[]
  /** Of profiles whose tenant their authority does not take; the subject is the profile. The way to it is open. */
  readonly refused: readonly Finding[]
}

/** Whether the authorities of the profiles answer, through which proxy, and what they say of this machine's clock. */
export async function checkNetwork(
  profiles: readonly Profile[],
  host: NetworkHost,
  options: NetworkOptions,
): Promise<NetworkSight> {
  const routes = routesOf(profiles)
  const proxy = await proxyFinding(routes, host)
  const notAsked = whyNotAsked(routes, proxy, options)
  if (notAsked !== undefined)
    return { findings: [proxy, { name: 'authority', status: 'not_applicable', fact: notAsked }], refused: [] }

  const answers = await Promise.all(routes.map((route) => followRoute(route, host, options.signal)))
  const [skew] = answers.flatMap(({ skewMilliseconds: milliseconds, server }) =>
    milliseconds === undefined ? [] : { milliseconds, server },
  )
  const clock = clockFinding(skew, host.platform)
  return {
    findings: [proxy, ...answers.map(({ finding }) => finding), clock],
    refused: answers.flatMap(({ refused }) => refused),
  }
}

function routesOf(profiles: readonly Profile[]): readonly Route[] {
  const routes = new Map<string, Route>()
  // A managed identity's tokens come from beside the machine, whoever the authority is.
  for (const profile of profiles.filter(({ credential }) => credential.kind !== 'managed-identity')) {
    const { authority, caFile } = profile
    const key = JSON.stringify([authority, caFile])
    routes.set(key, { authority, caFile, profiles: [...(routes.get(key)?.profiles ?? []), profile] })
  }
  return [...routes.values()]
}

function whyNotAsked(
  routes: readonly Route[],
  proxy: Finding,
  { offline }: NetworkOptions,
): string | undefined {
  if (routes.length === 0) return 'not asked, for no profile names one'
  if (offline) return 'not asked (--offline)'
  return proxy.status === 'failed' ? 'not asked, for the proxy cannot be used' : undefined
}

async function proxyFinding(routes: readonly Route[], host: NetworkHost): Promise<Finding> {
  const name = 'proxy'
  const asked =
    routes.length > 0 ? routes.map(({ authority }) => authority) : [cloudNamed('public').authority]
  try {
    const used = await Promise.all(
      [...new Set(asked)].map(async (authority) => {
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

interface RouteAnswer {
  readonly server: string
  readonly finding: Finding
  readonly refused: readonly Finding[]
  /** How far the authority's clock is ahead of ours. */
  readonly skewMilliseconds: number | undefined
}

/** Asks for the metadata of one tenant after the other; where nobody answers, the others are not asked for. */
async function followRoute(route: Route, host: NetworkHost, signal: AbortSignal): Promise<RouteAnswer> {
  const server = new URL(route.authority).host
  const found = { name: 'authority', subject: server } as const
  const refused: Finding[] = []
  let skewMilliseconds: number | undefined
  let tookMilliseconds: number | undefined
  try {
    for (const [tenant, profiles] of byTenant(route.profiles)) {
      const sent = host.now()
      const response = await askFor(tenant, route, server, host, signal)
      const took = host.now().getTime() - sent.getTime()
      tookMilliseconds ??= took
      skewMilliseconds ??= skewOf(response.headers, sent, took)
      const refusal = refusalIn(response, server)
      if (refusal !== undefined)
        refused.push(...profiles.map((profile) => tenantFinding(profile, server, refusal)))
    }
  } catch (error) {
    const { fact, remedy } = whatFailed(error)
    const names = route.profiles.map(({ name }) => name)
    const concerned = `${names.length === 1 ? 'profile' : 'profiles'} ${names.join(', ')}`
    const finding = { ...found, status: 'failed', fact: `${fact} (${concerned})`, remedy } as const
    return { server, finding, refused, skewMilliseconds }
  }
  const by = route.caFile === undefined ? '' : ` with "${route.caFile}"`
  const fact = `${server} answered in ${tookMilliseconds} ms; its certificate is trusted${by}`
  return { server, finding: { ...found, status: 'ok', fact }, refused, skewMilliseconds }
}

function byTenant(profiles: readonly Profile[]): ReadonlyMap<string, readonly Profile[]> {
  const tenants = new Map<string, readonly Profile[]>()
  for (const profile of profiles) {
    const tenant = profile.tenantId.toLowerCase()
    tenants.set(tenant, [...(tenants.get(tenant) ?? []), profile])
  }
  return tenants
}

/** @throws EntraAuthError `network`, `timeout` or `interrupted` */
async function askFor(
  tenant: string,
  { authority, caFile }: Route,
  server: string,
  { http }: NetworkHost,
  outer: AbortSignal,
): Promise<HttpResponse> {
  const url = `${authority}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`
  const late = `${server} did not answer within ${patienceMilliseconds / 1000} s`
  try {
    return await withDeadline(outer, patienceMilliseconds, late, (signal) =>
      http.send({ method: 'GET', url, caFile, signal }),
    )
  } catch (error) {
    if (!(error instanceof EntraAuthError) || error.code !== 'timeout') throw error
    // A deadline's own hint names a flag that this command has not.
    const hint = 'look at your connection, a VPN or HTTPS_PROXY, then try again'
    throw new EntraAuthError('timeout', error.message, { hint, cause: error })
  }
}

/**
 * What the authority has against the tenant; undefined where it knows it.
 * @throws EntraAuthError `network` for an answer that is none of an authority
 */
function refusalIn({ status, body }: HttpResponse, server: string): string | undefined {
  const answer = readAuthorityAnswer(body, server)
  const { error, error_description: description } = answer
  if (typeof error === 'string')
    return entraRefusal(error, typeof description === 'string' ? description : '').message
  if (status === 200 && answer['token_endpoint'] !== undefined) return undefined
  throw new EntraAuthError(
    'network',
    `${server} answered with status ${status} and names no token endpoint`,
    {
      hint: 'check the authority of the profile with "entra-auth-cli config show"',
    },
  )
}

function tenantFinding(profile: Profile, server: string, refusal: string): Finding {
  return {
    name: 'tenant',
    subject: profile.name,
    status: 'failed',
    fact: `${server} does not take the tenant "${profile.tenantId}": ${refusal}`,
    remedy: editCommand(profile.name, '--tenant-id TENANT'),
  }
}
