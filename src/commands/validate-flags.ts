import { Option, type Command } from 'commander'
import { parseAuthority } from '../core/clouds.ts'
import { isSharedTenant } from '../core/profiles/profile.ts'
import { isAddress } from '../core/signing-keys.ts'
import { EntraAuthError } from '../errors.ts'
import type { Expectations } from '../jwt/expectations.ts'
import { isMicrosoftHost } from '../jwt/issuers.ts'
import type { DataOutputOptions } from './data-output.ts'
import { contradiction, emptyFlag, gather, parseDuration } from './option-values.ts'

/** The flags of `validate`, as they were typed. */
export interface ValidateFlags extends DataOutputOptions {
  readonly token?: string
  readonly file?: string
  readonly profile?: string
  readonly audience?: readonly string[]
  readonly scope?: readonly string[]
  readonly role?: readonly string[]
  readonly app?: readonly string[]
  readonly tenant?: readonly string[]
  readonly appOnly?: boolean
  readonly delegated?: boolean
  readonly idToken?: boolean
  readonly tokenVersion?: '1.0' | '2.0'
  readonly clientAuth?: 'none' | 'secret' | 'certificate'
  /** In milliseconds. */
  readonly clockSkew?: number
  readonly issuer?: string
  readonly authority?: string
  readonly jwks?: string
  readonly keysOfApp?: string
  readonly caFile?: string
  readonly offline?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** Declares what may be expected of a token. */
export function addExpectationOptions(command: Command): Command {
  return command
    .option(
      '--audience <id>',
      'the API it must be for, a GUID or an App ID URI; repeatable, one must fit',
      gather,
    )
    .option('--scope <scope>', 'delegated permission it must have; repeatable, all must be there', gather)
    .option('--role <role>', 'app role it must have; repeatable, all must be there', gather)
    .option(
      '--tenant <tenant>',
      'the tenant it must be of, an id or a domain; repeatable, one must fit',
      gather,
    )
    .option('--app <id>', 'the client it must have been made for; repeatable, one must fit', gather)
    .option('--app-only', 'it must stand for an app without a user')
    .option('--delegated', 'it must stand for a user')
    .option('--id-token', 'it must be an ID token')
    .addOption(new Option('--token-version <version>', 'its version (ver)').choices(['1.0', '2.0']))
    .addOption(
      new Option('--client-auth <way>', 'how the client must have proved itself (azpacr)').choices([
        'none',
        'secret',
        'certificate',
      ]),
    )
    .option('--clock-skew <time>', 'how far the clocks may differ (default: 5m)', parseDuration)
}

/** Declares where the keys come from. */
export function addKeyOptions(command: Command): Command {
  return command
    .option('--issuer <url>', 'trust this issuer and no other')
    .option(
      '--authority <url>',
      'trust the issuers of this authority, such as https://login.microsoftonline.us',
    )
    .option('--jwks <file|url>', 'judge by these keys, and discover none')
    .option('--keys-of-app <id>', 'the app signs with its own key (claims mapping): look for that one')
    .option('--ca-file <pem>', 'trust these authorities too, on the way to the keys')
    .option('--offline', 'send nothing anywhere: use --jwks, or keys that were fetched within a day')
}

const texts = ['token', 'file', 'profile', 'issuer', 'authority', 'jwks', 'keysOfApp', 'caFile'] as const
const lists = ['audience', 'scope', 'role', 'app', 'tenant'] as const

/**
 * Refuses flags that say nothing or two things at once. An empty value comes from a variable that is not set, and a check
 * that is not made for that reason would be a hole.
 * @throws EntraAuthError `invalid_arguments`
 */
export function checkFlags(flags: ValidateFlags): void {
  for (const name of texts) if (flags[name]?.trim() === '') throw emptyFlag(`--${kebab(name)}`)
  for (const name of lists) {
    if (flags[name]?.some((value) => /^[\s,]*$/.test(value))) throw emptyFlag(`--${kebab(name)}`)
  }
  if (flags.appOnly && flags.delegated) throw contradiction('--app-only', '--delegated')
  if (flags.issuer !== undefined && flags.authority !== undefined)
    throw contradiction('--issuer', '--authority')
  if (flags.offline && flags.jwks !== undefined && isAddress(flags.jwks))
    throw contradiction('--offline', '--jwks with an address', 'give --jwks a file')
  if (flags.issuer !== undefined) checkIssuerAddress(flags.issuer)
  if (flags.authority !== undefined) parseAuthority(flags.authority)
}

function checkIssuerAddress(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  const segments = url?.pathname.split('/') ?? []
  if (url && isMicrosoftHost(url.hostname) && segments.some(isSharedTenant)) {
    throw new EntraAuthError('invalid_arguments', `no token names the issuer "${issuer}"`, {
      hint: `tokens name the tenant itself: trust all with --issuer '${url.origin}/{tenantid}/v2.0', or one by its id`,
    })
  }
  if (url?.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash) return
  throw new EntraAuthError('invalid_arguments', '--issuer is not the address of an issuer', {
    hint: 'give an https URL as it stands in the iss of its tokens, such as https://login.microsoftonline.com/TENANT/v2.0',
  })
}

/** What the flags expect of a token but for its issuer. @param tenant the ids of the wanted tenants, where there are any */
export function expectationsOf(flags: ValidateFlags, tenant: readonly string[] | undefined): Expectations {
  return {
    tenant,
    audience: flags.audience,
    scope: words(flags.scope),
    role: words(flags.role),
    app: words(flags.app),
    identityType: flags.appOnly ? 'app' : flags.delegated ? 'user' : undefined,
    version: flags.tokenVersion,
    clientAuthentication: flags.clientAuth,
    tokenType: flags.idToken ? 'id' : 'access',
    clockSkewSeconds: flags.clockSkew === undefined ? undefined : flags.clockSkew / 1000,
  }
}

/** Names without spaces and commas in them may be given in one piece. */
function words(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.flatMap((value) => value.split(/[\s,]+/)).filter((word) => word !== '')
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
