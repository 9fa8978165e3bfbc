import { EntraAuthError } from '../../errors.ts'

/** The ways to a token, by the names of Entra's documentation. */
export const flows = [
  'client-credentials',
  'authorization-code',
  'device-code',
  'interactive-browser',
  'managed-identity',
  'on-behalf-of',
] as const

export type Flow = (typeof flows)[number]

const shortNames: Readonly<Record<string, Flow>> = {
  interactive: 'interactive-browser',
  browser: 'interactive-browser',
  'auth-code': 'authorization-code',
  msi: 'managed-identity',
  obo: 'on-behalf-of',
  // The app's own token, whose proof is an assertion instead of a secret.
  'workload-identity': 'client-credentials',
}

/**
 * Reads the name of a flow in any documented spelling: `DeviceCode`, `device-code`, `device_code`, any case.
 * @throws EntraAuthError `invalid_arguments`
 */
export function parseFlow(text: string): Flow {
  const squeezed = squeeze(text)
  const flow =
    flows.find((name) => squeeze(name) === squeezed) ??
    Object.entries(shortNames).find(([name]) => squeeze(name) === squeezed)?.[1]
  if (flow) return flow
  throw new EntraAuthError('invalid_arguments', `there is no flow "${text}"`, {
    hint: `use one of ${flows.join(', ')}`,
  })
}

/** The spelling profile files use: `DeviceCode`. */
export function pascalName(flow: Flow): string {
  return flow.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase())
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '')
}

/** The flows in which a person signs in. */
export type PersonFlow = Extract<Flow, 'interactive-browser' | 'authorization-code' | 'device-code'>

export function isPersonFlow(flow: Flow): flow is PersonFlow {
  return flow === 'interactive-browser' || flow === 'authorization-code' || flow === 'device-code'
}

/** Whether the token is the app's own; otherwise it speaks for a person, who may have to sign in. */
export function isAppOnly(flow: Flow): boolean {
  return flow === 'client-credentials' || flow === 'managed-identity'
}
