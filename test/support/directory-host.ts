/** Commands of this process at a sandbox of its own: real requests over loopback, all else in memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Directory } from '../../sandbox/directory.ts'
import { signIn } from '../../sandbox/robot/sign-in.ts'
import {
  contosoId,
  seedApps,
  seedDirectory,
  seedPassword,
  seedSecrets,
  type SeedContext,
} from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { createHttpClient } from '../../src/platform/http.ts'
import { openRedirect } from '../../src/platform/redirect-listener.ts'
import type { MemoryHost, MemoryHostOptions } from './memory-host.ts'
import { hostWith } from './profiles.ts'
import { runCommand } from './run-command.ts'

export interface DirectoryHost {
  readonly sandbox: Sandbox
  /** The flags that lead a command without a profile to the sandbox. */
  readonly cloud: readonly string[]
  /** The fields that lead a profile there, as `profiles.json` holds them. */
  readonly place: object
  /**
   * Runs a command with a profile `ci` of the seeded daemon, and those given.
   * @param person user name of who signs in when a browser opens; undefined: nobody is there
   */
  run(words: readonly string[], options?: RunOptions): Promise<Ran>
  close(): Promise<void>
}

export interface RunOptions extends MemoryHostOptions {
  readonly person?: string
  readonly profiles?: readonly object[]
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly host: MemoryHost
}

export async function startDirectoryHost(
  change: (directory: Directory) => Directory,
): Promise<DirectoryHost> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const seed = (context: SeedContext) => change(seedDirectory(context))
  const sandbox = await startSandbox({ folder, port: 0, seed })
  const { origin, caFile } = sandbox
  const place = { tenantId: contosoId, authority: origin, graphUrl: origin, caFile }
  const http = createHttpClient({ env: {} })
  const ci = {
    name: 'ci',
    ...place,
    clientId: seedApps.daemonWithSecret,
    clientSecretEnv: 'CI_SECRET',
    scopes: [`${origin}/.default`],
  }
  return {
    sandbox,
    cloud: ['--authority', origin, '--graph-url', origin, '--ca-file', caFile],
    place,
    run: async (words, { person, profiles = [], ...options } = {}) => {
      const host = hostWith([ci, ...profiles], {
        now: new Date(),
        http: (request) => http.send(request),
        ...(person === undefined
          ? {}
          : {
              redirects: { open: openRedirect },
              openBrowser: (url: string) => {
                void signIn(url, {
                  username: person,
                  password: seedPassword,
                  ca: readFileSync(caFile, 'utf8'),
                })
                return true
              },
            }),
        ...options,
        env: {
          NO_COLOR: '1',
          CI_SECRET: seedSecrets.daemonWithSecret,
          ...(person === undefined ? {} : { ENTRA_AUTH_CLI_INTERACTIVE: '1' }),
          ...options.env,
        },
      })
      const code = await runCommand(words, host)
      return { code, stdout: host.stdout(), stderr: host.stderr(), host }
    },
    close: async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
