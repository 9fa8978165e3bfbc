import type { AppAsked } from './app-asked.ts'
import type { AppFacts } from './app-facts.ts'
import type { AppFinding } from './app-finding.ts'
import type { AppLinks } from './app-links.ts'

/** Whether the tenant knows the app at all, and lets it in. */
export function registrationFindings(
  { profile }: AppAsked,
  { application, servicePrincipal }: AppFacts,
  links: AppLinks,
): readonly AppFinding[] {
  const { clientId } = profile
  if (!application.known) {
    return [
      {
        name: 'registration',
        status: 'unknown',
        fact: `the app registration cannot be read: ${application.why}`,
        remedy: `use --as with a profile whose app has ${application.permission}`,
        page: links.page('Overview'),
      },
    ]
  }
  const principal = servicePrincipal.known ? servicePrincipal.value : undefined
  const registration = application.value
  if (registration === undefined && servicePrincipal.known && principal === undefined) {
    return [
      {
        name: 'registration',
        status: 'failed',
        fact: `this tenant has no app with the client id ${clientId} (AADSTS700016)`,
        remedy:
          'find it with "entra-auth-cli discover --search", and check tenant and client id of the profile',
      },
    ]
  }
  return [
    registration === undefined
      ? {
          name: 'registration',
          status: 'unknown',
          fact: `"${principal?.displayName ?? clientId}" is registered in another tenant${principal?.homeTenantId === undefined ? '' : ` (${principal.homeTenantId})`}`,
          remedy: 'its redirect URIs, credentials and declared permissions can be read there alone',
        }
      : {
          name: 'registration',
          status: 'ok',
          fact: `"${registration.displayName}" is registered in this tenant`,
        },
    ...principalFindings(servicePrincipal, links),
  ]
}

function principalFindings(
  servicePrincipal: AppFacts['servicePrincipal'],
  links: AppLinks,
): readonly AppFinding[] {
  const name = 'service-principal'
  if (!servicePrincipal.known) return []
  if (servicePrincipal.value === undefined) {
    return [
      {
        name,
        status: 'failed',
        fact: 'the app has no service principal (enterprise application) in this tenant (AADSTS7000229)',
        remedy: `an administrator makes one by consenting at ${links.adminConsentUrl}`,
      },
    ]
  }
  if (servicePrincipal.value.isEnabled) return []
  return [
    {
      name,
      status: 'failed',
      fact: 'the app is disabled in this tenant (AADSTS7000112)',
      remedy: 'turn on "Enabled for users to sign-in" in the properties of the enterprise application',
    },
  ]
}
