import { EntraAuthError } from '../../errors.ts'
import type { HttpResponse } from '../ports.ts'

/** The address of a CI system's token endpoint. @throws EntraAuthError `profile_incomplete` where it is none */
export function endpointUrl(address: string, variable: string): URL {
  if (URL.canParse(address)) return new URL(address)
  throw new EntraAuthError('profile_incomplete', `${variable} holds no address`, {
    hint: 'leave it as the CI system sets it',
  })
}

/** The token in a CI system's answer; undefined where it refused, or answered something else. */
export function tokenInAnswer({ status, body }: HttpResponse, field: string): string | undefined {
  if (status !== 200) return undefined
  try {
    const { [field]: token } = JSON.parse(body) as Record<string, unknown>
    return typeof token === 'string' && token !== '' ? token : undefined
  } catch {
    return undefined
  }
}
