import { parseArgs } from 'node:util'
import { type Sandbox, defaultPort, startSandbox } from './server.ts'
import { contosoId, seedApps, seedPassword, seedSecrets } from './seed.ts'

/** What a run of the `sandbox` command is handed. */
export interface SandboxIo {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** Ends the sandbox when aborted. */
  readonly signal: AbortSignal
  /** Where certificates are kept without `--folder`. */
  readonly defaultFolder: string
}

const usage = `Usage: entra-auth-cli sandbox [options]

Starts a local tenant that behaves like Microsoft Entra ID, over HTTPS on loopback, until it is interrupted.

Options:
  --port PORT        port to listen on; 0 stands for any free one (default ${defaultPort})
  --folder DIR       where its certificate authority and keys are kept
  --host-name NAME   answer to this DNS name too (repeatable)
  --json             print one line of JSON on stdout when ready
  -q, --quiet        say nothing on stderr
  -h, --help         show this help
`

const exitInvalidArguments = 4

/**
 * Runs a sandbox until the signal aborts.
 * @returns the exit code: 0 when it was ended, 4 when it could not start as asked
 */
export async function runSandbox(argv: readonly string[], io: SandboxIo): Promise<number> {
  const flags = flagsOf(argv)
  if ('fact' in flags) return refused(io, flags.fact, 'see "entra-auth-cli sandbox --help"')
  if (flags.help) {
    io.stdout(usage)
    return 0
  }
  const folder = flags.folder ?? io.defaultFolder
  const sandbox = await started(flags, folder)
  if ('fact' in sandbox) return refused(io, sandbox.fact, sandbox.hint)
  try {
    if (!flags.quiet) io.stderr(introduction(sandbox, folder))
    if (flags.json) io.stdout(`${JSON.stringify(summary(sandbox, folder))}\n`)
    await aborted(io.signal)
  } finally {
    await sandbox.close()
  }
  return 0
}

interface Flags {
  readonly port: number
  readonly folder: string | undefined
  readonly hostNames: readonly string[]
  readonly json: boolean
  readonly quiet: boolean
  readonly help: boolean
}

interface Refusal {
  readonly fact: string
  readonly hint: string
}

function flagsOf(argv: readonly string[]): Flags | Pick<Refusal, 'fact'> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        folder: { type: 'string' },
        'host-name': { type: 'string', multiple: true },
        json: { type: 'boolean' },
        quiet: { type: 'boolean', short: 'q' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const port = values.port ?? String(defaultPort)
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return { fact: `"${port}" is not a port number` }
    const hostNames = values['host-name'] ?? []
    const badName = hostNames.find((name) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(name))
    if (badName !== undefined) return { fact: `"${badName}" is not a DNS name in lower case` }
    return {
      port: Number(port),
      folder: values.folder,
      hostNames,
      json: values.json ?? false,
      quiet: values.quiet ?? false,
      help: values.help ?? false,
    }
  } catch (error) {
    return { fact: firstSentence(error) }
  }
}

/** Node explains an unknown flag in several sentences; the first one is the fact. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [sentence = message] = message.split('. ')
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
}

async function started(flags: Flags, folder: string): Promise<Sandbox | Refusal> {
  try {
    return await startSandbox({ port: flags.port, folder, hostNames: flags.hostNames })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      return {
        fact: `port ${flags.port} is in use`,
        hint: 'stop the other program, or choose another port with --port',
      }
    }
    if (code === 'EACCES' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'EROFS') {
      return {
        fact: `the folder "${folder}" cannot be used (${code})`,
        hint: 'choose another one with --folder',
      }
    }
    throw error
  }
}

function refused(io: SandboxIo, fact: string, hint: string): number {
  io.stderr(`error: ${fact}\nhint: ${hint}\n`)
  return exitInvalidArguments
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** What a program needs to use the sandbox. */
function summary(sandbox: Sandbox, folder: string): Record<string, unknown> {
  return {
    origin: sandbox.origin,
    port: sandbox.port,
    folder,
    caFile: sandbox.caFile,
    controlKeyFile: sandbox.controlKeyFile,
    clientCertificateFile: sandbox.clientCertificate.certFile,
    clientKeyFile: sandbox.clientCertificate.keyFile,
    tenantId: contosoId,
    apps: seedApps,
  }
}

function introduction(sandbox: Sandbox, folder: string): string {
  const { directory, origin, caFile } = sandbox
  const create = (name: string, appId: string, more: string): string =>
    [
      `  entra-auth-cli config create ${name} --tenant-id ${contosoId} \\`,
      `    --client-id ${appId} --authority ${origin} --ca-file '${caFile}' \\`,
      `    ${more}`,
    ].join('\n')
  const users = directory.users.map(({ displayName, isAdministrator, requiresMfa, userPrincipalName }) => {
    const traits = [
      ...(isAdministrator ? ['administrator'] : []),
      ...(requiresMfa ? ['second factor: any six digits but 000000'] : []),
    ]
    return `  ${userPrincipalName}  ${[displayName, ...traits].join(', ')}`
  })
  return `${[
    `Sandbox ready at ${origin}; end it with Ctrl-C. It is not Microsoft: never enter a real password.`,
    '',
    `Certificate authority: ${caFile} (hand it to clients, never install it)`,
    `Control key: ${sandbox.controlKeyFile}; everything is kept in ${folder}`,
    '',
    'Tenants',
    ...directory.tenants.map(
      ({ displayName, domains, id }) => `  ${id}  ${displayName}, ${domains[0] ?? ''}`,
    ),
    `Users (the password of all is "${seedPassword}")`,
    ...users,
    'Apps',
    ...directory.apps.map(({ appId, displayName }) => `  ${appId}  ${displayName}`),
    '',
    'Try',
    create('sandbox', seedApps.desktop, `--scope 'https://graph.microsoft.com/User.Read offline_access'`),
    '  entra-auth-cli get-token -p sandbox --flow device-code',
    `  printf %s '${seedSecrets.daemonWithSecret}' |`,
    create(
      'sandbox-daemon',
      seedApps.daemonWithSecret,
      "--scope 'https://graph.microsoft.com/.default' --client-secret -",
    ),
    '  entra-auth-cli get-token -p sandbox-daemon',
  ].join('\n')}\n`
}
