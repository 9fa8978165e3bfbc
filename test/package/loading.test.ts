import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox } from '../../sandbox/server.ts'
import { TokenCache } from '../../src/core/token-cache.ts'
import { createHost } from '../../src/platform/host.ts'
import { memoryHost } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'
import { loadedBy, packagesIn } from '../support/loaded-modules.ts'
import { clientId, recordOf, tenantId } from '../support/profiles.ts'
import { rsaKey, signed } from '../support/signing.ts'
import { silentVoice } from '../../src/core/voice.ts'

// What is loaded is what a user waits for. MSAL alone costs more than all the rest of a cached answer.

const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-loading-'))
const env = {
  ENTRA_AUTH_CLI_CONFIG_DIR: join(folder, 'config'),
  ENTRA_AUTH_CLI_CACHE_DIR: join(folder, 'cache'),
  ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32),
  AZURE_CLIENT_SECRET: 's3cret',
}
const scope = 'https://graph.microsoft.com/.default'
const endSeconds = Math.floor(Date.now() / 1000) + 3600
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ aud: 'x', exp: endSeconds })}.c2ln`

beforeAll(async () => {
  const host = createHost(Object.create(process, { env: { value: env } }) as NodeJS.Process)
  const record = recordOf({
    name: 'ci',
    authMethod: 'ClientSecret',
    scopes: [scope],
    authority: 'https://localhost:1',
  })
  await host.files.write(join(env.ENTRA_AUTH_CLI_CONFIG_DIR, 'profiles.json'), JSON.stringify([record]))
  const entry = {
    home_account_id: '',
    environment: 'localhost:1',
    client_id: clientId,
    realm: tenantId,
    target: scope,
    secret: token,
    expires_on: String(endSeconds),
    token_type: 'Bearer',
  }
  const msalText = JSON.stringify({ AccessToken: { one: entry } })
  await new TokenCache('ci', host, silentVoice).change(() => ({
    msalText,
    signedIn: undefined,
    tenantIds: {},
  }))
  writeFileSync(join(folder, 'token.txt'), token)
  const key = rsaKey('one')
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [key.published] }))
  writeFileSync(
    join(folder, 'signed.txt'),
    signed({ iss: 'x', exp: endSeconds }, { alg: 'RS256', kid: 'one' }, key),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const costly = new Set([
  '@azure/msal-node',
  '@azure/msal-common',
  '@clack/prompts',
  '@napi-rs/keyring',
  'node-forge',
  'open',
])

describe('loads nothing it does not need:', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['a cached get-token', ['get-token', '-p', 'ci'], /^eyJ/],
    ['a cached get-token, as JSON', ['get-token', '-o', 'json'], /"from_cache": true/],
    ['inspect', ['inspect', '-t', token], /"payload"/],
    ['inspect from a file', ['inspect', '-f', join(folder, 'token.txt')], /"payload"/],
    ['inspect of a cached token', ['inspect', '-p', 'ci'], /"payload"/],
    ['discover', ['discover', '-t', token], /"valid": true/],
    [
      'validate',
      ['validate', '-f', join(folder, 'signed.txt'), '--jwks', join(folder, 'keys.json')],
      /\nValid\.\n$/,
    ],
    ['config list', ['config', 'list'], /^ci\n$/],
    ['config list --json', ['config', 'list', '--json'], /"profiles"/],
    ['config show', ['config', 'show', 'ci'], /^Profile: ci\n/],
    ['explain', ['explain', '7000215'], /^AADSTS7000215/],
    ['--help', ['--help'], /get-token/],
    ['help on a topic', ['help', 'flows'], /^Flows/],
    ['the help of a command', ['config', '--help'], /create/],
    ['completion of a command', ['__complete', 'fish', '=insp'], /^inspect\t/],
    ['completion of a flag', ['__complete', 'fish', '=--forc', 'get-token'], /^--force\t/],
    ['completion of a profile', ['__complete', 'fish', '=c', 'get-token', '-p'], /^ci\t/],
    ['completion below config', ['__complete', 'fish', '=c', 'config', 'show'], /^ci\t/],
    ['a completion script', ['completion', 'bash'], /complete -o default/],
    ['--version', ['--version'], /^\d+\.\d+\.\d+/],
  ])('%s', async (_what, words, stdout) => {
    const result = await loadedBy(words, env)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(stdout)
    expect(packagesIn(result.modules).filter((name) => costly.has(name))).toEqual([])
    // What errors mean is much, and only those read it for whom something failed.
    expect(result.modules.some((module) => module.includes('entra-codes'))).toBe(words[0] === 'explain')
    expect(
      result.modules.filter((module) => /^node:(net|tls|http|https|http2|dgram|dns)$/.test(module)),
    ).toEqual([])
  })
})

describe('answers plain questions from a file or two:', () => {
  it.each<[string, readonly string[], RegExp, readonly string[]]>([
    ['a cached get-token', ['get-token', '-p', 'ci'], /^eyJ/, ['main.cjs', 'plain/get-token.cjs']],
    ['inspect', ['inspect', '-t', token], /"payload"/, ['main.cjs']],
    ['discover', ['discover', '-t', token], /"valid": true/, ['main.cjs']],
    ['--help', ['--help'], /get-token/, ['main.cjs', 'plain/help.cjs']],
    ['the help of a command', ['config', 'create', '--help'], /--overwrite/, ['main.cjs', 'plain/help.cjs']],
    ['--version', ['--version'], /^\d+\.\d+\.\d+/, ['main.cjs', 'plain/help.cjs']],
  ])('%s', async (_what, words, stdout, files) => {
    const result = await loadedBy(words, env)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(stdout)
    expect(result.files.toSorted()).toEqual(files)
    const needless = /^node:(?:child_process|crypto|fs\/promises|module|stream|util)$/
    const own = words[0] === 'get-token' ? ['node:crypto'] : []
    expect(result.modules.filter((module) => needless.test(module))).toEqual(own)
  })

  it('and shows the help that the whole program would show', async () => {
    for (const words of [['--help'], ['vault', 'migrate', '--help'], ['help', 'serve']]) {
      const whole = memoryHost()
      await runCommand(words, whole)
      expect((await loadedBy(words, env)).stdout).toBe(whole.stdout())
    }
  })
})

describe('loads what it needs, which shows that this test sees it:', () => {
  it('MSAL, where a token must be requested', async () => {
    const { code, modules } = await loadedBy(['get-token', '--force', '--timeout', '1s'], env)
    expect([5, 6]).toContain(code)
    expect(packagesIn(modules)).toContain('@azure/msal-node')
    expect(modules).toContain('node:https')
  })

  it('and one request a token from the second on, where the authority is one that MSAL does not know', async () => {
    const sandbox = await startSandbox({ port: 0, folder: join(folder, 'sandbox') })
    try {
      const config = join(folder, 'config-of-sandbox')
      const record = {
        name: 'ci',
        authMethod: 'ClientSecret',
        scopes: [scope],
        tenantId: contosoId,
        clientId: seedApps.daemonWithSecret,
        authority: sandbox.origin,
        caFile: sandbox.caFile,
      }
      mkdirSync(config)
      writeFileSync(join(config, 'profiles.json'), JSON.stringify([recordOf(record)]))
      const machine = {
        ...env,
        ENTRA_AUTH_CLI_CONFIG_DIR: config,
        ENTRA_AUTH_CLI_CACHE_DIR: join(folder, 'cache-of-sandbox'),
        AZURE_CLIENT_SECRET: seedSecrets.daemonWithSecret,
      }
      for (const _ of [1, 2, 3]) {
        const { code, stderr, modules } = await loadedBy(['get-token', '--force'], machine)
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(packagesIn(modules).filter((name) => costly.has(name))).toEqual([
          '@azure/msal-common',
          '@azure/msal-node',
        ])
        expect(packagesIn(modules)).not.toContain('https-proxy-agent')
        const needless =
          /entra-codes|assertion-source|certificate|node:(http2|inspector|worker_threads|dgram)$/
        expect(modules.filter((module) => needless.test(module))).toEqual([])
      }
      expect(sandbox.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
        'openid-configuration',
        'token',
        'token',
        'token',
      ])
    } finally {
      await sandbox.close()
    }
  })
})
