import { EntraAuthError } from '../../errors.ts'
import { parseAuthority } from '../clouds.ts'
import type { Environment } from '../ports.ts'
import { canonicalRecord, type SharedProfile } from '../sharing/shared-profile.ts'

/** A profile, and what the variables say that it cannot hold. */
export interface EnvironmentProfile {
  readonly profile: SharedProfile
  readonly warnings: readonly string[]
}

/**
 * The profile that the variables of Azure's SDKs describe. Like them, it takes a secret before a certificate, and that
 * before a federated token; paths stay as they are.
 * @throws EntraAuthError `invalid_arguments` naming every variable that is missing
 * @see https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential
 * @see https://learn.microsoft.com/dotnet/api/azure.identity.workloadidentitycredential
 */
export function fromEnvironment(env: Environment, name: string): EnvironmentProfile {
  const required = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'] as const
  const missing = required.filter((variable) => !env[variable])
  if (missing.length > 0) {
    throw new EntraAuthError(
      'invalid_arguments',
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set`,
      { hint: 'set them, or make the profile with "entra-auth-cli config create"' },
    )
  }
  const secret = env['AZURE_CLIENT_SECRET'] || undefined
  const certificatePath = env['AZURE_CLIENT_CERTIFICATE_PATH'] || undefined
  const federatedTokenFile = env['AZURE_FEDERATED_TOKEN_FILE'] || undefined
  const app = {
    name,
    tenantId: env['AZURE_TENANT_ID'],
    clientId: env['AZURE_CLIENT_ID'],
    authority: authorityIn(env['AZURE_AUTHORITY_HOST']),
  }
  const warnings = unusedVariables(env)
  const made = (fields: object, secrets: SharedProfile['secrets'] = {}): EnvironmentProfile => ({
    profile: { record: canonicalRecord({ ...app, ...fields }), secrets },
    warnings,
  })
  if (secret !== undefined) return made({ authMethod: 'ClientSecret' }, { 'client-secret': secret })
  if (certificatePath !== undefined) {
    const password = env['AZURE_CLIENT_CERTIFICATE_PASSWORD'] || undefined
    return made({ authMethod: 'Certificate', certificatePath }, { 'certificate-password': password })
  }
  if (federatedTokenFile !== undefined) return made({ authMethod: 'WorkloadIdentity', federatedTokenFile })
  return made({ authMethod: 'None' })
}

/** Azure's SDKs take a host as well as a URL. */
function authorityIn(host: string | undefined): string | undefined {
  if (!host) return undefined
  const { authority } = parseAuthority(host.includes('://') ? host : `https://${host}`)
  return authority === 'https://login.microsoftonline.com' ? undefined : authority
}

function unusedVariables(env: Environment): readonly string[] {
  return [
    env['AZURE_USERNAME'] ? ['AZURE_USERNAME is not kept; give it as --login-hint when you sign in'] : [],
    env['AZURE_PASSWORD'] ? ['AZURE_PASSWORD is not used: no flow here takes a password of a person'] : [],
  ].flat()
}
