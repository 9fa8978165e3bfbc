import type { DeviceCode, Interaction } from '../../src/core/interaction.ts'

export interface RecordedInteraction extends Interaction {
  readonly warnings: string[]
  readonly codes: DeviceCode[]
  readonly waits: number[]
  readonly traces: string[]
}

/** Somebody who can be asked and says nothing; what they were told is kept. */
export function silentInteraction(overrides: Partial<Interaction> = {}): RecordedInteraction {
  const warnings: string[] = []
  const codes: DeviceCode[] = []
  const waits: number[] = []
  const traces: string[] = []
  return {
    attended: false,
    obstacle: undefined,
    showUrlOnly: false,
    askSecret: async () => undefined,
    showDeviceCode: async (code) => void codes.push(code),
    announce: () => {},
    showSignInUrl: () => {},
    askForRedirect: () => Promise.reject(new Error('this test lets nobody paste')),
    offer: () => Promise.reject(new Error('this test lets nobody be asked')),
    choose: () => Promise.reject(new Error('this test lets nobody choose')),
    waitingFor: ({ pid }) => void waits.push(pid),
    redirectPage: () => '',
    warn: (text) => void warnings.push(text),
    trace: (text) => void traces.push(text),
    ...overrides,
    warnings,
    codes,
    waits,
    traces,
  }
}
