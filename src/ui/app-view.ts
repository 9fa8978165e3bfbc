import type { AppCredential, Application } from '../core/graph/application.ts'
import type { FederatedCredential } from '../core/graph/federated-credential.ts'
import type { NamedPermission } from '../core/graph/resource-api.ts'
import { endText } from './app-credentials.ts'
import type { Paint } from './colour.ts'
import { safeText } from './safe-text.ts'
import { isoSeconds, utcText } from './time.ts'

/** An app registration as it is shown. */
export interface AppView {
  readonly application: Application
  readonly tenantId: string
  /** Whose accounts it takes, in words. */
  readonly accounts: string
  readonly adminConsentUrl: string
  /** Undefined where nobody asked for their names. */
  readonly permissions: readonly NamedPermission[] | undefined
  /** Undefined where nobody asked for them. */
  readonly federatedCredentials: readonly FederatedCredential[] | undefined
}

/** What matters about an app to whoever is going to get tokens for it, as labelled lines. */
export function appText(view: AppView, now: Date, paint: Paint): string {
  const { application, tenantId, accounts, adminConsentUrl } = view
  const { displayName, appId, objectId, createdAt, isPublicClient } = application
  const label = (name: string, value: string) => `  ${name}: ${safeText(value)}`
  const list = (title: string, items: readonly string[]) =>
    items.length === 0
      ? [`  ${title}: none`]
      : [`  ${title}:`, ...items.map((item) => `    ${safeText(item)}`)]
  return [
    paint('bold', safeText(displayName) || '(without a name)'),
    label('Client ID', appId),
    label('Object ID', objectId),
    label('Tenant', tenantId),
    label('Accounts', accounts),
    ...(createdAt === undefined ? [] : [label('Created', utcText(createdAt))]),
    label('Public client flows', isPublicClient ? 'allowed, so a device code works' : 'not allowed'),
    ...list('Redirect URIs', redirectTexts(application)),
    ...list('Credentials', [
      ...application.credentials.map((credential) => credentialText(credential, now)),
      ...(view.federatedCredentials ?? []).map(federatedText),
    ]),
    ...list('Permissions it declares', permissionTexts(view)),
    label('Admin consent', adminConsentUrl),
  ].join('\n')
}

function redirectTexts({ redirectUris }: Application): readonly string[] {
  return [
    ...redirectUris.publicClient.map((uri) => `${uri} (mobile and desktop)`),
    ...redirectUris.web.map((uri) => `${uri} (web)`),
    ...redirectUris.spa.map((uri) => `${uri} (single-page application)`),
  ]
}

function credentialText({ kind, name, hint, endsAt, thumbprintSha1 }: AppCredential, now: Date): string {
  const called = [
    name === undefined ? undefined : `"${name}"`,
    hint === undefined ? undefined : `beginning with ${hint}`,
    thumbprintSha1?.toUpperCase(),
  ].filter((part) => part !== undefined)
  return `${[kind, ...called].join(' ')}: ${endsAt === undefined ? 'without end' : endOf(endsAt, now)}`
}

function endOf(endsAt: Date, now: Date): string {
  const left = endText(endsAt, now)
  return left.startsWith('until') ? `until ${utcText(endsAt)}` : `${left}, ${utcText(endsAt)}`
}

function federatedText({ name, issuer, subject }: FederatedCredential): string {
  return `federated "${name}": issuer ${issuer}, subject ${subject}`
}

function permissionTexts({ application, permissions }: AppView): readonly string[] {
  const named: readonly NamedPermission[] =
    permissions ??
    application.required.map((one) => ({
      ...one,
      resource: undefined,
      value: undefined,
      isAdminOnly: undefined,
    }))
  return named.map(({ resource, resourceAppId, value, permissionId, kind, isAdminOnly }) => {
    const how = isAdminOnly ? `${kind}, admin consent` : kind
    return `${resource ?? resourceAppId}: ${value ?? permissionId} (${how})`
  })
}

/**
 * An app registration as `discover -o json` prints it. Every name is always there; null stands for what Graph does not
 * say, and in `permissions` and `federated_credentials` for what was not asked for.
 */
export function appSummary(view: AppView) {
  const { application, tenantId, adminConsentUrl } = view
  const { redirectUris } = application
  return {
    display_name: application.displayName,
    application_id: application.appId,
    object_id: application.objectId,
    tenant_id: tenantId,
    created_at: timeOf(application.createdAt),
    publisher_domain: application.publisherDomain ?? null,
    sign_in_audience: application.signInAudience ?? null,
    identifier_uris: application.identifierUris,
    public_client_flows: application.isPublicClient,
    redirect_uris: {
      public_client: redirectUris.publicClient,
      web: redirectUris.web,
      spa: redirectUris.spa,
    },
    credentials: application.credentials.map((one) => ({
      kind: one.kind,
      key_id: one.keyId ?? null,
      name: one.name ?? null,
      hint: one.hint ?? null,
      thumbprint: one.thumbprintSha1?.toUpperCase() ?? null,
      starts_at: timeOf(one.startsAt),
      ends_at: timeOf(one.endsAt),
    })),
    federated_credentials: view.federatedCredentials ?? null,
    permissions: application.required.map((one, index) => ({
      kind: one.kind,
      resource_id: one.resourceAppId,
      permission_id: one.permissionId,
      resource: view.permissions?.[index]?.resource ?? null,
      value: view.permissions?.[index]?.value ?? null,
      admin_consent_required: view.permissions?.[index]?.isAdminOnly ?? null,
    })),
    admin_consent_url: adminConsentUrl,
  }
}

function timeOf(date: Date | undefined): string | null {
  return date === undefined ? null : isoSeconds(date)
}
