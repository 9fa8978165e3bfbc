import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Environment } from '../../../src/core/ports.ts'
import { desktopFacts } from '../../../src/platform/desktop-facts.ts'
import { createMachine } from '../../../src/platform/machine.ts'

const machine = (env: Environment = {}) => createMachine(desktopFacts('linux', env))

let folder: string

beforeAll(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'machine-')))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the folder nearest to a path', () => {
  it('is the path itself where it is a folder, with the space that is left', async () => {
    const nearest = await machine().nearestFolder(folder)
    expect(nearest).toMatchObject({ path: folder, isWritable: true })
    expect(nearest.freeBytes).toBeGreaterThan(0)
  })

  it('is the last one that exists, and a file is none', async () => {
    writeFileSync(join(folder, 'file'), '')
    expect(await machine().nearestFolder(join(folder, 'a/b'))).toMatchObject({ path: folder })
    expect(await machine().nearestFolder(join(folder, 'file/b'))).toMatchObject({ path: folder })
  })

  it.skipIf(process.getuid?.() === 0)('says when nothing can be written there', async () => {
    chmodSync(folder, 0o500)
    expect(await machine().nearestFolder(join(folder, 'a'))).toMatchObject({ isWritable: false })
    chmodSync(folder, 0o700)
  })
})

describe('the proxy of an address', () => {
  const url = 'https://login.microsoftonline.com'

  it('is told without its user name and password', async () => {
    const env = { HTTPS_PROXY: 'http://me:pa55@proxy.example:3128' }
    expect(await machine(env).proxyFor(url)).toBe('http://proxy.example:3128')
  })

  it('is none where none is set', async () => {
    expect(await machine().proxyFor(url)).toBeUndefined()
  })

  it('that cannot be used is an error without its value', async () => {
    const asked = machine({ HTTPS_PROXY: 'socks5://me:pa55@proxy.example' }).proxyFor(url)
    await expect(asked).rejects.toMatchObject({
      code: 'network',
      message: expect.not.stringContaining('pa55') as string,
    })
  })
})

describe('the facts', () => {
  it('tell SSH, CI and WSL by their variables', async () => {
    expect(
      await machine({ SSH_TTY: '/dev/pts/1', CI: 'true', WSL_DISTRO_NAME: 'Debian' }).facts(),
    ).toMatchObject({
      nodeVersion: process.versions.node,
      isSsh: true,
      isCi: true,
      isWsl: true,
    })
    expect(await machine().facts()).toMatchObject({ isSsh: false, isCi: false })
  })
})
