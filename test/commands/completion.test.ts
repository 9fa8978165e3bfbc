import { describe, expect, it } from 'vitest'
import { shells } from '../../src/commands/complete-request.ts'
import { profilesPath, hostWith } from '../support/profiles.ts'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'

const records = [{ name: 'work' }, { name: 'workshop' }, { name: 'ci' }]

async function answered(words: readonly string[], options: MemoryHostOptions = {}) {
  const host = hostWith(records, options)
  const code = await runCommand(words, host)
  expect({ code, stderr: host.stderr() }).toEqual({ code: 0, stderr: '' })
  return host.stdout().split('\n').slice(0, -1)
}

/** The words that may stand in the place of the last one; `:files` for names of files. */
async function candidates(...typed: readonly string[]): Promise<readonly string[]> {
  const [current = '', ...before] = typed.toReversed()
  const lines = await answered(['__complete', 'fish', `=${current}`, ...before.toReversed()])
  return lines.map((line) => line.split('\t')[0] ?? '')
}

describe('what may follow', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['get'], ['get-token']],
    [['v'], ['validate', 'vault']],
    [['list'], []],
    [['config', 's'], ['show']],
    [['config', 'he'], []],
    [
      ['config', 'c'],
      ['create', 'check', 'clear-cache'],
    ],
    [
      ['config', 'show', ''],
      ['work', 'workshop', 'ci'],
    ],
    [
      ['config', 'show', 'work'],
      ['work', 'workshop'],
    ],
    [['show-profile', 'works'], ['workshop']],
    [['config', 'delete', 'ci', 'works'], ['workshop']],
    [['get-token', '-p', 'works'], ['workshop']],
    [['get-token', '--profile=works'], ['--profile=workshop']],
    [['get-token', '--flow', 'd'], ['device-code']],
    [['get-token', '--flow=d'], ['--flow=device-code']],
    [['get-token', '--prompt', 's'], ['select_account']],
    [
      ['get-token', '-o', ''],
      ['token', 'json', 'yaml', 'header', 'env', 'exec-credential', 'az', ':files'],
    ],
    [['get-token', '--client-secret-file', ''], [':files']],
    [['get-token', '--scope', ''], []],
    [
      ['get-token', '--no-'],
      ['--no-cache', '--no-browser', '--no-interaction'],
    ],
    [
      ['get-token', '--no-cache', '--no-'],
      ['--no-browser', '--no-interaction'],
    ],
    [['get-token', '--scope', 'x', '--sco'], ['--scope']],
    [['get-token', '-p', '--forc'], []],
    [['get-token', '--show'], []],
    [['get-token', '--show-url', '--forc'], ['--force']],
    [
      ['config', 'create', '--cloud', ''],
      ['public', 'usgov', 'china'],
    ],
    [['config', 'create', '--github-actions', '--certificate-e'], ['--certificate-env']],
    [['config', 'list', '-o', 'j'], ['json']],
    [['config', 'list', '--js'], ['--json']],
    [['inspect', '-f', ''], [':files']],
    [['validate', '--jwks', ''], [':files']],
    [
      ['validate', '--token-version', ''],
      ['1.0', '2.0'],
    ],
    [
      ['vault', 'migrate', '--to', 'k'],
      ['keychain', 'key-file'],
    ],
    [['explain', '--', '-'], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'pwsh'],
    ],
    [['help', 'exi'], ['exit-codes']],
    [['help', 'insp'], ['inspect']],
    [['help', 'config', 'sh'], ['show']],
    [['--ver'], ['--version']],
  ])('%j: %j', async (typed, expected) => {
    expect(await candidates(...typed)).toEqual(expected)
  })

  it('a command without anything to name are its flags', async () => {
    expect(await candidates('doctor', '')).toEqual(
      expect.arrayContaining(['--profile', '--offline', '--fix', '--json', '--help']),
    )
  })

  it('one dash are short flags too', async () => {
    expect(await candidates('get-token', '-')).toEqual(expect.arrayContaining(['--profile', '-p']))
    expect(await candidates('get-token', '--')).not.toContain('-p')
  })

  it('nothing that help hides', async () => {
    const all = await candidates('')
    expect(all).toContain('get-token')
    expect(all.filter((name) => /__complete|-profile|^list/.test(name))).toEqual([])
  })
})

describe('an answer', () => {
  it('comes with what it means', async () => {
    expect(await answered(['__complete', 'fish', '=get'])).toEqual(['get-token\tprint an access token'])
    expect(await answered(['__complete', 'zsh', '=get'])).toEqual(['get-token:print an access token'])
    expect(await answered(['__complete', 'zsh', '=works', 'config', 'show'])).toEqual(['workshop'])
    expect(await answered(['__complete', 'pwsh', '=get'])).toEqual([
      'get-token\tget-token\tprint an access token',
    ])
  })

  it('is nothing where the profiles cannot be read, as where there are none', async () => {
    for (const files of [{ [profilesPath]: '{' }, undefined]) {
      const host = memoryHost({ stdin: '', files })
      expect(await runCommand(['__complete', 'fish', '=', 'config', 'show', '-p'], host)).toBe(0)
      expect([host.stdout(), host.stderr()]).toEqual(['', ''])
    }
  })
})

describe('bash', () => {
  const ask = (line: string, replaced: string, point = Array.from(line).length) =>
    answered(['__complete', 'bash', `=${replaced}`], {
      env: { COMP_LINE: line, COMP_POINT: String(point) },
    })

  it.each<[string, string, readonly string[]]>([
    ['entra-auth-cli config sho', 'sho', ['show']],
    ['entra-auth-cli get-token -p works', 'works', ['workshop']],
    ['entra-auth-cli get-token -p "works', 'works', ['workshop']],
    ["entra-auth-cli get-token -s 'a b' -p works", 'works', ['workshop']],
    ['entra-auth-cli get-token -s a\\ b -p works', 'works', ['workshop']],
    ['/usr/bin/entra-auth-cli get-token --flow=dev', 'dev', ['device-code']],
    ['entra-auth-cli get-token --flow=', '', ['client-credentials', 'authorization-code']],
    ['entra-auth-cli   get-token   --profile   works', 'works', ['workshop']],
  ])('%s', async (line, replaced, expected) => {
    expect((await ask(line, replaced)).slice(0, expected.length)).toEqual(expected)
  })

  it('asks for the word at the cursor, counted in characters', async () => {
    const line = 'entra-auth-cli get-token -s ü -p works --force'
    expect(await ask(line, 'works', line.indexOf(' --force'))).toEqual(['workshop'])
  })

  it('is answered without directives where it was told "complete -C"', async () => {
    const env = (line: string) => ({ env: { COMP_LINE: line, COMP_POINT: String(line.length) } })
    const words = ['entra-auth-cli', 'works', 'show']
    expect(await answered(words, env('entra-auth-cli config show works'))).toEqual(['workshop'])
    expect(await answered(['entra-auth-cli', '', '-f'], env('entra-auth-cli inspect -f '))).toEqual([])
  })
})

describe('the name of a profile that a shell would act on', () => {
  const name = 'a b;$(id)`id`\'"\\:ü'
  const withName = async (words: readonly string[], env = {}) => {
    const host = hostWith([{ name }, { name: 'x\u001b[31m' }, { name: 'y\nz' }], { env })
    await runCommand(words, host)
    return host.stdout()
  }

  it('is quoted for bash', async () => {
    const line = 'entra-auth-cli config show '
    const env = { COMP_LINE: line, COMP_POINT: String(line.length) }
    expect(await withName(['__complete', 'bash', '='], env)).toBe(
      'a\\ b\\;\\$\\(id\\)\\`id\\`\\\'\\"\\\\:ü\n',
    )
  })

  it('is not offered to bash within quotes, which only the one who opened them can go on with', async () => {
    const line = 'entra-auth-cli config show "a'
    const env = { COMP_LINE: line, COMP_POINT: String(line.length) }
    expect(await withName(['__complete', 'bash', '=a'], env)).toBe('')
  })

  it('is quoted for PowerShell', async () => {
    const [text] = (await withName(['__complete', 'pwsh', '=', 'config', 'show'])).split('\t')
    expect(text).toBe("'a b;$(id)`id`''\"\\:ü'")
  })

  it('is left to zsh and fish, which quote by themselves', async () => {
    expect(await withName(['__complete', 'fish', '=', 'config', 'show'])).toMatch(/^a b;\$\(id\)`id`'"\\:ü\t/)
    expect(await withName(['__complete', 'zsh', '=', 'config', 'show'])).toMatch(
      /^a b;\$\(id\)`id`'"\\\\\\:ü$/m,
    )
  })

  it('is not offered with control characters, which could say anything to the shell', async () => {
    expect(await withName(['__complete', 'fish', '=', 'config', 'show'])).not.toMatch(/\u001b|^y|^z|^x/m)
  })
})

describe('completion', () => {
  it.each(shells)('prints a script for %s that calls back', async (shell) => {
    const lines = await answered(['completion', shell])
    expect(lines.join('\n')).toContain(`entra-auth-cli __complete ${shell} "=`)
  })

  it('takes powershell for pwsh', async () => {
    expect(await answered(['completion', 'PowerShell'])).toEqual(await answered(['completion', 'pwsh']))
  })

  it.each([
    [
      ['completion', 'tcsh'],
      'error: there is no completion for the shell "tcsh"\nhint: use one of bash, zsh, fish, pwsh\n',
    ],
    [
      ['completion'],
      'error: missing required argument \'shell\'\nhint: see "entra-auth-cli completion --help"\n',
    ],
  ])('%j ends with 4', async (words, stderr) => {
    const host = memoryHost({ stdin: '', env: { NO_COLOR: '1' } })
    expect(await runCommand(words, host)).toBe(4)
    expect([host.stdout(), host.stderr()]).toEqual(['', stderr])
  })
})
