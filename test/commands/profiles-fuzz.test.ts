/**
 * `profiles.json` as anybody may have left it: a good file in which something was changed, and files that are nothing
 * like one. Whatever it holds, commands end, with a fact and a next step where they fail, and a file that cannot be
 * understood stays as it is.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProfileFile } from '../../src/core/profiles/profile-file.ts'
import { memoryHost } from '../support/memory-host.ts'
import { clientId, profilesPath, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const names = [
  'name', 'Name', 'tenantId', 'tenant_id', 'clientId', 'scopes', 'scope', 'resource', 'defaultFlow', 'flow',
  'authMethod', 'useClientSecret', 'useCertificate', 'certificatePath', 'privateKeyPath', 'redirectUri', 'authority',
  'cloud', 'graphUrl', 'caFile', 'clientCapabilities', 'clientSecretEnv', 'clientSecretFile', 'certificateEnv',
  'managedIdentityClientId', 'federatedTokenFile', 'githubActionsAudience', 'createdAt', 'updatedAt', 'profiles',
  '__proto__', 'constructor', 'toString', '', 'notes',
] // prettier-ignore

const words = fc.constantFrom(
  'work', 'WORK', 'default', tenantId, clientId, 'common', 'contoso.com', 'User.Read', 'https://a/b',
  'https://localhost', 'ClientSecret', 'Certificate', 'ManagedIdentity', 'GitHubActions', 'None', 'DeviceCode', '2',
  'usgov', '/no/such/file', '../../x', 'a b', '\u001b[31m', '\u202e', '%00', '\ud800', '', ' ',
) // prettier-ignore

const value = fc.oneof(
  { weight: 6, arbitrary: words },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.array(fc.oneof(words, fc.integer(), fc.constant(null)), { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, 0, -1, 1e308, {}, { a: [{}] }) },
)

const good = { name: 'work', tenantId, clientId, scopes: ['https://graph.microsoft.com/User.Read'] }

/** A good record with some fields changed, added or gone. */
const record = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 }),
    fc.array(fc.constantFrom(...Object.keys(good)), { maxLength: 1 }),
  )
  .map(([set, gone]) => {
    const fields = Object.entries(good).filter(([name]) => !gone.includes(name))
    return Object.fromEntries([...fields, ...set])
  })

const document = fc.oneof(
  { weight: 4, arbitrary: fc.array(record, { maxLength: 4 }).map((profiles) => ({ profiles, others: 1 })) },
  { weight: 2, arbitrary: fc.array(record, { maxLength: 3 }) },
  { weight: 1, arbitrary: record },
  { weight: 1, arbitrary: fc.array(fc.oneof(record, value), { maxLength: 3 }) },
  { weight: 1, arbitrary: value },
)

/** Its text, as a person or a disk that is full may have spoilt it. */
const text = fc
  .tuple(
    document,
    fc.constantFrom(undefined, 2),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.record({ at: fc.nat(400), gone: fc.nat(3), put: fc.string({ maxLength: 3 }) }),
      },
      { weight: 1, arbitrary: fc.record({ at: fc.nat(400), gone: fc.constant(1000), put: fc.constant('') }) },
    ),
  )
  .map(([content, indent, damage]) => {
    const whole = JSON.stringify(content, undefined, indent)
    // As a file holds it: half a character is none there.
    if (!damage) return Buffer.from(whole).toString()
    const at = damage.at % (whole.length + 1)
    return Buffer.from(whole.slice(0, at) + damage.put + whole.slice(at + damage.gone)).toString()
  })

const commands = [
  ['config', 'list'],
  ['config', 'list', '-o', 'json', '--verbose'],
  ['config', 'show', 'work'],
  ['config', 'show', '--json'],
  ['get-token', '-p', 'work', '--no-interaction', '--client-secret-file', '/no/such/file'],
  ['config', 'edit', 'work', '--scope', 'User.Read', '--redirect-uri', 'http://localhost:1'],
  ['config', 'edit', '-p', 'work', '--unset', 'credential', '--rename', 'home'],
  ['config', 'delete', 'work', '--force'],
  ['config', 'clear-cache', 'work'],
  ['config', 'create', '-n', 'work', '--tenant-id', tenantId, '--client-id', clientId, '--overwrite'],
]

function isReadable(content: string): Promise<boolean> {
  return ProfileFile.parse(content, profilesPath).then(
    () => true,
    () => false,
  )
}

function hostOf(content: string) {
  return memoryHost({
    stdin: '',
    files: { [profilesPath]: content },
    http: () => ({ status: 400, headers: {}, body: '{"error":"invalid_request"}' }),
    browserObstacle: 'this is a test',
  })
}

async function outcomeOf(content: string, argv: readonly string[]) {
  const host = hostOf(content)
  const code = await runCommand(argv, host)
  return { code, stderr: host.stderr(), written: host.fileMap.get(profilesPath)?.toString() }
}

describe('a hand-edited profiles.json', () => {
  it('never makes a command crash, and is never spoilt', async () => {
    const argvs = fc.constantFrom(...commands)
    await fc.assert(
      fc.asyncProperty(text, argvs, async (content, argv) => {
        const { code, stderr, written } = await outcomeOf(content, argv)
        expect([0, 1, 2, 3, 4, 7]).toContain(code)
        expect(stderr).not.toMatch(/unexpected:|defect|\n\s+at /)
        // eslint-disable-next-line no-control-regex
        expect(stderr).not.toMatch(/[\u001b\u202e]/)
        expect(code === 0 || /^error: .+/m.test(stderr), stderr).toBe(true)
        // What nobody could read is left alone; what a command wrote can be read.
        const mayChange = code === 0 && (await isReadable(content))
        expect(mayChange ? await isReadable(written ?? '') : written === content).toBe(true)
      }),
      { numRuns: 10_000, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    )
  }, 90_000)

  it('that is broken is reported with its place, by every command', async () => {
    for (const argv of commands) {
      const content = '{\n  "profiles": [\n    { "name": "work" "tenantId": 1 }\n  ]\n}'
      const { code, stderr, written } = await outcomeOf(content, argv)
      expect(code, argv.join(' ')).toBe(1)
      expect(stderr, argv.join(' ')).toContain('line 3, column 22')
      expect(written).toBe(content)
    }
  })

  it('keeps, at an edit, all that the edit is not about', async () => {
    const others = fc.dictionary(
      fc
        .string({ unit: 'binary', maxLength: 8 })
        .filter((name) => !/^(scopes?|updatedat)$/i.test(name.replace(/[-_\s]/g, ''))),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 4 },
    )
    await fc.assert(
      fc.asyncProperty(others, others, others, async (outside, beside, inside) => {
        const neighbour = { name: 'neighbour', ...beside }
        const mine = { ...inside, ...good }
        const { profiles: _, ...container } = outside
        const content = JSON.stringify({ ...container, profiles: [neighbour, mine] })
        const { code, stderr, written } = await outcomeOf(content, [
          'config',
          'edit',
          'work',
          '--scope',
          'User.Read',
        ])
        const expected = JSON.parse(content)
        expected.profiles[1] = {
          ...expected.profiles[1],
          scopes: ['User.Read'],
          updatedAt: '2026-01-31T10:00:00.000Z',
        }
        // Strange fields may make it a profile that cannot be used; then nothing is written.
        expect(JSON.parse(written ?? ''), stderr).toEqual(code === 0 ? expected : JSON.parse(content))
      }),
      { numRuns: 300 },
    )
  })
})
