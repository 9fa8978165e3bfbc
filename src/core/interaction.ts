import type { RedirectAnswer } from './ports.ts'
import type { Voice } from './voice.ts'

/** How the core speaks to the person in front of the machine. The commands make one; the library's caller may too. */
export interface Interaction extends Voice {
  /** Why nobody can be asked to sign in, such as "there is no terminal"; undefined where somebody can. */
  readonly obstacle: string | undefined
  /** Print the sign-in address instead of opening a browser. */
  readonly showUrlOnly: boolean
  showDeviceCode(code: DeviceCode): void
  /** @param opened whether a browser shows it already */
  showSignInUrl(url: string, opened: boolean): void
  /** Another process is getting this profile's token; ours waits for the result. */
  waitingFor(holder: { readonly pid: number }): void
  /** The page that ends a sign-in in the browser, as HTML. */
  redirectPage(answer: RedirectAnswer): string
  /** A step worth telling somebody who watches. */
  progress(text: string): void
  /** A decision on the way to a token, for whoever looks for a fault: one line, never a secret. */
  trace(text: string): void
}

/** @see https://www.rfc-editor.org/rfc/rfc8628#section-3.2 */
export interface DeviceCode {
  readonly userCode: string
  readonly verificationUri: string
  readonly expiresInSeconds: number
}
