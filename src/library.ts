/** What the library does once it is called: this machine as a host, and the core with it. */
import { fileURLToPath } from 'node:url'
import type { AccessToken } from './core/access-token.ts'
import type { Interaction } from './core/interaction.ts'
import type { Host } from './core/ports.ts'
import { isGuid, isTenant, naturalFlow, type Profile } from './core/profiles/profile.ts'
import { readProfile } from './core/profiles/profile-record.ts'
import { chooseRecord, findProfile, loadProfiles, namesOf } from './core/profiles/profile-store.ts'
import { textField } from './core/profiles/record-fields.ts'
import { parseScopes } from './core/scopes.ts'
import { tokenRequest, type TokenRequest } from './core/token-request.ts'
import { obtainToken } from './core/tokens.ts'
import type {
  AbortSignalLike,
  CredentialToken,
  GetTokenOptions,
  ListedProfile,
  ProfileCredentialOptions,
  ProfileEnvironment,
  ProfileTokenOptions,
  TokenOptions,
} from './credential.ts'
import { EntraAuthError } from './errors.ts'
import { decodeToken } from './jwt/decode.ts'
import { createHost } from './platform/host.ts'
import { ownCommand } from './platform/own-command.ts'
import { redirectPage } from './ui/redirect-page.ts'

/** @param entryUrl where the library lies; the program lies beside it */
export async function obtainForLibrary(options: TokenOptions, entryUrl: string): Promise<AccessToken> {
  const host = hostFor(options, entryUrl)
  const profile = await profileNamed(options.profile, host)
  return obtain(profile, options, host)
}

export async function obtainForCredential(
  scopes: string | readonly string[],
  { abortSignal, claims, tenantId }: GetTokenOptions,
  options: ProfileCredentialOptions,
  entryUrl: string,
): Promise<CredentialToken> {
  const host = hostFor(options, entryUrl)
  const profile = await profileNamed(options.profile, host)
  const wanted = typeof scopes === 'string' ? [scopes] : scopes
  const asked: TokenOptions = { ...options, scopes: wanted, claims: claims || undefined, signal: abortSignal }
  const token = await inTenant(tenantId || undefined, profile, asked, options, host)
  const lead = (options.minimumLifetimeSeconds ?? defaultLifetimeSeconds) * 1000
  const expiresOnTimestamp = token.expiresOn.getTime()
  return {
    token: token.token,
    expiresOnTimestamp,
    refreshAfterTimestamp: expiresOnTimestamp - lead,
    tokenType: 'Bearer',
  }
}

export async function listForLibrary(
  where: ProfileEnvironment,
  entryUrl: string,
): Promise<readonly ListedProfile[]> {
  const { records } = await loadProfiles(hostFor(where, entryUrl))
  return records.flatMap((record): readonly ListedProfile[] => {
    const name = textField(record, 'name')
    if (name === undefined) return []
    try {
      const profile = readProfile(record)
      const { tenantId, clientId, scopes } = profile
      return [{ usable: true, name, tenantId, clientId, scopes, flow: naturalFlow(profile) }]
    } catch (error) {
      if (error instanceof EntraAuthError) return [{ usable: false, name, problem: error.message }]
      throw error
    }
  })
}

function hostFor({ env = process.env }: ProfileEnvironment, entryUrl: string): Host {
  const { platform, stdin, stdout, stderr } = process
  const owner = {
    platform,
    env,
    stdin,
    stdout,
    stderr,
    cwd: () => process.cwd(),
    getuid: process.getuid && (() => process.getuid?.() ?? 0),
    // Nothing is written to the streams, so nothing of them can end the process.
    exit: (): never => {
      throw new Error('the library ends no process')
    },
  }
  const program = fileURLToPath(new URL('main.cjs', entryUrl))
  return createHost(owner, { ownCommand: ownCommand(process.execPath, program) })
}

async function profileNamed(name: string | undefined, host: Host): Promise<Profile> {
  const wanted = name ?? (host.env['ENTRA_AUTH_CLI_PROFILE'] || undefined)
  const found = await findProfile(wanted ?? 'default', host)
  if ('record' in found) return readProfile(found.record)
  const record = chooseRecord(found.profiles, wanted)
  if (record) return readProfile(record)
  throw new EntraAuthError('invalid_arguments', 'there are several profiles, and none is named', {
    hint: `name one of ${namesOf(found.profiles).join(', ')}, or set ENTRA_AUTH_CLI_PROFILE`,
  })
}

/** A token in the tenant that an API names, if that is the profile's own or one that its user allowed. */
async function inTenant(
  tenantId: string | undefined,
  profile: Profile,
  asked: TokenOptions,
  { additionallyAllowedTenants: allowed = [] }: ProfileCredentialOptions,
  host: Host,
): Promise<AccessToken> {
  const same = (other: string | undefined) => other?.toLowerCase() === tenantId?.toLowerCase()
  if (tenantId === undefined || same(profile.tenantId)) return obtain(profile, asked, host)
  if (allowed.includes('*') || allowed.some(same)) return obtain(profile, { ...asked, tenantId }, host)
  // A domain name may be of the tenant whose id the API names: the token tells.
  const token = isGuid(profile.tenantId) ? undefined : await obtain(profile, asked, host)
  if (token !== undefined && (same(token.tenantId) || same(tenantIn(token.token)))) return token
  throw new EntraAuthError(
    'invalid_arguments',
    `an API names another tenant than that of profile "${profile.name}"`,
    { hint: 'add it to additionallyAllowedTenants if the API can be trusted with its tokens' },
  )
}

/** Of a token that was got by a domain's name nothing else says the id. Undefined where it is opaque. */
function tenantIn(token: string): string | undefined {
  try {
    const { tid } = decodeToken(token).payload
    return typeof tid === 'string' ? tid : undefined
  } catch (error) {
    if (error instanceof EntraAuthError) return undefined
    throw error
  }
}

const defaultLifetimeSeconds = 300

async function obtain(profile: Profile, options: TokenOptions, host: Host): Promise<AccessToken> {
  const { tenantId = profile.tenantId, signIn } = options
  if (!isTenant(tenantId) && tenantId !== profile.tenantId) {
    throw new EntraAuthError('invalid_arguments', `"${tenantId}" is no tenant`, {
      hint: 'give a tenant id (GUID) or a domain such as contoso.onmicrosoft.com',
    })
  }
  const claims =
    options.claims === undefined
      ? undefined
      : (await import('./core/claims-challenge.ts')).readClaims(options.claims)
  const scopes = parseScopes(options.scopes ?? [])
  const request: TokenRequest = tokenRequest(
    { ...profile, tenantId },
    {
      ...(scopes.length > 0 && { scopes }),
      minimumLifetimeSeconds: options.minimumLifetimeSeconds ?? defaultLifetimeSeconds,
      fresh: options.fresh === true,
      silentOnly: signIn === undefined,
      claims,
    },
  )
  const mayUseDeviceCode = profile.defaultFlow === undefined && signIn?.showDeviceCode !== undefined
  return withSignal(options.signal, (signal) =>
    obtainToken(
      { ...request, signIn: { ...request.signIn, mayUseDeviceCode } },
      host,
      interactionOf(options, host),
      signal,
    ),
  )
}

/** Runs `work` with a signal that is aborted as the caller's is. */
async function withSignal<T>(
  theirs: AbortSignalLike | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ours = new AbortController()
  const abort = () => ours.abort(new EntraAuthError('interrupted', 'interrupted'))
  if (theirs?.aborted) abort()
  theirs?.addEventListener('abort', abort)
  try {
    ours.signal.throwIfAborted()
    return await work(ours.signal)
  } finally {
    theirs?.removeEventListener('abort', abort)
  }
}

/** Tells the caller what the caller wants to hear, and asks nobody but for a sign-in. */
function interactionOf({ signIn, onWarning }: ProfileTokenOptions, host: Host): Interaction {
  const cannot = (what: string) => () =>
    Promise.reject(new EntraAuthError('interaction_required', `nobody can be asked ${what}`))
  return {
    attended: false,
    silent: true,
    obstacle: obstacleTo(signIn, host),
    showUrlOnly: false,
    warn: (text) => onWarning?.(text),
    askSecret: async () => undefined,
    announce: () => {},
    showDeviceCode: async (code) => {
      if (!signIn?.showDeviceCode) throw new EntraAuthError('interaction_required', noDeviceCode)
      await signIn.showDeviceCode(code)
    },
    showSignInUrl: (page) => signIn?.showSignInUrl?.(page),
    askForRedirect: cannot('to paste an address'),
    offer: async () => false,
    choose: cannot('to choose'),
    waitingFor: () => {},
    redirectPage,
    trace: () => {},
  }
}

const noDeviceCode = 'a device code cannot be shown: signIn has no showDeviceCode'

function obstacleTo(signIn: ProfileTokenOptions['signIn'], host: Host): string | undefined {
  if (signIn === undefined) return 'the program did not allow it'
  const canShow = signIn.showDeviceCode !== undefined || signIn.showSignInUrl !== undefined
  return canShow ? undefined : host.desktop.browserObstacle()
}
