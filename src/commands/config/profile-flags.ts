import { resolve } from 'node:path'
import type { Command } from 'commander'
import { cloudNamed, parseAuthority } from '../../core/clouds.ts'
import { parseFlow } from '../../core/flows/flow.ts'
import type { ProfileDraft } from '../../core/profiles/create-profile.ts'
import { parseScopes } from '../../core/scopes.ts'
import type { Console } from '../../ui/console.ts'
import { oneTenant } from '../authority-tenant.ts'
import { contradiction, gather } from '../option-values.ts'

/** What `config create` and `config edit` are given of a profile beside its name and its credential. */
export interface ProfileOptions {
  readonly tenantId?: string
  readonly clientId?: string
  readonly scope?: readonly string[]
  readonly flow?: string
  readonly redirectUri?: string
  readonly cloud?: string
  readonly authority?: string
  readonly graphUrl?: string
  readonly caFile?: string
  readonly clientCapability?: readonly string[]
}

export function addAppOptions(command: Command): Command {
  return command
    .option('--tenant-id <tenant>', 'tenant id, domain, or common, organizations, consumers')
    .option('--client-id <guid>', 'client id of the app registration')
    .option('--scope <scopes>', "default scopes; may be repeated (default: Graph's .default)", gather)
    .option('--flow <flow>', 'default flow (default: by the credential)')
}

export function addPlaceOptions(command: Command): Command {
  return command
    .optionsGroup('Where:')
    .option('--redirect-uri <uri>', 'loopback redirect URI that the app has registered')
    .option('--cloud <cloud>', 'public, usgov or china (default: public)')
    .option('--authority <url>', 'authority of another cloud, without the tenant')
    .option('--graph-url <url>', 'Microsoft Graph of another cloud')
    .option('--ca-file <pem>', "certificate authorities to trust beside the machine's own")
    .option('--client-capability <name>', 'what the client can handle: cp1 for claims challenges', gather)
}

/** The fields of a profile that flags give. */
export type GivenFields = Pick<
  Partial<ProfileDraft>,
  | 'tenantId'
  | 'clientId'
  | 'scopes'
  | 'defaultFlow'
  | 'redirectUri'
  | 'cloud'
  | 'authority'
  | 'graphUrl'
  | 'caFile'
  | 'clientCapabilities'
>

/**
 * What the flags say of a profile; undefined for what they do not say. A tenant at the end of the authority is the tenant.
 * @throws EntraAuthError `invalid_arguments` for values that are none, and for flags that contradict each other
 */
export function givenFields(options: ProfileOptions, console: Pick<Console, 'warn'>): GivenFields {
  const written = options.authority === undefined ? undefined : parseAuthority(options.authority)
  if (options.cloud !== undefined) cloudNamed(options.cloud)
  if (written && options.cloud !== undefined) throw contradiction('--cloud', '--authority')
  const tenantId = oneTenant(written, options.tenantId, '--tenant-id', (text) => console.warn(text))
  return {
    tenantId,
    clientId: options.clientId,
    scopes: options.scope && parseScopes(options.scope),
    defaultFlow: options.flow === undefined ? undefined : parseFlow(options.flow),
    redirectUri: options.redirectUri,
    cloud: options.cloud?.toLowerCase(),
    authority: written?.authority,
    graphUrl: options.graphUrl,
    caFile: options.caFile === undefined ? undefined : resolve(options.caFile),
    clientCapabilities: options.clientCapability,
  }
}
