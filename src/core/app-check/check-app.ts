import { accountFindings } from './accounts.ts'
import type { AppAsked } from './app-asked.ts'
import type { AppFacts } from './app-facts.ts'
import type { AppFinding } from './app-finding.ts'
import { appLinks } from './app-links.ts'
import { credentialFindings } from './credentials.ts'
import { permissionFindings } from './permissions.ts'
import { publicClientFindings } from './public-client.ts'
import { redirectFindings } from './redirect-uris.ts'
import { registrationFindings } from './registration.ts'

export interface AppReport {
  /** Whether nothing stands in the way: nothing failed, and the app could be looked at. */
  readonly ok: boolean
  readonly findings: readonly AppFinding[]
}

/** Judges what a directory says of an app by what a profile is going to do with it. Pure. */
export function checkApp(asked: AppAsked, facts: AppFacts): AppReport {
  const { profile } = asked
  const links = appLinks(profile.authority, profile.tenantId, profile.clientId)
  const registration = registrationFindings(asked, facts, links)
  const application = facts.application.known ? facts.application.value : undefined
  const principal = facts.servicePrincipal.known ? facts.servicePrincipal.value : undefined
  const isThere = application !== undefined || principal !== undefined
  const findings = [
    ...registration,
    ...(application === undefined
      ? []
      : [
          ...accountFindings(asked, application, links),
          ...redirectFindings(asked, application, links),
          ...publicClientFindings(asked, application, links),
          ...credentialFindings(asked, application, facts.federated, links),
        ]),
    ...(isThere ? permissionFindings(asked, facts, links) : []),
  ]
  return { ok: isThere && findings.every(({ status }) => status !== 'failed'), findings }
}
