import { ConfidentialClientApplication, PublicClientApplication, type Configuration } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { clientCertificateOf } from '../client-certificate.ts'
import { clientSecretOf } from '../client-secret.ts'
import { isMicrosoftAuthority } from '../clouds.ts'
import type { FlowContext } from './context.ts'
import { isAppOnly } from './flow.ts'

/** MSAL's application for flows in which a person signs in and the app proves nothing. */
export function publicApplication(context: FlowContext): PublicClientApplication {
  return new PublicClientApplication(configuration(context, {}))
}

/**
 * MSAL's application for an app that proves itself, by secret or certificate.
 * @throws EntraAuthError `profile_incomplete` where the profile has neither
 */
export async function confidentialApplication(context: FlowContext): Promise<ConfidentialClientApplication> {
  return new ConfidentialClientApplication(configuration(context, await proofOf(context)))
}

/**
 * The application for a flow in which a person signs in. With the `authorization-code` flow the app proves itself too,
 * where it can; the other flows are a public client's.
 */
export async function delegatedApplication(
  context: FlowContext,
): Promise<PublicClientApplication | ConfidentialClientApplication> {
  const { flow, profile, clientSecret } = context.request
  const hasProof = profile.credential.kind !== 'none' || clientSecret !== undefined
  const provesItself = flow === 'authorization-code' && hasProof
  return provesItself ? confidentialApplication(context) : publicApplication(context)
}

type Proof = Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate'>

function configuration({ request, network, cachePlugin }: FlowContext, proof: Proof): Configuration {
  const { authority, clientId, tenantId } = request.profile
  return {
    auth: {
      clientId,
      authority: `${authority}/${tenantId}`,
      // MSAL asks Microsoft whether it may trust an authority it does not know, unless told here. With the port: a bare
      // host name does not match.
      knownAuthorities: isMicrosoftAuthority(authority) ? [] : [new URL(authority).host],
      ...proof,
    },
    cache: { cachePlugin },
    system: { networkClient: network },
  }
}

async function proofOf({ request, host, interaction }: FlowContext): Promise<Proof> {
  const { profile } = request
  if (request.clientSecret !== undefined) return { clientSecret: request.clientSecret }
  if (profile.credential.kind === 'certificate') {
    const keepPassword = request.keepCertificatePassword
    const found = await clientCertificateOf(profile, profile.credential, keepPassword, host, interaction)
    return {
      clientCertificate: { thumbprintSha256: found.thumbprintSha256, privateKey: found.privateKeyPem },
    }
  }
  const clientSecret = await clientSecretOf(profile, host, interaction)
  if (clientSecret !== undefined) return { clientSecret }
  throw new EntraAuthError('profile_incomplete', `profile "${profile.name}" has no client secret`, {
    hint: isAppOnly(request.flow)
      ? 'give one with "--client-secret -" (stdin) or AZURE_CLIENT_SECRET, or make the profile anew with one'
      : 'sign in with "--flow interactive-browser", which needs none',
  })
}
