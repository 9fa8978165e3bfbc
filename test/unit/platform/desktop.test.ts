import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../../src/platform/browser.ts'
import {
  browserCommands,
  browserObstacle,
  isOpenable,
  windowsBrowserCommands,
} from '../../../src/platform/browser-rules.ts'
import { childEnvironment } from '../../../src/platform/child-environment.ts'
import { copyToClipboard } from '../../../src/platform/clipboard.ts'
import { clipboardWays, osc52 } from '../../../src/platform/clipboard-rules.ts'
import { type DesktopFacts, desktopFacts } from '../../../src/platform/desktop-facts.ts'

const display = { DISPLAY: ':0' }
const ssh = { SSH_CONNECTION: '1.2.3.4 5 6.7.8.9 22' }
const facts = (given: Partial<DesktopFacts>): DesktopFacts => ({
  platform: 'linux',
  env: {},
  isWsl: false,
  isContainer: false,
  hasProgram: () => true,
  windowsProgram: (name) => `/mnt/c/Windows/System32/${name}`,
  ...given,
})
const noWindows = { windowsProgram: () => undefined }

describe('a browser', () => {
  it.each<[string, Partial<DesktopFacts>, string | undefined]>([
    ['a desktop', { env: display }, undefined],
    ['Wayland', { env: { WAYLAND_DISPLAY: 'wayland-0' } }, undefined],
    ['macOS', { platform: 'darwin' }, undefined],
    ['Windows', { platform: 'win32' }, undefined],
    ['WSL', { isWsl: true }, undefined],
    [
      'WSL without Windows programs',
      { isWsl: true, hasProgram: () => false, ...noWindows },
      'there is no display (DISPLAY is not set)',
    ],
    [
      'WSL with wslview alone',
      { isWsl: true, hasProgram: (name) => name === 'wslview', ...noWindows },
      undefined,
    ],
    ['WSL with Windows off the path', { isWsl: true, hasProgram: () => false }, undefined],
    ['WSL with a display of its own alone', { isWsl: true, env: display, ...noWindows }, undefined],
    ['a container in WSL', { isWsl: true, isContainer: true, env: display }, 'this is a container'],
    ['SSH to WSL', { isWsl: true, env: ssh }, 'this is an SSH session'],
    ['no display', {}, 'there is no display (DISPLAY is not set)'],
    ['no xdg-open', { env: display, hasProgram: () => false }, 'xdg-open is not installed'],
    ['a container', { env: display, isContainer: true }, 'this is a container'],
    ['a container with BROWSER', { env: { BROWSER: 'b' }, isContainer: true }, undefined],
    ['SSH', { env: { ...ssh, ...display } }, 'this is an SSH session'],
    ['SSH to a Mac', { env: ssh, platform: 'darwin' }, 'this is an SSH session'],
    ['SSH with BROWSER', { env: { ...ssh, BROWSER: 'b' } }, undefined],
    ['BROWSER=none', { env: { ...display, BROWSER: 'none' } }, 'BROWSER is set to "none"'],
    ['CI', { env: { ...display, CI: 'true', BROWSER: 'b' } }, 'this is a CI job (CI is set)'],
    ['CI=false', { env: { ...display, CI: 'false' } }, undefined],
  ])('%s', (_, given, obstacle) => {
    expect(browserObstacle(facts(given))).toBe(obstacle)
  })

  it.each([
    ['one program', 'firefox', [['firefox', 'U']]],
    [
      'several',
      'a:b -x',
      [
        ['a', 'U'],
        ['b', '-x', 'U'],
      ],
    ],
    ['a place for the address', 'b --url=%s -n', [['b', '--url=U', '-n']]],
    ['quotes', `"/my apps/b" 'x y'`, [['/my apps/b', 'x y', 'U']]],
    ['nothing', ' : ', []],
  ])('from BROWSER: %s', (_, value, commands) => {
    const wanted = commands.map(([program, ...given]) => ({ program, arguments: given }))
    expect(browserCommands(value, 'U', 'linux')).toEqual(wanted)
  })

  describe('of the Windows around a WSL', () => {
    const url = "https://x.example/a?b=1&c=%20it's"
    const openedBy = (given: Partial<DesktopFacts>) =>
      windowsBrowserCommands(url, facts({ isWsl: true, ...given }))

    it.each<[string, Partial<DesktopFacts>, string[]]>([
      ['wslview first', {}, ['wslview', 'powershell.exe', 'rundll32.exe']],
      ['then PowerShell', { hasProgram: () => false }, ['powershell.exe', 'rundll32.exe']],
      [
        'then the handler of addresses',
        {
          hasProgram: () => false,
          windowsProgram: (name) => (name === 'rundll32.exe' ? `/w/${name}` : undefined),
        },
        ['rundll32.exe'],
      ],
      ['nothing where Windows cannot be reached', { hasProgram: () => false, ...noWindows }, []],
      ['nothing in a container', { isContainer: true }, []],
      ['nothing outside a WSL', { isWsl: false }, []],
    ])('is opened by %s', (_, given, names) => {
      expect(openedBy(given).map(({ program }) => program.split('/').at(-1))).toEqual(names)
    })

    it('gets the address whole, past every shell', () => {
      const [wslview, powershell, handler] = openedBy({})
      expect(wslview).toEqual({ program: 'wslview', arguments: [url] })
      expect(handler?.arguments).toEqual(['url.dll,FileProtocolHandler', url])
      const script = Buffer.from(powershell?.arguments.at(-1) ?? '', 'base64').toString('utf16le')
      expect(script).toBe("Start-Process 'https://x.example/a?b=1&c=%20it''s'")
    })

    it('is started from a folder that Windows has too', () => {
      expect(openedBy({}).map(({ directory }) => directory)).toEqual([
        undefined,
        '/mnt/c/Windows/System32',
        '/mnt/c/Windows/System32',
      ])
    })
  })

  it('from BROWSER on Windows may have a drive in its path', () => {
    expect(browserCommands('"C:\\Program Files\\b.exe"', 'U', 'win32')).toEqual([
      { program: 'C:\\Program Files\\b.exe', arguments: ['U'] },
    ])
  })

  it.each([
    ['https://login.microsoftonline.com/x', true],
    ['http://localhost:8400/', true],
    ['http://127.0.0.1:8400/', true],
    ['http://example.com/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['--version', false],
  ])('is shown %s: %s', (address, openable) => {
    expect(isOpenable(address)).toBe(openable)
  })
})

it('hides our secrets from programs we start, and nothing else', () => {
  const hidden = {
    ENTRA_AUTH_CLI_KEY: 'x',
    ENTRA_AUTH_CLI_KEY_FILE: 'x',
    ENTRA_AUTH_CLI_PASSPHRASE_EXPORT: 'x',
    AZURE_CLIENT_SECRET: 'x',
    AZURE_CLIENT_CERTIFICATE_PASSWORD: 'x',
  }
  const kept = { PATH: '/bin', AZURE_CLIENT_ID: 'x', ENTRA_AUTH_CLI_PROFILE: 'x' }
  expect(childEnvironment({ ...hidden, ...kept })).toEqual(kept)
})

describe('programs that are really started', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-desktop-'))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })

  async function program(name: string, script: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
    return path
  }
  const log = () => readFile(join(folder, 'log'), 'utf8')
  const base = { PATH: process.env.PATH }

  it('a browser gets the address as one argument, and not our secrets', async () => {
    const path = await program('browser', `echo "$# $1 $AZURE_CLIENT_SECRET." > '${folder}/log'`)
    vi.stubEnv('AZURE_CLIENT_SECRET', 'hush')
    const env = { ...base, BROWSER: path, AZURE_CLIENT_SECRET: 'hush' }
    expect(await openBrowser('https://x.example/?a=1&b=$(id)', { platform: 'linux', env })).toBe(true)
    expect(await log()).toBe('1 https://x.example/?a=1&b=$(id) .\n')
  })

  it('a browser gets the address as browsers write it, whatever an authority put into it', async () => {
    const env = { ...base, BROWSER: await program('browser', `printf %s "$1" > '${folder}/log'`) }
    expect(await openBrowser('https://x.example/a b\n/’;calc;’', { platform: 'linux', env })).toBe(true)
    expect(await log()).toBe('https://x.example/a%20b/%E2%80%99;calc;%E2%80%99')
  })

  it('the next browser is tried when one fails', async () => {
    const bad = await program('bad', 'exit 3')
    const good = await program('good', `echo "$1" > '${folder}/log'`)
    const env = { ...base, BROWSER: `${folder}/missing:${bad}:${good}` }
    expect(await openBrowser('https://x.example/', { platform: 'linux', env })).toBe(true)
    expect(await log()).toBe('https://x.example/\n')
  })

  it('a browser of Windows is opened from its own folder, and the next way is tried where one fails', async () => {
    const windows = join(folder, 'windows')
    await mkdir(windows)
    const bad = await program('windows/powershell.exe', 'exit 1')
    const good = await program('windows/rundll32.exe', `echo "$PWD $2" > '${folder}/log'`)
    const wsl = facts({
      isWsl: true,
      hasProgram: () => false,
      windowsProgram: (name) => (name === 'powershell.exe' ? bad : good),
    })
    const options = { platform: 'linux', env: base, facts: wsl } as const
    expect(await openBrowser('https://x.example/?a=1&b=2', options)).toBe(true)
    expect(await log()).toBe(`${windows} https://x.example/?a=1&b=2\n`)
  })

  it('no browser was opened when all fail', async () => {
    const env = { ...base, BROWSER: await program('bad', 'exit 3') }
    expect(await openBrowser('https://x.example/', { platform: 'linux', env })).toBe(false)
  })

  it('a browser that stays open is not waited for', async () => {
    const env = { ...base, BROWSER: await program('browser', `echo $$ > '${folder}/log'; exec sleep 60`) }
    const options = { platform: 'linux', env, watchMilliseconds: 50 } as const
    expect(await openBrowser('https://x.example/', options)).toBe(true)
    await expect.poll(log).toMatch(/\d/)
    process.kill(Number(await log()))
  })

  it('no program is started for an address that is not the web', async () => {
    const env = { ...base, BROWSER: await program('browser', `touch '${folder}/log'`) }
    expect(await openBrowser('file:///etc/passwd', { platform: 'linux', env })).toBe(false)
    await expect(log()).rejects.toThrow('ENOENT')
  })

  it('the default browser is opened without our secrets, which stay where they were', async () => {
    const path = await program('xdg-open', `echo "$1 $AZURE_CLIENT_SECRET." > '${folder}/log'`)
    vi.stubEnv('AZURE_CLIENT_SECRET', 'hush')
    const openDefault = async (url: string) => spawn(path, [url])
    expect(await openBrowser('https://x.example/', { platform: 'linux', env: base, openDefault })).toBe(true)
    expect(await log()).toBe('https://x.example/ .\n')
    expect(process.env.AZURE_CLIENT_SECRET).toBe('hush')
  })

  it('a clipboard gets the text on its stdin', async () => {
    await program('wl-copy', `echo "$#" > '${folder}/log'; cat >> '${folder}/log'`)
    const env = { PATH: `${folder}:${process.env.PATH}`, WAYLAND_DISPLAY: 'wayland-0' }
    await copyToClipboard('the token', desktopFacts('linux', env), async () => undefined)
    expect(await log()).toBe('0\nthe token')
  })

  it('a clipboard that goes on serving is not waited for', async () => {
    await program('xclip', `cat > '${folder}/log'; sleep 5 >&2 &`)
    const env = { PATH: `${folder}:${process.env.PATH}`, DISPLAY: ':0' }
    const began = performance.now()
    await copyToClipboard('the token', desktopFacts('linux', env), async () => undefined)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(await log()).toBe('the token')
  })

  it('every way that failed is told', async () => {
    await program('xclip', 'echo "Error: Can\'t open display: :9" >&2; exit 1')
    const env = { PATH: folder, DISPLAY: ':9' }
    await expect(
      copyToClipboard('t', desktopFacts('linux', { ...env, PATH: `${folder}:/bin` }), async () => undefined),
    ).rejects.toMatchObject({
      code: 'general',
      message: expect.stringContaining("xclip failed: Error: Can't open display: :9") as string,
      hint: expect.stringContaining('--clipboard') as string,
    })
  })
})

describe('a clipboard', () => {
  const ways = (given: Partial<DesktopFacts>, hasTerminal: boolean) =>
    clipboardWays(facts(given), hasTerminal).map((way) => (way.kind === 'program' ? way.program : way.kind))

  it.each<[string, Partial<DesktopFacts>, string[]]>([
    ['macOS', { platform: 'darwin', hasProgram: () => false }, ['pbcopy', 'terminal']],
    ['Windows', { platform: 'win32', hasProgram: () => false }, ['clip.exe', 'terminal']],
    ['X11', { env: display }, ['xclip', 'xsel', 'terminal']],
    ['Wayland', { env: { ...display, WAYLAND_DISPLAY: 'w' } }, ['wl-copy', 'xclip', 'xsel', 'terminal']],
    ['only xsel', { env: display, hasProgram: (name) => name === 'xsel' }, ['xsel', 'terminal']],
    ['WSL', { isWsl: true }, ['clip.exe', 'terminal']],
    ['a console', {}, ['terminal']],
    [
      'SSH: the terminal is where the person is',
      { env: { ...display, ...ssh } },
      ['terminal', 'xclip', 'xsel'],
    ],
  ])('%s', (_, given, programs) => {
    expect(ways(given, true)).toEqual(programs)
    expect(ways(given, false)).toEqual(programs.filter((name) => name !== 'terminal'))
  })

  it('of a terminal is asked by OSC 52', async () => {
    expect(osc52('grüße')).toBe(`\u001b]52;c;${Buffer.from('grüße').toString('base64')}\u0007`)
    let written = ''
    const terminal = async () => async (sequence: string) => void (written += sequence)
    await copyToClipboard('the token', facts({}), terminal)
    expect(written).toBe(osc52('the token'))
  })

  it.each<[string, Partial<DesktopFacts>, string]>([
    ['CI', { env: { CI: '1', DISPLAY: ':0' } }, 'cannot copy to the clipboard: this is a CI job (CI is set)'],
    [
      'a service',
      {},
      'cannot copy to the clipboard: this machine has no clipboard program, display or terminal',
    ],
  ])('is refused in %s', async (_, given, message) => {
    await expect(copyToClipboard('t', facts(given), async () => undefined)).rejects.toMatchObject({ message })
  })
})
