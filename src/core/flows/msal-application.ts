import { X509Certificate, createHash, createPrivateKey } from 'node:crypto'
import {
  ConfidentialClientApplication,
  PublicClientApplication,
  type Configuration,
  type ICachePlugin,
  type INetworkModule,
} from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { clientSecretOf } from '../client-secret.ts'
import { isMicrosoftAuthority } from '../clouds.ts'
import type { Host } from '../ports.ts'
import { isAppOnly } from './flow.ts'
import type { TokenRequest } from '../token-request.ts'
import type { VaultHost, Warn } from '../vault/vault.ts'

type SecretHost = VaultHost & Pick<Host, 'env' | 'files'>

/** What MSAL needs besides the request: our HTTP, our cache. */
export interface MsalParts {
  readonly network: INetworkModule
  readonly cachePlugin: ICachePlugin
}

/** MSAL's application for flows in which a person signs in and the app proves nothing. */
export function publicApplication(request: TokenRequest, parts: MsalParts): PublicClientApplication {
  return new PublicClientApplication(configuration(request, parts, {}))
}

/**
 * MSAL's application for an app that proves itself, by secret or certificate.
 * @throws EntraAuthError `profile_incomplete` where the profile has neither
 */
export async function confidentialApplication(
  request: TokenRequest,
  parts: MsalParts,
  host: SecretHost,
  warn: Warn,
): Promise<ConfidentialClientApplication> {
  return new ConfidentialClientApplication(configuration(request, parts, await proofOf(request, host, warn)))
}

/**
 * The application for a flow in which a person signs in. With the `authorization-code` flow the app proves itself too,
 * where it can; the other flows are a public client's.
 */
export async function delegatedApplication(
  request: TokenRequest,
  parts: MsalParts,
  host: SecretHost,
  warn: Warn,
): Promise<PublicClientApplication | ConfidentialClientApplication> {
  const provesItself = request.flow === 'authorization-code' && request.profile.credential.kind !== 'none'
  return provesItself
    ? confidentialApplication(request, parts, host, warn)
    : publicApplication(request, parts)
}

type Proof = Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate'>

function configuration(request: TokenRequest, parts: MsalParts, proof: Proof): Configuration {
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
    cache: { cachePlugin: parts.cachePlugin },
    system: { networkClient: parts.network },
  }
}

async function proofOf(request: TokenRequest, host: SecretHost, warn: Warn): Promise<Proof> {
  const { profile } = request
  if (request.clientSecret !== undefined) return { clientSecret: request.clientSecret }
  if (profile.credential.kind === 'certificate') {
    const { certificatePath, privateKeyPath } = profile.credential
    return { clientCertificate: await readCertificate(certificatePath, privateKeyPath, host) }
  }
  const clientSecret = await clientSecretOf(profile, host, warn)
  if (clientSecret !== undefined) return { clientSecret }
  throw new EntraAuthError('profile_incomplete', `profile "${profile.name}" has no client secret`, {
    hint: isAppOnly(request.flow)
      ? 'give one with "--client-secret -" (stdin) or AZURE_CLIENT_SECRET, or make the profile anew with one'
      : 'sign in with "--flow interactive-browser", which needs none',
  })
}

async function readCertificate(
  certificatePath: string,
  privateKeyPath: string | undefined,
  host: SecretHost,
): Promise<NonNullable<Proof['clientCertificate']>> {
  const pem = (await host.files.readInput(certificatePath)).toString('latin1')
  const key =
    privateKeyPath === undefined ? pem : (await host.files.readInput(privateKeyPath)).toString('latin1')
  const [leaf] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/) ?? []
  if (leaf === undefined) {
    throw new EntraAuthError('profile_incomplete', `"${certificatePath}" holds no PEM certificate`, {
      hint: 'turn a PFX into PEM with "openssl pkcs12 -in cert.pfx -out cert.pem -nodes", and keep it private (mode 600)',
    })
  }
  try {
    const privateKey = createPrivateKey(key)
    const certificate = new X509Certificate(leaf)
    if (!certificate.checkPrivateKey(privateKey)) {
      throw new EntraAuthError(
        'profile_incomplete',
        `the private key does not belong to the certificate "${certificatePath}"`,
      )
    }
    return {
      thumbprintSha256: createHash('sha256').update(certificate.raw).digest('hex'),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  } catch (cause) {
    if (cause instanceof EntraAuthError) throw cause
    throw new EntraAuthError(
      'profile_incomplete',
      `the private key in "${privateKeyPath ?? certificatePath}" cannot be read`,
      {
        hint: 'it must be an unencrypted PEM key; "openssl pkey -in key.pem" tells more',
        cause,
      },
    )
  }
}
