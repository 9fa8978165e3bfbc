import { readFile } from 'node:fs/promises'
import type { Environment, KeychainState } from '../core/ports.ts'
import { type DBusBody, type DBusCall, sessionBusPath, withSessionBus } from './dbus.ts'

const answerMilliseconds = 2_000
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

async function look(call: (request: DBusCall) => Promise<DBusBody>): Promise<KeychainState> {
  const ask = (member: string, ...given: string[]) =>
    call({ destination: bus, path: '/org/freedesktop/DBus', interface: bus, member, arguments: given })

  if (!(await ask('NameHasOwner', secrets)).number()) {
    const startable = (await ask('ListActivatableNames')).texts().includes(secrets)
    return {
      kind: 'no-service',
      reason: startable
        ? 'the Secret Service is installed but not running'
        : 'no Secret Service on the session D-Bus',
    }
  }
  const service = { destination: secrets, path: '/org/freedesktop/secrets' }
  const collection = (
    await call({
      ...service,
      interface: 'org.freedesktop.Secret.Service',
      member: 'ReadAlias',
      arguments: ['default'],
    })
  ).text()
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
  if (locked.number()) return { kind: 'locked', reason: 'the keyring is locked' }
  return {
    kind: 'available',
    provider: await providerName((await ask('GetConnectionUnixProcessID', secrets)).number()),
  }
}

/** The program behind the service, as the kernel shortens it: `gnome-keyring-d`, `kwalletd6`, `keepassxc`. */
async function providerName(processId: number): Promise<string> {
  const name = await readFile(`/proc/${processId}/comm`, 'utf8').catch(() => 'Secret Service')
  return name.trim()
}
