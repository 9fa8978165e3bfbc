import type { Application } from '../graph/application.ts'
import { isAppOnly } from '../flows/flow.ts'
import type { Profile } from '../profiles/profile.ts'
import { shellWord } from '../shell-word.ts'
import type { AppAsked } from './app-asked.ts'
import type { AppFinding } from './app-finding.ts'
import type { AppLinks } from './app-links.ts'

const inWords: Readonly<Record<string, string>> = {
  AzureADMyOrg: 'accounts of its own tenant',
  AzureADMultipleOrgs: 'accounts of any Entra tenant',
  AzureADandPersonalMicrosoftAccount: 'accounts of any Entra tenant and personal ones',
  PersonalMicrosoftAccount: 'personal accounts alone',
}

/** Whose accounts an app signs in, in words. */
export function audienceText(signInAudience: string | undefined): string {
  return inWords[signInAudience ?? ''] ?? signInAudience ?? 'unknown'
}

/**
 * Whether the app takes those who come by the profile's tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation
 */
export function accountFindings(
  { profile, flow }: AppAsked,
  { signInAudience }: Application,
  links: AppLinks,
): readonly AppFinding[] {
  const name = 'accounts'
  const problem = problemWith(profile, signInAudience, isAppOnly(flow))
  const takes = `the app takes ${audienceText(signInAudience)}`
  if (problem === undefined) return [{ name, status: 'ok', fact: takes }]
  return [{ name, status: 'failed', ...problem, page: links.page('Authentication') }]
}

function problemWith(
  { tenantId, name }: Profile,
  audience: string | undefined,
  isForApp: boolean,
): Pick<AppFinding, 'fact' | 'remedy'> | undefined {
  const tenant = tenantId.toLowerCase()
  const isShared = tenant === 'common' || tenant === 'organizations'
  const ownTenant = `name the tenant: "entra-auth-cli config edit ${shellWord(name)} --tenant-id TENANT"`
  if (isForApp && (isShared || tenant === 'consumers')) {
    return {
      fact: `an app gets its own token of one tenant, and "${tenant}" is none`,
      remedy: ownTenant,
    }
  }
  if (audience === 'AzureADMyOrg' && (isShared || tenant === 'consumers')) {
    return {
      fact: `the app takes ${audienceText(audience)} alone, and the profile signs in at "${tenant}" (AADSTS50194)`,
      remedy: `${ownTenant}, or change "Supported account types" of the app`,
    }
  }
  if (audience === 'AzureADMultipleOrgs' && tenant === 'consumers') {
    return {
      fact: 'the app takes no personal accounts, and the profile signs in at "consumers"',
      remedy: 'use organizations or a tenant of its own, or change "Supported account types" of the app',
    }
  }
  if (audience === 'PersonalMicrosoftAccount' && tenant !== 'consumers' && tenant !== 'common') {
    return {
      fact: `the app takes ${audienceText(audience)}, and the profile signs in at "${tenant}"`,
      remedy: `use "entra-auth-cli config edit ${shellWord(name)} --tenant-id consumers", or change "Supported account types" of the app`,
    }
  }
  return undefined
}
