import { EntraAuthError } from '../../errors.ts'
import { decodeToken } from '../../jwt/decode.ts'
import { fetchAssertion, type AssertionHost } from '../assertions/assertion-source.ts'
import { clientCertificateOf } from '../client-certificate.ts'
import { textAt, textsAt } from '../graph/json-fields.ts'
import type { Interaction } from '../interaction.ts'
import type { Host } from '../ports.ts'
import type { AssertionSource, Profile } from '../profiles/profile.ts'

/** What a profile proves its app with, as far as it can be compared with what the directory knows. Holds no secret. */
export type OwnProof =
  | { readonly kind: 'nothing' }
  /** Thumbprints in lower-case hex. */
  | { readonly kind: 'certificate'; readonly sha1: string; readonly sha256: string }
  | {
      readonly kind: 'assertion'
      readonly issuer: string
      readonly subject: string
      readonly audiences: readonly string[]
    }
  /** There is a proof, and it could not be looked at. */
  | { readonly kind: 'unknown'; readonly why: string }

/**
 * Looks at a profile's certificate or assertion on this machine. A client secret is not looked at, and no command is run
 * to look; nothing is sent anywhere.
 * @throws EntraAuthError `interrupted`
 */
export async function ownProof(
  profile: Profile,
  host: Host,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<OwnProof> {
  const { credential } = profile
  try {
    switch (credential.kind) {
      case 'certificate': {
        // Its end is told by what the directory says of it.
        const quiet = { ...interaction, warn: () => {} }
        const found = await clientCertificateOf(profile, credential, false, host, quiet)
        return { kind: 'certificate', sha1: found.thumbprintSha1, sha256: found.thumbprintSha256 }
      }
      case 'federated':
        return await assertionOf(profile, credential.source, host, interaction, signal)
      case 'none':
      case 'client-secret':
      case 'managed-identity':
        return { kind: 'nothing' }
    }
  } catch (error) {
    if (error instanceof EntraAuthError && error.code !== 'interrupted')
      return { kind: 'unknown', why: error.message }
    throw error
  }
}

const patienceMilliseconds = 20_000

async function assertionOf(
  profile: Profile,
  source: AssertionSource,
  host: AssertionHost,
  interaction: Interaction,
  signal: AbortSignal,
): Promise<OwnProof> {
  if (source.from !== 'file' && source.from !== 'environment')
    return { kind: 'unknown', why: 'it is made when it is needed' }
  const waiting = { signal, milliseconds: patienceMilliseconds }
  const { payload } = decodeToken(await fetchAssertion(source, profile.name, host, interaction, waiting))
  const one = textAt(payload, 'aud')
  return {
    kind: 'assertion',
    issuer: textAt(payload, 'iss') ?? '',
    subject: textAt(payload, 'sub') ?? '',
    audiences: one === undefined ? textsAt(payload, 'aud') : [one],
  }
}
