import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import { arcKeyFolder } from './endpoint.ts'

type ChallengeHost = Pick<Host, 'env' | 'files' | 'platform'>

const largestKeyBytes = 4096

/**
 * The answer to the Azure Arc agent's challenge: the content of a key file that it names and that only members of its
 * group can read. Whoever answers in the agent's place could name any file and would be sent its content, so nothing is
 * read but small files that end in `.key` right in the agent's own folder.
 * @param challenge the `WWW-Authenticate` header of its 401
 * @returns the value of the `Authorization` header: a secret
 * @throws EntraAuthError `authentication_failed` for a challenge that is not to be answered, `file_unusable` for a key
 *   that cannot be read
 * @see https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function answerToArcChallenge(
  challenge: string | undefined,
  host: ChallengeHost,
): Promise<string> {
  const path = keyPath(challenge, host)
  const key = await readKey(path, host)
  return `Basic ${key}`
}

function keyPath(challenge: string | undefined, host: ChallengeHost): string {
  const [, path] = /^\s*Basic\s+realm="?([^"]+?)"?\s*$/i.exec(challenge ?? '') ?? []
  if (path === undefined) throw suspicious('it names no key file')
  const folder = arcKeyFolder(host)
  if (folder === undefined) throw suspicious(`there is no folder for its keys on ${host.platform}`)
  const name = path.slice(folder.length)
  const isInside = path.startsWith(folder) && /^[^/\\]+$/.test(name)
  if (!isInside) throw suspicious('the key file it names is not in its own folder')
  if (!name.endsWith('.key')) throw suspicious('the file it names is no key file')
  return path
}

async function readKey(path: string, { files, platform }: ChallengeHost): Promise<string> {
  const unreadable = (cause?: unknown) =>
    new EntraAuthError('file_unusable', `the key file "${path}" of the Azure Arc agent cannot be read`, {
      hint:
        platform === 'win32'
          ? 'run it as an administrator, or as a member of "Hybrid agent extension applications"'
          : 'run it as a member of the group himds: "sudo usermod -aG himds $USER", then sign in to this machine again',
      cause,
    })
  try {
    const facts = await files.look(path)
    if (facts === undefined) throw unreadable()
    if (facts.kind !== 'file') throw suspicious('what it names is no plain file')
    if (facts.size > largestKeyBytes) throw suspicious('the key file it names is too large')
    const content = await files.read(path)
    if (content === undefined) throw unreadable()
    const key = content.toString('utf8')
    // It becomes a header: a line break in it would be a header of somebody else's.
    if (/^[\x21-\x7e]+$/.test(key)) return key
    throw suspicious('the key file it names holds no key')
  } catch (error) {
    if (error instanceof EntraAuthError && error.code === 'authentication_failed') throw error
    if (error instanceof EntraAuthError) throw unreadable(error)
    throw error
  }
}

function suspicious(why: string): EntraAuthError {
  return new EntraAuthError(
    'authentication_failed',
    `the challenge of the Azure Arc agent is not answered: ${why}`,
    { hint: 'look whether it is the agent that answers at IDENTITY_ENDPOINT: "azcmagent show"' },
  )
}
