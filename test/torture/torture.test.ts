import { execFile } from 'node:child_process'
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-torture-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function torture(words: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const given = ['scripts/torture.mjs', '--quick', ...words]
    execFile(process.execPath, given, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

/** What the table says was lost, by torture. */
function losses(table: string): readonly number[] {
  return [...table.matchAll(/\| (\d+) \|$/gm)].map(([, lost]) => Number(lost))
}

describe('npm run torture', () => {
  it('loses nothing', async () => {
    const { code, stdout, stderr } = await torture([])
    expect(stderr).not.toContain('fault')
    expect({ code, lost: losses(stdout) }).toEqual({ code: 0, lost: [0, 0, 0, 0, 0] })
  })

  it('sees what is lost where locks do not lock', async () => {
    const program = join(folder, 'no-locks.mjs')
    writeFileSync(
      program,
      `import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const { openSync } = fs
fs.openSync = (path, flags, ...mode) => openSync(path, String(path).endsWith('.lock') ? 'w' : flags, ...mode)
syncBuiltinESMExports()`,
    )
    const { code, stdout, stderr } = await torture(['--only', 'writes'], {
      NODE_OPTIONS: `--import=${pathToFileURL(program).href}`,
    })
    expect(code).toBe(1)
    expect(losses(stdout)[0]).toBeGreaterThan(0)
    expect(stderr).toContain('fault: lost: ')
  })

  it('sees what is corrupt where files are written in place', async () => {
    const program = join(folder, 'in-place.mjs')
    writeFileSync(
      program,
      `import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
const { open, rename } = fs
const real = (path) => String(path).replace(/\\.\\d+\\.[0-9a-f]{12}\\.tmp$/, '')
fs.open = (path, flags, ...mode) => open(String(path).endsWith('.tmp') ? real(path) : path, String(path).endsWith('.tmp') ? 'w' : flags, ...mode)
fs.rename = async (from, to) => { if (!String(from).endsWith('.tmp')) await rename(from, to) }
syncBuiltinESMExports()`,
    )
    const { code, stderr } = await torture(['--only', 'writes'], {
      NODE_OPTIONS: `--import=${pathToFileURL(program).href}`,
    })
    expect(code).toBe(1)
    expect(stderr).toContain('fault: ')
  })
})
