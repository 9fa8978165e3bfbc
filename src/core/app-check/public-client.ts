import type { Application } from '../graph/application.ts'
import type { AppAsked } from './app-asked.ts'
import type { AppFinding } from './app-finding.ts'
import type { AppLinks } from './app-links.ts'

/**
 * Whether the switch "Allow public client flows" stands as a device code needs it: there is no redirect URI by which
 * Entra could tell what the app is. Nothing for other flows.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 */
export function publicClientFindings(
  { flow }: AppAsked,
  { isPublicClient }: Application,
  links: AppLinks,
): readonly AppFinding[] {
  if (flow !== 'device-code') return []
  const name = 'public-client'
  if (isPublicClient) return [{ name, status: 'ok', fact: 'public client flows are allowed' }]
  return [
    {
      name,
      status: 'failed',
      fact: 'public client flows are not allowed, which a device code needs (AADSTS7000218)',
      remedy: 'turn on "Allow public client flows" under "Authentication"',
      page: links.page('Authentication'),
    },
  ]
}
