/** The age that others use opens what we export, and we open what it wrote: with passphrases and with keys. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, succeeded } from '../support/cli.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'
import { required } from './program.ts'

const passphrase = 'correct horse battery staple'
const secret = 's3cret~value'
const ids = { tenantId: 'contoso.onmicrosoft.com', clientId: '12345678-1234-4234-8234-123456789abc' }
const profile = { name: 'ci', ...ids, authMethod: 'ClientSecret', clientSecret: secret }

let age: string
let keygen: string
let world: World
let terminal: TmuxTerminal

beforeAll(async () => {
  age = required('/usr/bin/age', 'age')
  keygen = required('/usr/bin/age-keygen', 'age')
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  terminal = await TmuxTerminal.open(world)
  const create = ['config', 'create', 'ci', '--tenant-id', ids.tenantId, '--client-id', ids.clientId]
  succeeded(await cli([...create, '--client-secret', '-'], { world, input: secret }))
})
afterAll(async () => {
  await terminal?.close()
  world?.remove()
})

const path = (name: string) => join(world.workFolder, name)
const content = (name: string) => readFileSync(path(name), 'utf8')

/** Runs age without a terminal, for what it does not ask. */
const run = (program: string, ...words: readonly string[]) =>
  promisify(execFile)(program, words, { cwd: world.workFolder, env: { ...world.env } })

/** Makes a key pair. @returns the public key */
async function keyPair(file: string): Promise<string> {
  await run(keygen, '-o', file)
  return /public key: (age1\w+)/.exec(content(file))![1]!
}

/** What a machine gets that imports this file: its secret, as an export for a key of ours shows it. */
async function imported(name: string, words: readonly string[], input = ''): Promise<unknown> {
  const other = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  try {
    succeeded(await cli(['config', 'import', '-i', path(name), ...words], { world: other, input }))
    const key = await keyPair(`ours-of-${name}`)
    const sealed = await cli(['config', 'export', '--all', '--include-secrets', '-r', key], { world: other })
    writeFileSync(path(`again-${name}`), succeeded(sealed).stdout)
    const { stdout } = await run(age, '-d', '-i', `ours-of-${name}`, `again-${name}`)
    return JSON.parse(stdout)
  } finally {
    other.remove()
  }
}

describe('age opens what we export', () => {
  it('with a passphrase', async () => {
    const words = ['config', 'export', 'ci', '--include-secrets', '-o', 'ours.age']
    succeeded(await cli(words, { world, input: `${passphrase}\n` }))
    await terminal.start(`${age} -d -o ours.json ours.age`)
    await terminal.answer(/Enter passphrase/, passphrase)
    expect(await terminal.ended()).toMatchObject({ code: 0 })
    expect(JSON.parse(content('ours.json'))).toEqual(profile)
  })

  it('with a wrong passphrase it does not', async () => {
    await terminal.start(`${age} -d -o wrong.json ours.age`)
    await terminal.answer(/Enter passphrase/, 'wrong')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(1)
    expect(shown).toContain('incorrect passphrase')
  })

  it('with the key of each of several recipients, armoured or not', async () => {
    const keys = [await keyPair('one.key'), await keyPair('two.key')]
    writeFileSync(path('team.txt'), `# the team\n${keys[1]}\n`)
    const words = ['config', 'export', 'ci', '--include-secrets', '-r', keys[0]!, '-R', 'team.txt']
    succeeded(await cli([...words, '-o', 'team.age'], { world }))
    succeeded(await cli([...words, '-o', 'team.asc', '--armor'], { world }))
    for (const key of ['one.key', 'two.key']) {
      for (const file of ['team.age', 'team.asc'])
        expect(JSON.parse((await run(age, '-d', '-i', key, file)).stdout)).toEqual(profile)
    }
  })
})

describe('we open what age wrote', () => {
  beforeAll(() => writeFileSync(path('profile.json'), JSON.stringify(profile)))

  it.each([
    ['as it is', 'theirs.age', ''],
    ['armoured', 'theirs.asc', '-a'],
  ])('with a passphrase, %s', async (_form, file, flag) => {
    await terminal.start(`${age} -p ${flag} -o ${file} profile.json`)
    await terminal.answer(/Enter passphrase/, passphrase)
    await terminal.answer(/Confirm passphrase/, passphrase)
    expect(await terminal.ended()).toMatchObject({ code: 0 })
    expect(await imported(file, [], `${passphrase}\n`)).toEqual({ profiles: [profile] })
  })

  it('with a key', async () => {
    const key = await keyPair('mine.key')
    const stranger = await keyPair('stranger.key')
    await run(age, '-r', stranger, '-r', key, '-o', 'keyed.age', 'profile.json')
    expect(await imported('keyed.age', ['--identity', path('mine.key')])).toEqual({ profiles: [profile] })
  })

  it('and not with the key of somebody else', async () => {
    await keyPair('nobody.key')
    const words = ['config', 'import', '-i', 'keyed.age', '-n', 'x', '--identity', 'nobody.key']
    const { code, stdout, stderr } = await cli(words, { world })
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('is not sealed for this private key')
  })
})
