/** A world whose profiles belong to a sandbox of its own: what every sign-in by a person starts from. */
import { join } from 'node:path'
import { contosoId, seedApps } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { cli } from './cli.ts'
import { makeWorld, type World } from './session/environment.ts'

export interface SandboxWorld extends World {
  readonly sandbox: Sandbox
  /** Makes a profile of a seeded app. `flags` are of `config create`. */
  createProfile(name: string, app: keyof typeof seedApps, ...flags: readonly string[]): Promise<void>
  /** The flags of `config create` that lead a profile to the sandbox. */
  readonly flags: readonly string[]
  end(): Promise<void>
}

/** Starts one on a free port. Its vault has an explicit key: a keychain of the machine is not asked. */
export async function startSandboxWorld(): Promise<SandboxWorld> {
  const world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  const sandbox = await startSandbox({ port: 0, folder: join(world.root, 'sandbox') })
  const flags = ['--tenant-id', contosoId, '--authority', sandbox.origin, '--ca-file', sandbox.caFile]
  return {
    ...world,
    sandbox,
    flags,
    createProfile: async (name, app, ...more) => {
      const words = ['config', 'create', name, '--client-id', seedApps[app], ...flags, ...more]
      const { code, stderr } = await cli(words, { world })
      if (code !== 0) throw new Error(`no profile "${name}": ${stderr}`)
    },
    end: async () => {
      await sandbox.close()
      world.remove()
    },
  }
}
