import { audienceText } from '../core/app-check/accounts.ts'
import { appLinks } from '../core/app-check/app-links.ts'
import type { Application } from '../core/graph/application.ts'
import { openDirectory, type Directory } from '../core/graph/directory-access.ts'
import { federatedCredentials } from '../core/graph/federated-credential.ts'
import { namedPermissions, resourceApis, type ResourceApi } from '../core/graph/resource-api.ts'
import type { Interaction } from '../core/interaction.ts'
import type { Host } from '../core/ports.ts'
import type { TokenRequest } from '../core/token-request.ts'
import type { AppView } from '../ui/app-view.ts'

/** A directory that is being looked at, and by which wish for a token. */
export interface Session extends Directory {
  readonly request: TokenRequest
  /** By id where the token says it, else as it was asked for. */
  readonly tenant: string
}

/** @throws EntraAuthError of any kind that getting a token has */
export async function openSession(
  request: TokenRequest,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<Session> {
  const directory = await openDirectory(request, host, interaction, signal)
  return { ...directory, request, tenant: directory.tenantId ?? request.profile.tenantId }
}

/** An app registration as it came in a list. */
export function viewOf(application: Application, { request, tenant }: Session): AppView {
  const { adminConsentUrl } = appLinks(request.profile.authority, tenant, application.appId)
  return {
    application,
    tenantId: tenant,
    accounts: audienceText(application.signInAudience),
    adminConsentUrl,
    permissions: undefined,
    federatedCredentials: undefined,
  }
}

/** The same with what must be asked for: the names of permissions, and federated credentials. */
export async function detailedViews(
  applications: readonly Application[],
  session: Session,
): Promise<readonly AppView[]> {
  const apis = await declaredApis(applications, session)
  const views: AppView[] = []
  for (const application of applications) {
    views.push({
      ...viewOf(application, session),
      permissions: namedPermissions(application.required, apis),
      federatedCredentials: await federatedCredentials(session.graph, application.appId),
    })
  }
  return views
}

/** The APIs that any of the apps declares permissions of. */
export function declaredApis(
  applications: readonly Application[],
  { graph }: Session,
): Promise<readonly ResourceApi[]> {
  const appIds = applications.flatMap(({ required }) => required.map(({ resourceAppId }) => resourceAppId))
  return resourceApis(graph, appIds)
}
