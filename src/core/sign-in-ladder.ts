import type { PersonFlow } from './flows/flow.ts'

/**
 * How a person can be brought to sign in:
 * `browser` opens one here, and the answer comes back by itself;
 * `paste` shows the address for a browser anywhere, and the person brings back the address it ends up on;
 * `address` shows the address for a browser on this machine, where nobody can be asked to paste;
 * `device-code` shows a code to be entered on any device.
 */
export type Way = 'browser' | 'paste' | 'address' | 'device-code'

/** One step of the ladder. */
export interface Rung {
  readonly way: Way
  /** Why not a better one, as one clause; undefined where this is just what was asked for. */
  readonly because: string | undefined
}

/** What decides how somebody signs in. */
export interface SignInSituation {
  readonly flow: PersonFlow
  /** Whether the flow is this tool's own choice, so that it may choose another. */
  readonly mayUseDeviceCode: boolean
  /** Why no browser can be opened from here; undefined where one can. */
  readonly browserObstacle: string | undefined
  /** Whether the address is to be shown in place of a browser: `--no-browser`. */
  readonly showUrlOnly: boolean
  /** Whether somebody at the terminal can answer a question. */
  readonly canAsk: boolean
}

/**
 * The ways to sign in, best first. The first is taken; the others are for when it turns out not to work, and none of
 * them is taken unsaid. A device code comes before a browser only where it was asked for, or where nobody chose, no
 * browser opens and nobody can paste: many tenants block it.
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows
 */
export function signInLadder(situation: SignInSituation): readonly Rung[] {
  const { flow, mayUseDeviceCode, browserObstacle, showUrlOnly, canAsk } = situation
  const because = browserObstacle && `no browser can be opened here (${browserObstacle})`
  const deviceCode: Rung = { way: 'device-code', because: undefined }
  const withoutBrowser: Rung = {
    way: canAsk ? 'paste' : 'address',
    because: showUrlOnly ? undefined : because,
  }
  const inBrowser: readonly Rung[] =
    showUrlOnly || because
      ? [withoutBrowser]
      : [
          { way: 'browser', because: undefined },
          { ...withoutBrowser, because: 'the browser did not start' },
        ]
  if (flow === 'device-code') return [deviceCode, ...inBrowser]
  // A device code proves no app: one that has to prove itself cannot use it.
  if (flow === 'authorization-code') return inBrowser
  const nobodyCanPaste = because !== undefined && !showUrlOnly && !canAsk
  if (mayUseDeviceCode && nobodyCanPaste) return [{ ...deviceCode, because }, ...inBrowser]
  return [...inBrowser, deviceCode]
}

/** Demands on the device in front of the person: what signs in elsewhere for it carries no proof of that device. */
const deviceDemands = new Set([50005, 50097, 53000, 53001, 530003])

/** What stands against a device code and not against a browser. 50199: a page wants to ask once more. */
const deviceCodeRefusals = new Set([50199, 53003, 530033, 530084, 7000218, ...deviceDemands])

/** No redirect URI that a browser could come back to: a device code needs none. */
const redirectRefusals = new Set([50011, 500113])

/**
 * The rungs that may hold where Entra refused another: empty where they would meet the same refusal.
 * @param entraCode the number in `AADSTS53003`
 * @param others the rungs that were not tried
 */
export function rungsPast(way: Way, entraCode: number | undefined, others: readonly Rung[]): readonly Rung[] {
  const passes = (other: Way): boolean => {
    if (entraCode === undefined) return false
    if (way === 'device-code') return deviceCodeRefusals.has(entraCode)
    if (other === 'device-code') return redirectRefusals.has(entraCode)
    // The address can be opened on a device that the tenant manages.
    return way === 'browser' && deviceDemands.has(entraCode)
  }
  return others.filter((rung) => passes(rung.way)).map(({ way: next }) => ({ way: next, because: undefined }))
}

/** The flags of `get-token` that go another way from the start. */
export function flagsFor(way: Way): string {
  switch (way) {
    case 'device-code':
      return '--flow device-code'
    case 'browser':
      return '--flow interactive-browser'
    case 'paste':
    case 'address':
      return '--flow interactive-browser --no-browser'
  }
}
