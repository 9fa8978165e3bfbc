/** The installed package at work, with and without its optional dependency. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../support/cli.ts'
import { makeWorld } from '../support/session/environment.ts'
import { installPackage, type InstalledPackage } from './installed-package.ts'
import { tellSmokeStory } from './smoke-story.ts'

describe('the package in an empty folder', () => {
  let installed: InstalledPackage
  beforeAll(async () => {
    installed = await installPackage()
  })
  afterAll(() => installed?.remove())

  it('has the keychain binding', () => {
    expect(existsSync(join(installed.folder, 'node_modules/@napi-rs/keyring'))).toBe(true)
  })

  tellSmokeStory(() => installed.program, process.execPath)
})

describe('the package without its optional dependency', () => {
  let installed: InstalledPackage
  beforeAll(async () => {
    installed = await installPackage('--omit=optional')
  })
  afterAll(() => installed?.remove())

  tellSmokeStory(() => installed.program, process.execPath)

  it('has no keychain binding', () => {
    expect(existsSync(join(installed.folder, 'node_modules/@napi-rs'))).toBe(false)
  })

  /** Makes the first profile with a secret, which needs the vault, in a home that has no key yet. */
  const firstSecret = async (env: Readonly<Record<string, string>>) => {
    const world = makeWorld(env)
    process.env.ENTRA_BIN = installed.program
    try {
      const ids = ['--tenant-id', 'contoso.com', '--client-id', '00000000-0000-4000-8000-000000000001']
      const words = ['config', 'create', '-n', 'job', ...ids, '--client-secret', '-']
      const created = await cli(words, { world, input: 'a secret' })
      const listed = await cli(['config', 'list'], { world })
      return { created, listed }
    } finally {
      delete process.env.ENTRA_BIN
      world.remove()
    }
  }

  it('keeps its key in a file and says why', async () => {
    const { created, listed } = await firstSecret({})
    expect(created).toMatchObject({ stdout: '', code: 0 })
    expect(created.stderr).toMatch(/^warning: no keychain .*@napi-rs\/keyring is not installed/m)
    expect(listed.stdout).toBe('job\n')
  })

  it('refuses in a word where a key file is forbidden', async () => {
    const { created, listed } = await firstSecret({ ENTRA_AUTH_CLI_REQUIRE_SECURE: '1' })
    expect(created).toMatchObject({ stdout: '', code: 8 })
    expect(created.stderr).toMatch(/^error: .*@napi-rs\/keyring is not installed.*\nhint: .*\n$/)
    expect(listed.stdout).toBe('')
  })
})
