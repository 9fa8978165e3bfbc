import { resolve } from 'node:path'
import { readProfile } from '../core/profiles/profile-record.ts'
import { managedIdentityTenant, type Profile } from '../core/profiles/profile.ts'
import { findRecord } from '../core/profiles/profile-store.ts'
import { keysFrom, tenantIdOf, type KeyOrigin } from '../core/signing-keys.ts'
import { trustedIssuers } from '../core/signing-keys-place.ts'
import { EntraAuthError, exitCodeOf } from '../errors.ts'
import { validateToken, type TokenValidation } from '../jwt/validate.ts'
import { validationReport, validationSummary } from '../ui/validation-report.ts'
import { defineCommand, type CommandContext, type CommandFactory } from './command.ts'
import { addDataOutputOptions, printData } from './data-output.ts'
import { takeToken, tokenFrom } from './token-source.ts'
import {
  addExpectationOptions,
  addKeyOptions,
  checkFlags,
  expectationsOf,
  type ValidateFlags,
} from './validate-flags.ts'

/** `validate`: checks a token as an API would, its signature first; the exit code tells. */
export const validateCommand: CommandFactory = (context) =>
  addDataOutputOptions(addKeyOptions(addExpectationOptions(takeToken(defineCommand('validate')))))
    .option('-q, --quiet', 'print nothing, the exit code tells')
    .option('--verbose', 'say what is asked of whom, and more about an error')
    .addHelpText('after', notes)
    .action((argument: string | undefined, flags: ValidateFlags) => validate(argument, flags, context))

const notes = `
Without --issuer and --authority the issuers of Microsoft Entra are trusted, in all clouds. With a token from elsewhere,
-p trusts the profile's authority, tenant and CA; alone, it also takes the profile's cached token.

Exit code 0 says that every check that applies passed. Else it is
  1 where the token is not valid, or none
  5 where the keys could not be had, which says nothing about the token; 6 where nobody answered in time
  9 where nobody but the token's own API can check the signature (Microsoft Graph and others of Microsoft's)

Examples:
  $ entra-auth-cli validate -f token.txt --audience api://orders --role Orders.Read.All
  $ entra-auth-cli validate -p ci --audience api://orders -o json | jq '.checks[] | select(.status == "failed")'
  $ entra-auth-cli validate -f token.txt --jwks keys.json --offline --quiet && echo valid`

async function validate(
  argument: string | undefined,
  flags: ValidateFlags,
  context: CommandContext,
): Promise<void> {
  const console = context.console(flags)
  checkFlags(flags)
  try {
    const validation = await judge(argument, flags, context)
    if (!flags.quiet) {
      const width = context.host.terminal.stdout.columns
      await printData(validationSummary(validation), flags, console, () =>
        console.result(validationReport(validation, { width, paint: console.paint })),
      )
    }
    if (validation.verdict === 'invalid') context.exitWith(exitCodeOf('invalid_token'))
    if (validation.verdict === 'unverifiable') context.exitWith(exitCodeOf('unverifiable'))
  } catch (error) {
    // "--quiet" answers by exit code alone, also about a token that is none. Everything else still speaks.
    if (!flags.quiet || !(error instanceof EntraAuthError) || error.code !== 'invalid_token') throw error
    context.exitWith(error.exitCode)
  }
}

async function judge(
  argument: string | undefined,
  flags: ValidateFlags,
  context: CommandContext,
): Promise<TokenValidation> {
  const { host, signal } = context
  const profile = flags.profile === undefined ? undefined : await profileNamed(flags.profile, context)
  const token = await tokenFrom(sourceOf(argument, flags), 'validate', context)
  const caFile = flags.caFile ?? profile?.caFile
  const origin: KeyOrigin = {
    issuer: flags.issuer,
    authority: flags.authority ?? (flags.issuer === undefined ? profile?.authority : undefined),
    jwks: flags.jwks,
    keysOfApp: flags.keysOfApp,
    // Keys are kept under it: a file of the same name in another folder is another one.
    caFile: caFile && resolve(caFile),
    offline: flags.offline,
    signal,
  }
  const tenants = flags.tenant ?? tenantOfProfile(profile)
  const ids = tenants && (await Promise.all(tenants.map((one) => tenantIdOf(one, token, origin, host))))
  // Keys that are brought come without an issuer: then it is the user's trust that says whose token it must be.
  const issuer = flags.jwks === undefined ? flags.issuer : trustedIssuers(origin)
  const expectations = { ...expectationsOf(flags, ids), issuer }
  return validateToken(token, keysFrom(origin, host), expectations, host.now())
}

/** A token that is given otherwise is judged as one of the profile's; else it is the profile's cached one. */
function sourceOf(argument: string | undefined, { token, file, profile }: ValidateFlags) {
  const isGiven = argument !== undefined || token !== undefined || file !== undefined
  return { argument, token, file, profile: isGiven ? undefined : profile }
}

async function profileNamed(name: string, { host }: CommandContext): Promise<Profile> {
  return readProfile(await findRecord(name, host))
}

/** A managed identity's profile names no tenant. */
function tenantOfProfile(profile: Profile | undefined): readonly string[] | undefined {
  return profile === undefined || profile.tenantId === managedIdentityTenant ? undefined : [profile.tenantId]
}
