import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../src/core/ports.ts'
import { writeSecret } from '../../src/core/vault/secrets.ts'
import { silentVoice } from '../../src/core/voice.ts'
import { noKeychain, type MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, hostWith, tenantId, vaultPath } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const answer: HttpResponse = {
  status: 200,
  headers: { date: 'Sat, 31 Jan 2026 10:00:00 GMT' },
  body: '{"token_endpoint":"https://login.microsoftonline.com/x"}',
}

function machine(records: readonly object[] = [{}], options: MemoryHostOptions = {}) {
  const host = hostWith(records, { http: () => answer, ...options, env: { NO_COLOR: '1', ...options.env } })
  const run = async (...words: readonly string[]) => {
    const code = await runCommand(['doctor', ...words], host)
    return { code, stdout: host.stdout(), stderr: host.stderr() }
  }
  return { host, run }
}

describe('doctor', () => {
  it('tells programs all it found in one stable shape', async () => {
    const { run } = machine([{ clientId: '' }])
    const { code, stdout, stderr } = await run('-o', 'json')
    expect(stdout).toBe(`{
  "ok": false,
  "checks": [
    {
      "group": "storage",
      "name": "vault",
      "status": "ok",
      "fact": "none yet; the first secret or token makes \\"${vaultPath}\\" with a key in the system's keychain"
    },
    {
      "group": "storage",
      "name": "keychain",
      "status": "ok",
      "fact": "memory kept a throw-away item and gave it back"
    },
    {
      "group": "storage",
      "name": "secret-store",
      "status": "ok",
      "fact": "\\"/home/test/.config/entra-auth-cli/secure\\" can be made"
    },
    {
      "group": "storage",
      "name": "token-store",
      "status": "ok",
      "fact": "\\"/home/test/.msal/cache\\" can be made"
    },
    {
      "group": "storage",
      "name": "sealed-files",
      "status": "not_applicable",
      "fact": "nothing is sealed yet"
    },
    {
      "group": "storage",
      "name": "permissions",
      "status": "ok",
      "fact": "nobody else may read or write what is kept (2 files and folders)"
    },
    {
      "group": "storage",
      "name": "temporary-files",
      "status": "ok",
      "fact": "none were left by writers that were killed"
    },
    {
      "group": "storage",
      "name": "locks",
      "status": "ok",
      "fact": "none are held"
    },
    {
      "group": "storage",
      "name": "free-space",
      "status": "ok",
      "fact": "100.0 GB free where \\"/home/test/.msal/cache\\" is"
    },
    {
      "group": "network",
      "name": "proxy",
      "status": "ok",
      "fact": "none is used"
    },
    {
      "group": "network",
      "name": "authority",
      "status": "not_applicable",
      "fact": "not asked, for no profile names one"
    },
    {
      "group": "environment",
      "name": "program",
      "status": "ok",
      "fact": "entra-auth-cli 0.1.0 with Node 22.12.0 on linux x64"
    },
    {
      "group": "environment",
      "name": "place",
      "status": "ok",
      "fact": "this machine itself: no container, no SSH session, no CI job"
    },
    {
      "group": "environment",
      "name": "terminal",
      "status": "not_applicable",
      "fact": "none; nobody is asked anything"
    },
    {
      "group": "environment",
      "name": "browser",
      "status": "ok",
      "fact": "can be opened from here"
    },
    {
      "group": "environment",
      "name": "variables",
      "status": "ok",
      "fact": "set: NO_COLOR"
    },
    {
      "group": "profiles",
      "name": "profiles-file",
      "status": "ok",
      "fact": "\\"/home/test/.config/entra-auth-cli/profiles.json\\" holds 1 profile"
    },
    {
      "group": "profiles",
      "name": "profile",
      "subject": "work",
      "status": "failed",
      "fact": "profile \\"work\\" cannot be used: the client id is missing",
      "remedy": "entra-auth-cli config edit work"
    }
  ]
}
`)
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
  })

  it.each([[['--json']], [['-o', 'JSON']]])('understands %j', async (words) => {
    const { code, stdout } = await machine().run(...words)
    expect(JSON.parse(stdout)).toMatchObject({ ok: true })
    expect(code).toBe(0)
  })

  it('speaks YAML', async () => {
    const { stdout } = await machine().run('-o', 'yaml')
    expect(stdout).toMatch(/^ok: true\nchecks:\n {2}- group: storage\n/)
  })

  it.each<[string, number, object, MemoryHostOptions]>([
    ['nothing fails', 0, {}, {}],
    ['there are but warnings', 0, {}, { keychain: noKeychain }],
    ['a profile fails', 3, { clientId: '' }, {}],
    ['the network fails', 5, {}, { http: () => ({ ...answer, body: '<html>' }) }],
    [
      'the network and a profile fail',
      5,
      { caFile: '/none' },
      { http: () => ({ ...answer, body: '<html>' }) },
    ],
    ['the storage and all else fails', 8, { clientId: '' }, { env: { ENTRA_AUTH_CLI_KEY: 'no key' } }],
  ])('ends where %s with %i', async (_what, code, record, options) => {
    const { run } = machine([record], options)
    const { code: ended, stderr } = await run()
    expect({ ended, stderr }).toEqual({ ended: code, stderr: '' })
  })

  it('says to a person that it is at it', async () => {
    const { stderr } = await machine([{}], { stderrIsTerminal: true }).run()
    expect(stderr).toBe('Looking at storage, network, environment and profiles...\n')
  })

  it('explains its exit codes in its help', async () => {
    const { stdout } = await machine().run('--help')
    expect(stdout).toMatch(/8 where .*\n.*5 where .*\n.*3 where /)
  })

  it('sends nothing when it is offline, and looks at one profile where one is named', async () => {
    const { code, stdout } = await machine([{}, { name: 'half', clientId: '' }], { http: undefined }).run(
      '--offline',
      '-p',
      'work',
    )
    expect(code).toBe(0)
    expect(stdout).toContain('  - authority        not asked (--offline)\n')
    expect(stdout).not.toContain('half')
  })

  it.each([
    [['-p', 'none'], 3, 'there is no profile "none"'],
    [['-p', ''], 4, '--profile'],
    [['-o', 'xml'], 4, 'there is no output form "xml"'],
    [['extra'], 4, 'too many arguments'],
  ])('refuses %j', async (words, code, fact) => {
    const ended = await machine().run(...words)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(fact)
  })

  it('makes private what is not with --fix', async () => {
    const { host, run } = machine()
    host.openTo.set('/home/test/.config/entra-auth-cli/profiles.json', 'read')
    expect((await run('--fix')).stdout).toContain('could be read by others, and is private now')
    expect(host.openTo.size).toBe(0)
  })

  it('shows neither a secret nor a variable, wherever they are', async () => {
    const canary = 'c4n4ry'
    const { host, run } = machine([{ authMethod: 'ClientSecret' }], {
      env: {
        ENTRA_AUTH_CLI_PASSPHRASE: canary,
        AZURE_CLIENT_SECRET: canary,
        AZURE_CLIENT_CERTIFICATE_PASSWORD: canary,
        ENTRA_AUTH_CLI_PROFILE: canary,
        HTTPS_PROXY: `http://me:${canary}@proxy`,
        BROWSER: canary,
      },
    })
    await writeSecret(host, 'work', 'client-secret', canary, silentVoice)
    for (const form of ['text', 'json', 'yaml']) await run('-o', form)
    expect(host.stdout()).toContain('AZURE_CLIENT_SECRET')
    expect(host.stdout() + host.stderr()).not.toContain(canary)
  })

  it('asks an authority for its metadata, without a secret', async () => {
    const sent: string[] = []
    const { run } = machine([{}], {
      http: (request) => {
        sent.push(JSON.stringify(request))
        return answer
      },
    })
    await run()
    expect(sent.map((text) => JSON.parse(text) as object)).toEqual([
      {
        method: 'GET',
        url: `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`,
        signal: {},
      },
    ])
    expect(sent.join()).not.toContain(clientId)
  })
})
