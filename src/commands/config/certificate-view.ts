import { certificateWarning } from '../../core/certificates/certificate-warning.ts'
import { certificateFactsOf } from '../../core/client-certificate.ts'
import type { Host } from '../../core/ports.ts'
import type { Profile } from '../../core/profiles/profile.ts'
import { EntraAuthError } from '../../errors.ts'
import type { ProfileView } from '../../ui/profile-view.ts'

/**
 * What is shown of a profile's certificate beside where it is. That it cannot be read is shown too, and fails nothing:
 * whoever looks wants to know it.
 */
export async function certificateView(
  { name, credential }: Pick<Profile, 'name' | 'credential'>,
  host: Host,
): Promise<Pick<ProfileView, 'certificate' | 'problem'>> {
  if (credential.kind !== 'certificate') return {}
  try {
    const facts = await certificateFactsOf(name, credential.source, host)
    return {
      certificate: {
        subject: facts.subject,
        issuer: facts.issuer,
        // As the portal shows them, to be compared at a glance.
        thumbprintSha1: facts.thumbprintSha1.toUpperCase(),
        thumbprintSha256: facts.thumbprintSha256.toUpperCase(),
        notBefore: facts.notBefore.toISOString(),
        notAfter: facts.notAfter.toISOString(),
        warning: certificateWarning(facts, host.now()),
      },
    }
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    return { problem: error.message }
  }
}
