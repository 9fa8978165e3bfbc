import type { Flow } from './flows/flow.ts'
import { naturalFlow, type Profile } from './profiles/profile.ts'

/** One wish for a token: the profile with the call's overrides already in it, and how fresh the answer must be. */
export interface TokenRequest {
  readonly profile: Profile
  readonly flow: Flow
  readonly scopes: readonly string[]
  /** A cached token with less than this left is not handed out. */
  readonly minimumLifetimeSeconds: number
  /** Passes by cached access tokens; refresh tokens are still used. */
  readonly fresh: boolean
  /** Whether what is got is kept. */
  readonly store: boolean
  /** Never asks a person, whatever the interaction would allow. */
  readonly silentOnly: boolean
  /** A claims challenge, as JSON (https://learn.microsoft.com/entra/identity-platform/claims-challenge). */
  readonly claims: string | undefined
  /** The client secret for this call alone; undefined uses the profile's. */
  readonly clientSecret: string | undefined
  /** The access token of the person to act on behalf of; no other flow has one. */
  readonly userAssertion: string | undefined
  /** Whether the password that opens the certificate is sealed for the next time. */
  readonly keepCertificatePassword: boolean
  readonly signIn: SignInOptions
  readonly timeouts: Timeouts
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest */
export const prompts = ['login', 'select_account', 'consent', 'none'] as const

export type Prompt = (typeof prompts)[number]

/** Whether a person shall be asked even where a token could be had without. */
export function wantsToAsk({ signIn: { prompt } }: TokenRequest): boolean {
  return prompt !== undefined && prompt !== 'none'
}

export interface SignInOptions {
  /** User name of the person whose token it must be; undefined: whoever is signed in. */
  readonly account: string | undefined
  /** User name to begin a sign-in with, which the person may change. */
  readonly loginHint: string | undefined
  /** How Entra is to ask; anything but `none` means that it shall ask, whoever is signed in. */
  readonly prompt: Prompt | undefined
  /** Whether a device code may be used where no browser opens: only when nobody chose the flow. */
  readonly mayUseDeviceCode: boolean
  /** Ports for the loopback redirect, tried in order. Undefined: the redirect URI's own, else any free one. */
  readonly ports: readonly number[] | undefined
}

export interface Timeouts {
  /** For everything machines do among themselves. */
  readonly requestMilliseconds: number
  /** For waiting until a person has signed in. */
  readonly personMilliseconds: number
}

/** A profile's own wish, with this tool's defaults, and whatever the call asks for instead. */
export function tokenRequest(
  profile: Profile,
  wishes: Partial<Omit<TokenRequest, 'profile'>> = {},
): TokenRequest {
  return {
    profile,
    flow: naturalFlow(profile),
    scopes: profile.scopes,
    minimumLifetimeSeconds: 300,
    fresh: false,
    store: true,
    silentOnly: false,
    claims: undefined,
    clientSecret: undefined,
    userAssertion: undefined,
    keepCertificatePassword: false,
    signIn: {
      account: undefined,
      loginHint: undefined,
      prompt: undefined,
      mayUseDeviceCode: false,
      ports: undefined,
    },
    timeouts: { requestMilliseconds: 60_000, personMilliseconds: 15 * 60_000 },
    ...wishes,
  }
}
