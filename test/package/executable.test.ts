/** The executable for this machine at work. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyOfCheckout, makeExecutable, runScript, sha256 } from './release-checkout.ts'
import { tellSmokeStory } from './smoke-story.ts'

let checkout: string
let executable: string
beforeAll(() => {
  checkout = copyOfCheckout()
  executable = makeExecutable(checkout)
})
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

describe('the executable', () => {
  tellSmokeStory(() => executable, process.execPath)

  it('is the same bytes when it is made again, elsewhere', () => {
    const elsewhere = copyOfCheckout()
    try {
      expect(sha256(makeExecutable(elsewhere))).toBe(sha256(executable))
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })

  it('takes no orders from the files where it is started', () => {
    const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-orders-'))
    try {
      writeFileSync(join(folder, '.env'), 'ENTRA_AUTH_CLI_PROFILE=from-a-file\n')
      writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./orders.js"]\n')
      writeFileSync(join(folder, 'orders.js'), 'console.log("obeyed")\n')
      const { stdout, stderr } = spawnSync(executable, ['get-token', '--no-interaction'], {
        cwd: folder,
        env: { HOME: folder },
        encoding: 'utf8',
      })
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^error: /)
      expect(stderr).not.toContain('from-a-file')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it("leaves nothing of the keychain's binding behind", () => {
    const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-binding-'))
    const temporary = join(folder, 'tmp')
    mkdirSync(temporary)
    try {
      const env = { HOME: folder, TMPDIR: temporary, DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/none` }
      const { stdout } = spawnSync(executable, ['doctor', '-o', 'json'], { env, encoding: 'utf8' })
      // It was loaded: without it doctor says so.
      expect(stdout).toContain('keychain')
      expect(stdout).not.toContain('@napi-rs/keyring')
      expect(readdirSync(temporary)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a target', () => {
  it('that is none is refused, with those that are', () => {
    const { status, stderr } = runScript(checkout, 'executable.mjs', '--target', 'amiga')
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/no target "amiga": linux-x64, .*windows-arm64 or all/)
  })

  it('whose binding is not locked is refused', () => {
    const poor = copyOfCheckout()
    try {
      writeFileSync(join(poor, 'package-lock.json'), '{"packages":{}}')
      const { status, stderr } = runScript(poor, 'executable.mjs')
      expect(status).not.toBe(0)
      expect(stderr).toContain('is not in package-lock.json')
    } finally {
      rmSync(poor, { recursive: true, force: true })
    }
  })

  it('whose runtime is not the one that was agreed upon is refused', () => {
    const wrong = copyOfCheckout()
    try {
      const file = join(wrong, 'packaging/runtimes.json')
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/sha512-./g, 'sha512-_'))
      const { status, stderr } = runScript(wrong, 'executable.mjs', {
        ENTRA_AUTH_CLI_RUNTIMES: join(wrong, 'empty'),
      })
      expect(status).not.toBe(0)
      expect(stderr).toMatch(/hashes to sha512-.*, not to sha512-_/)
    } finally {
      rmSync(wrong, { recursive: true, force: true })
    }
  })
})
