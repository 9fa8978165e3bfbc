import { ConfidentialClientApplication, PublicClientApplication, type Configuration } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { clientSecretOf } from '../client-secret.ts'
import { isMicrosoftAuthority } from '../clouds.ts'
import type { Waiting } from '../command-output.ts'
import type { FlowContext } from './context.ts'
import { isAppOnly, type Flow } from './flow.ts'

/** MSAL's application for flows in which a person signs in and the app proves nothing. */
export function publicApplication(context: FlowContext): PublicClientApplication {
  return new PublicClientApplication(configuration(context, {}))
}

/**
 * MSAL's application for an app that proves itself, by secret, certificate or another issuer's assertion.
 * @throws EntraAuthError `profile_incomplete` where the profile has none of them
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

type Proof = Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate' | 'clientAssertion'>

function configuration(context: FlowContext, proof: Proof): Configuration {
  const { request, network, cachePlugin, authorityMetadata } = context
  const { authority, clientId, tenantId, clientCapabilities } = request.profile
  return {
    auth: {
      clientId,
      authority: `${authority}/${tenantId}`,
      // MSAL asks Microsoft whether it may trust an authority it does not know, unless told here. With the port: a bare
      // host name does not match.
      knownAuthorities: isMicrosoftAuthority(authority) ? [] : [new URL(authority).host],
      authorityMetadata,
      clientCapabilities: [...clientCapabilities],
      ...proof,
    },
    cache: { cachePlugin },
    system: { networkClient: network },
  }
}

async function proofOf(context: FlowContext): Promise<Proof> {
  const { request, host, interaction } = context
  const { profile } = request
  if (request.clientSecret !== undefined) return { clientSecret: request.clientSecret }
  if (profile.credential.kind === 'certificate') {
    const keepPassword = request.keepCertificatePassword
    const { clientCertificateOf } = await import('../client-certificate.ts')
    const found = await clientCertificateOf(profile, profile.credential, keepPassword, host, interaction)
    return {
      clientCertificate: { thumbprintSha256: found.thumbprintSha256, privateKey: found.privateKeyPem },
    }
  }
  if (profile.credential.kind === 'federated') {
    const { source } = profile.credential
    // Fetched when MSAL sends the request: a person may have taken their time to sign in.
    const clientAssertion = async () => {
      const { fetchAssertion } = await import('../assertions/assertion-source.ts')
      return fetchAssertion(source, profile.name, host, interaction, waitingOf(context))
    }
    return { clientAssertion }
  }
  const clientSecret = await clientSecretOf(profile, host, interaction, waitingOf(context))
  if (clientSecret !== undefined) return { clientSecret }
  throw new EntraAuthError('profile_incomplete', `profile "${profile.name}" has no client secret`, {
    hint: provesWithout(request.flow)
      ? 'sign in with "--flow interactive-browser", which needs none'
      : (await dotnetKept(profile.name, host))
        ? 'the older tool kept one: "entra-auth-cli config import --from-dotnet" brings it over'
        : 'give one with "--client-secret -" (stdin) or AZURE_CLIENT_SECRET, or keep one with "entra-auth-cli config edit NAME --client-secret -"',
  })
}

async function dotnetKept(profileName: string, host: FlowContext['host']): Promise<boolean> {
  const { hasDotnetSecret } = await import('../move-in/dotnet-secrets.ts')
  return hasDotnetSecret(profileName, host)
}

/** Whether the same kind of token can be had by an app that proves nothing. */
function provesWithout(flow: Flow): boolean {
  return !isAppOnly(flow) && flow !== 'on-behalf-of'
}

function waitingOf({ request, signal }: FlowContext): Waiting {
  return { signal, milliseconds: request.timeouts.requestMilliseconds }
}
