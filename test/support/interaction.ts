import type { DeviceCode, Interaction } from '../../src/core/interaction.ts'

export interface RecordedInteraction extends Interaction {
  readonly warnings: string[]
  readonly codes: DeviceCode[]
  readonly waits: number[]
}

/** Somebody who can be asked and says nothing; what they were told is kept. */
export function silentInteraction(overrides: Partial<Interaction> = {}): RecordedInteraction {
  const warnings: string[] = []
  const codes: DeviceCode[] = []
  const waits: number[] = []
  return {
    attended: false,
    obstacle: undefined,
    showUrlOnly: false,
    askSecret: async () => undefined,
    showDeviceCode: (code) => void codes.push(code),
    showSignInUrl: () => {},
    waitingFor: ({ pid }) => void waits.push(pid),
    redirectPage: () => '',
    warn: (text) => void warnings.push(text),
    progress: () => {},
    ...overrides,
    warnings,
    codes,
    waits,
  }
}
