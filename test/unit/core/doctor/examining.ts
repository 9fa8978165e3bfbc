/** The doctor at a machine in memory: what it finds there. */
import type { Check } from '../../../../src/core/doctor/check.ts'
import { examine, exitCodeOf, type DoctorOptions, type Report } from '../../../../src/core/doctor/doctor.ts'
import type { HttpRequest, HttpResponse } from '../../../../src/core/ports.ts'
import { silentVoice, type Voice } from '../../../../src/core/voice.ts'
import type { MemoryHost } from '../../../support/memory-host.ts'

export const now = new Date('2026-01-31T10:00:00Z')

export interface Examined extends Report {
  readonly exitCode: number
  /** The only check of that name, without its group. */
  readonly the: (name: string) => Omit<Check, 'group'>
  readonly all: (name: string) => readonly Check[]
}

export async function examined(
  host: MemoryHost,
  options: Partial<DoctorOptions> = {},
  voice: Voice = silentVoice,
): Promise<Examined> {
  const report = await examine(
    host,
    {
      fix: false,
      offline: true,
      profileName: undefined,
      programVersion: '1.2.3',
      signal: new AbortController().signal,
      ...options,
    },
    voice,
  )
  const all = (name: string) => report.checks.filter((check) => check.name === name)
  return {
    ...report,
    exitCode: exitCodeOf(report),
    all,
    the: (name) => {
      const [only, ...others] = all(name)
      if (!only || others.length > 0)
        throw new Error(`there are ${others.length + (only ? 1 : 0)} checks "${name}"`)
      const { group: _, ...check } = only
      return check
    },
  }
}

/** What lies on a machine's disk and in its keychain, to see that nothing was changed. */
export function traces(host: MemoryHost): unknown {
  return {
    files: Object.fromEntries([...host.fileMap].map(([path, content]) => [path, content.toString('hex')])),
    keychain: [...host.keychainItems].map(([account, secret]) => [account, secret.toString('hex')]),
    openTo: [...host.openTo],
  }
}

/** An authority that knows every tenant, and whose clock is right. */
export function goodAuthority(fields: Partial<HttpResponse> = {}): (request: HttpRequest) => HttpResponse {
  return ({ url }) => ({
    status: 200,
    headers: { date: now.toUTCString() },
    body: JSON.stringify({ token_endpoint: new URL('/token', url).href }),
    ...fields,
  })
}
