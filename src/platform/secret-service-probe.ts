import { readFileSync } from 'node:fs'
import type { Environment, KeychainState } from '../core/ports.ts'
import { type DBusBody, type DBusCall, sessionBusPath, withSessionBus } from './dbus.ts'
import { gnomeKeyring } from './keychain-rules.ts'

const answerMilliseconds = 2_000
const startMilliseconds = 3_000
const bus = 'org.freedesktop.DBus'
const secrets = 'org.freedesktop.secrets'

/**
 * Looks at the Secret Service without waking it: a real call could start a daemon or show a dialog, and a call that
 * waits for a dialog cannot be cancelled from within this process.
 * @see https://specifications.freedesktop.org/secret-service-spec/latest/
 */
export async function probeSecretService(env: Environment, userId: number): Promise<KeychainState> {
  const path = sessionBusPath(env)
  if (!path) return { kind: 'no-bus', reason: 'no session D-Bus' }
  try {
    return await withSessionBus(path, userId, answerMilliseconds, look)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'no-bus', reason: `the session D-Bus cannot be used (${message})` }
  }
}

/**
 * Has the bus start the Secret Service. What is sent is a ping: it unlocks nothing, asks nobody and leaves nothing behind.
 * How far the service came is for the next look to tell.
 * @returns why it did not start within 3 s, or undefined if it did
 */
export async function startSecretService(env: Environment, userId: number): Promise<string | undefined> {
  try {
    await withSessionBus(sessionBusPath(env) ?? '', userId, startMilliseconds, (call) =>
      call({
        destination: secrets,
        path: '/',
        interface: 'org.freedesktop.DBus.Peer',
        member: 'Ping',
        startsService: true,
      }),
    )
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function look(call: (request: DBusCall) => Promise<DBusBody>): Promise<KeychainState> {
  const ask = (member: string, ...given: string[]) =>
    call({ destination: bus, path: '/org/freedesktop/DBus', interface: bus, member, arguments: given })

  const service = { destination: secrets, path: '/org/freedesktop/secrets' }
  // All at once: where nobody owns the name the others fail, and are not looked at.
  const [owner, alias, process] = await Promise.allSettled([
    ask('NameHasOwner', secrets),
    call({
      ...service,
      interface: 'org.freedesktop.Secret.Service',
      member: 'ReadAlias',
      arguments: ['default'],
    }),
    ask('GetConnectionUnixProcessID', secrets),
  ])
  if (!valueOf(owner).number()) {
    const canStart = (await ask('ListActivatableNames')).texts().includes(secrets)
    return canStart
      ? { kind: 'activatable', reason: 'the Secret Service is installed but not running' }
      : { kind: 'no-service', reason: 'no Secret Service on the session D-Bus' }
  }
  const collection = valueOf(alias).text()
  if (collection === '/') {
    return { kind: 'no-collection', reason: 'the Secret Service has no default keyring yet' }
  }
  const locked = await call({
    destination: secrets,
    path: collection,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    arguments: ['org.freedesktop.Secret.Collection', 'Locked'],
  })
  locked.signature()
  const provider = providerName(valueOf(process).number())
  return locked.number()
    ? { kind: 'locked', provider, reason: 'the keyring is locked' }
    : { kind: 'available', provider }
}

/** The program behind the service: `gnome-keyring-daemon`, `kwalletd6`, `keepassxc`. The kernel keeps 15 characters. */
function providerName(processId: number): string {
  try {
    const name = readFileSync(`/proc/${processId}/comm`, 'utf8').trim()
    return name === gnomeKeyring.slice(0, 15) ? gnomeKeyring : name
  } catch {
    return 'Secret Service'
  }
}

function valueOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}
