import { naturalFlow, type Credential, type Profile } from '../../core/profiles/profile.ts'
import { readProfile, textField, type ProfileRecord } from '../../core/profiles/profile-record.ts'
import { EntraAuthError } from '../../errors.ts'
import type { ProfileView } from '../../ui/profile-view.ts'

/** What is shown of a record, also of one that cannot be used. */
export function profileView(record: ProfileRecord): ProfileView {
  const name = textField(record, 'name') ?? '(unnamed)'
  try {
    return viewOf(readProfile(record), record)
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    return {
      name,
      tenantId: textField(record, 'tenantId'),
      clientId: textField(record, 'clientId'),
      problem: error.message,
    }
  }
}

function viewOf(profile: Profile, record: ProfileRecord): ProfileView {
  const { credential } = profile
  return {
    name: profile.name,
    tenantId: profile.tenantId,
    clientId: profile.clientId,
    scopes: profile.scopes,
    scope: profile.scopes.join(' '),
    flow: naturalFlow(profile),
    authMethod: authMethodText(credential),
    useClientSecret: credential.kind === 'client-secret',
    authority: profile.authority,
    certificatePath: credential.kind === 'certificate' ? credential.certificatePath : undefined,
    clientSecretEnv:
      credential.kind === 'client-secret' && credential.source.from === 'environment'
        ? credential.source.variable
        : undefined,
    redirectUri: profile.redirectUri,
    caFile: profile.caFile,
    updatedAt: textField(record, 'updatedAt'),
  }
}

function authMethodText(credential: Credential): string {
  return credential.kind === 'none' ? 'none (a person signs in)' : credential.kind
}
