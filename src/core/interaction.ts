import type { EntraAuthError } from '../errors.ts'
import type { RedirectAnswer } from './ports.ts'
import type { Voice } from './voice.ts'

/** How the core speaks to the person in front of the machine. The commands make one; the library's caller may too. */
export interface Interaction extends Voice {
  /** Why nobody can be asked to sign in, such as "there is no terminal"; undefined where somebody can. */
  readonly obstacle: string | undefined
  /** Print the sign-in address instead of opening a browser. */
  readonly showUrlOnly: boolean
  /** Says why it goes on in another way than the best one, as one clause. */
  announce(clause: string): void
  showDeviceCode(code: DeviceCode): Promise<void>
  showSignInUrl(page: SignInPage): void
  /**
   * Shows where to sign in with a browser anywhere, and asks for the address it ends up on; only where `attended`.
   * Rejects with the signal's reason when the answer has come by itself meanwhile.
   * @returns `taken` when an answer was taken, `device-code` when the person prefers one
   */
  askForRedirect(question: RedirectQuestion, signal: AbortSignal): Promise<'taken' | 'device-code'>
  /** Tells what Entra refused, and asks whether to go another way; only where `attended`. */
  offer(refusal: EntraAuthError, way: string, signal: AbortSignal): Promise<boolean>
  /** Asks for one of several; only where `attended`. */
  choose(question: string, choices: readonly string[]): Promise<string>
  /** Another process is getting this profile's token; ours waits for the result. */
  waitingFor(holder: { readonly pid: number }): void
  /** The page that ends a sign-in in the browser, as HTML. */
  redirectPage(answer: RedirectAnswer): string
  /** A decision on the way to a token, for whoever looks for a fault: one line, never a secret. */
  trace(text: string): void
}

/** @see https://www.rfc-editor.org/rfc/rfc8628#section-3.2 */
export interface DeviceCode {
  readonly userCode: string
  readonly verificationUri: string
  readonly expiresInSeconds: number
}

/** Where to sign in with a browser on this machine. */
export interface SignInPage {
  readonly url: string
  /** Whether a browser shows it already. */
  readonly opened: boolean
}

/** Where to sign in with a browser anywhere, and how its answer can be brought back. */
export interface RedirectQuestion {
  readonly url: string
  /** What the address to bring back begins with. */
  readonly redirectUri: string
  /** The command that lets the answer come by itself, to be run where the browser is; undefined where none helps. */
  readonly tunnel: string | undefined
  /** Whether the person may take a device code instead. */
  readonly offersDeviceCode: boolean
  /** Takes what was pasted. @returns one clause why it is no answer; undefined when it is */
  take(text: string): string | undefined
}
