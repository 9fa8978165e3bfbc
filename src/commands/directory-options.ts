import { resolve } from 'node:path'
import { readClaims } from '../core/claims-challenge.ts'
import { cloudNamed, graphUrlOf, parseAuthority } from '../core/clouds.ts'
import { parseFlow } from '../core/flows/flow.ts'
import { signInRequest } from '../core/graph/directory-access.ts'
import { graphCommandLineTools } from '../core/graph/public-client.ts'
import type { Interaction } from '../core/interaction.ts'
import { isGuid } from '../core/profiles/profile.ts'
import type { TokenRequest } from '../core/token-request.ts'
import { EntraAuthError } from '../errors.ts'
import { canPrompt, signInObstacle } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import { consoleInteraction } from '../ui/console-interaction.ts'
import { accountFlag } from './account-flag.ts'
import { oneTenant } from './authority-tenant.ts'
import type { CommandContext } from './command.ts'
import type { CloudOptions, SignInOptions } from './directory-flags.ts'
import { contradiction } from './option-values.ts'
import { isTenantWord } from './tenant-word.ts'

/** Who is asked to sign in, if anybody can be. */
export function directoryInteraction(
  options: SignInOptions,
  { host }: CommandContext,
  console: Console,
): Interaction {
  return consoleInteraction(console, {
    obstacle: options.interaction
      ? signInObstacle(host.terminal, host.env)
      : '--no-interaction forbids to ask',
    mayPrompt: options.interaction && canPrompt(host.terminal, host.env),
    showUrlOnly: !options.browser,
  })
}

/** What the flags change of a wish for a token. A device code takes the place of a browser that does not open. */
export function directoryWishes(options: SignInOptions, flow?: string): Partial<TokenRequest> {
  return {
    ...(flow === undefined ? {} : { flow: parseFlow(flow) }),
    claims: options.claims === undefined ? undefined : readClaims(options.claims),
    signIn: {
      account: undefined,
      loginHint: undefined,
      prompt: undefined,
      mayUseDeviceCode: flow === undefined,
      ports: undefined,
    },
  }
}

/** The same wish, of the person that `--account` names. @throws EntraAuthError `invalid_arguments` where it is an app's */
export function ofAccount(request: TokenRequest, { account }: SignInOptions): TokenRequest {
  return { ...request, signIn: { ...request.signIn, account: accountFlag(account, request.flow) } }
}

/**
 * The wish for a person's token, in the cloud that the flags name.
 * @param tenant undefined for the tenant of whoever signs in
 * @throws EntraAuthError `invalid_arguments`
 */
export function signInOf(
  tenant: string | undefined,
  options: SignInOptions & CloudOptions & { readonly flow?: string },
  console: Pick<Console, 'warn'>,
): TokenRequest {
  const { cloud, authority: writtenAuthority, graphUrl, caFile } = options
  if (cloud !== undefined && writtenAuthority !== undefined) throw contradiction('--cloud', '--authority')
  const written = writtenAuthority === undefined ? undefined : parseAuthority(writtenAuthority)
  const named = tenant === undefined ? undefined : checkedTenant(tenant)
  const tenantId = oneTenant(written, named, '--tenant', (text) => console.warn(text)) ?? 'organizations'
  const authority = written?.authority ?? cloudNamed(cloud ?? 'public').authority
  const request = signInRequest(
    {
      tenantId: checkedTenant(tenantId),
      clientId: signInClient(options),
      authority,
      graphUrl: checkedGraphUrl(graphUrl) ?? graphUrlOf(authority),
      caFile: caFile === undefined ? undefined : resolve(caFile),
    },
    directoryWishes(options, options.flow),
  )
  return ofAccount(request, options)
}

/** @throws EntraAuthError `invalid_arguments` where it is no GUID */
export function signInClient({ clientId }: SignInOptions): string {
  if (clientId === undefined || isGuid(clientId)) return clientId ?? graphCommandLineTools
  throw new EntraAuthError('invalid_arguments', `the client id "${clientId}" is not a GUID`, {
    hint: 'give the application (client) id of a public client',
  })
}

/** @throws EntraAuthError `invalid_arguments` that does not repeat the text, for it may be a token */
export function checkedTenant(tenant: string): string {
  if (isTenantWord(tenant)) return tenant
  throw new EntraAuthError('invalid_arguments', '--tenant is neither a tenant id nor a domain', {
    hint: 'give a tenant id (GUID) or a domain such as contoso.onmicrosoft.com',
  })
}

function checkedGraphUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' && url.username === '' && url.password === '' && url.search === '')
    return text.replace(/\/+$/, '')
  throw new EntraAuthError('invalid_arguments', 'the Graph URL is not an https URL', {
    hint: 'give its origin, such as https://graph.microsoft.us',
  })
}
