import type { Host } from '../ports.ts'
import type { Voice } from '../voice.ts'
import type { Check, Finding, Group } from './check.ts'
import { checkEnvironment } from './environment.ts'
import { checkNetwork } from './network.ts'
import { lookAtProfiles, profileFindings } from './profiles.ts'
import { checkStorage } from './storage.ts'

export interface DoctorOptions {
  /** Takes from others what rights they have to our files. Nothing else is changed. */
  readonly fix: boolean
  /** Sends nothing anywhere. */
  readonly offline: boolean
  /** The one profile to look at; undefined for all. */
  readonly profileName: string | undefined
  readonly programVersion: string
  readonly signal: AbortSignal
}

export interface Report {
  /** Whether nothing failed. */
  readonly ok: boolean
  readonly checks: readonly Check[]
}

/**
 * Looks at everything a token depends on. Leaves nothing behind: throw-away items are removed, a vault or a folder that
 * is not there is not made.
 * @throws EntraAuthError `profile_not_found` for a profile that is not there, `interrupted`
 */
export async function examine(host: Host, options: DoctorOptions, voice: Voice): Promise<Report> {
  const { file, usable, unusable } = await lookAtProfiles(host, options.profileName)
  const storage = await checkStorage(host, options.fix, voice)
  const network = await checkNetwork(usable, host, options)
  const environment = await checkEnvironment(host, options.programVersion)
  const profiles = await Promise.all(
    usable.map((profile) => {
      const refused = network.refused.filter(({ subject }) => subject === profile.name)
      return profileFindings(profile, refused, storage.sight, host)
    }),
  )
  const checks: readonly Check[] = [
    ...inGroup('storage', storage.findings),
    ...inGroup('network', network.findings),
    ...inGroup('environment', environment),
    ...inGroup('profiles', [...file, ...unusable, ...profiles.flat()]),
  ]
  return { ok: checks.every(({ status }) => status !== 'failed'), checks }
}

function inGroup(group: Group, findings: readonly Finding[]): readonly Check[] {
  return findings.map((finding) => ({ group, ...finding }))
}

/** 8 where tokens cannot be stored and read; else 5 where the network fails, else 3 where a profile does; else 0. */
export function exitCodeOf({ checks }: Report): number {
  const failed = new Set(checks.filter(({ status }) => status === 'failed').map(({ group }) => group))
  if (failed.has('storage')) return 8
  if (failed.has('network')) return 5
  return failed.has('profiles') ? 3 : 0
}
