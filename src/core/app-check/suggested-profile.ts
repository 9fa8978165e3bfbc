import type { Flow } from '../flows/flow.ts'
import type { Application } from '../graph/application.ts'
import type { ResourceApi } from '../graph/resource-api.ts'
import { isLoopback, isSameRedirect } from './redirect-uris.ts'

/** What a profile of an app would best be made of, by how it is registered. */
export interface SuggestedProfile {
  /** Fit for a profile's name. */
  readonly name: string
  readonly flow: Flow
  /** Whether the app has to prove itself, by something that only its owner has. */
  readonly provesItself: boolean
  /** Undefined where `http://localhost` will do. */
  readonly redirectUri: string | undefined
  readonly scopes: readonly string[]
  /** Why this flow, as one clause. */
  readonly because: string
}

/**
 * Suggests a profile: a person in a browser where the app may come back to this machine, a device code where it may be a
 * public client, else the app in its own name.
 * @param apis those that the app declares permissions of
 */
export function suggestedProfile(
  application: Application,
  apis: readonly ResourceApi[],
  graphUrl: string,
): SuggestedProfile {
  const { redirectUris, isPublicClient, displayName } = application
  const common = {
    name: nameFrom(displayName),
    scopes: [`${mainResource(application, apis, graphUrl)}/.default`],
  }
  const desktop = loopbackOf(redirectUris.publicClient)
  if (desktop !== undefined) {
    return {
      ...common,
      flow: 'interactive-browser',
      provesItself: false,
      redirectUri: otherThanUsual(desktop),
      because: `its redirect URI ${desktop} leads to this machine`,
    }
  }
  if (isPublicClient) {
    return {
      ...common,
      flow: 'device-code',
      provesItself: false,
      redirectUri: undefined,
      because: 'it allows public client flows, and no redirect URI leads here',
    }
  }
  const web = loopbackOf(redirectUris.web)
  const hasRoles = application.required.some(({ kind }) => kind === 'application')
  if (web !== undefined && !hasRoles) {
    return {
      ...common,
      flow: 'authorization-code',
      provesItself: true,
      redirectUri: otherThanUsual(web),
      because: `its redirect URI ${web} leads here, and it proves itself`,
    }
  }
  return {
    ...common,
    flow: 'client-credentials',
    provesItself: true,
    redirectUri: undefined,
    because: 'no redirect URI leads here, so it speaks for itself',
  }
}

/** The usual one before others: any port will do for it. */
function loopbackOf(uris: readonly string[]): string | undefined {
  return uris.find((uri) => isSameRedirect(uri, usual)) ?? uris.find(isLoopback)
}

const usual = 'http://localhost'

function otherThanUsual(uri: string): string | undefined {
  return isSameRedirect(uri, usual) ? undefined : uri
}

/** Graph, unless the app declares permissions of others alone: then the first of those. */
function mainResource({ required }: Application, apis: readonly ResourceApi[], graphUrl: string): string {
  const isGraph = ({ names }: ResourceApi) => names.includes(graphUrl)
  const declared = required.flatMap(
    ({ resourceAppId }) => apis.find(({ appId }) => appId === resourceAppId) ?? [],
  )
  const [first] = declared
  if (first === undefined || declared.some(isGraph)) return graphUrl
  return first.names.find((name) => name.includes('://'))?.replace(/\/+$/, '') ?? first.appId
}

/** `Contoso Daemon (v2)` as `contoso-daemon-v2`. */
function nameFrom(displayName: string): string {
  const name = displayName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64)
    .replace(/[-._]+$/, '')
  return name === '' ? 'app' : name.toLowerCase()
}
