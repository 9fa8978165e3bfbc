import { describe, expect, it } from 'vitest'
import { vaultPath } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { memoryHost, noKeychain, type MemoryHost } from '../support/memory-host.ts'
import { allContents, filesOf, machineWith, readAll, secretPath, vaultIn } from '../unit/core/vault/places.ts'

/** Runs `vault …` and says what it printed this time. */
async function vault(host: MemoryHost, ...words: readonly string[]) {
  const seen = { stdout: host.stdout().length, stderr: host.stderr().length }
  const code = await runCommand(['vault', ...words], host)
  return { code, stdout: host.stdout().slice(seen.stdout), stderr: host.stderr().slice(seen.stderr) }
}

const without = (host: MemoryHost): MemoryHost => ({ ...host, keychain: noKeychain })

describe('vault status', () => {
  it('tells a person where the key is, and what it seals', async () => {
    const host = await machineWith('keychain')
    expect(await vault(host, 'status')).toEqual({
      code: 0,
      stdout: `Vault: ${vaultPath}
Key: in the system's keychain (${vaultIn(host).activeKeyId})
Can be had: yes
Seals: 2 secrets, 2 token caches
Keychain: memory
`,
      stderr: '',
    })
  })

  it('says the same as JSON and as YAML', async () => {
    const host = await machineWith('key-file')
    const expected = { reachable: true, secrets: 2, tokenCaches: 2, unfinished: false, leftoverKeyFiles: 0 }
    for (const words of [['--json'], ['-o', 'json'], ['-o', 'JSON']]) {
      const { code, stdout, stderr } = await vault(host, 'status', ...words)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ ...expected, slot: { type: 'key-file' } })
    }
    const { stdout } = await vault(host, 'status', '-o', 'yaml')
    expect(stdout).toContain('reachable: true\n')
    expect(stdout).toContain('type: key-file\n')
  })

  it('refuses a form that is none', async () => {
    const { code, stdout, stderr } = await vault(memoryHost(), 'status', '-o', 'xml')
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('hint: use text, json or yaml')
  })

  it('ends with exit code 8 where the key cannot be had, and says why and what to do', async () => {
    const host = without(await machineWith('keychain'))
    const { code, stdout, stderr } = await vault(host, 'status')
    expect({ code, stderr }).toEqual({ code: 8, stderr: '' })
    expect(stdout).toMatch(/^Can be had: no: .*no session D-Bus.*nothing was changed$/m)
    expect(stdout).toMatch(/^To mend it: ./m)
    expect(stdout).toMatch(/^Keychain: none \(no session D-Bus\)$/m)
    expect(JSON.parse((await vault(host, 'status', '--json')).stdout)).toMatchObject({ reachable: false })
  })

  it('ends with exit code 8 where vault.json names no place for the key', async () => {
    const host = await machineWith('keychain')
    host.fileMap.set(vaultPath, Buffer.from(JSON.stringify({ ...vaultIn(host), slots: [] })))
    const { code, stdout } = await vault(host, 'status')
    expect(code).toBe(8)
    expect(stdout).toContain(`Vault: ${vaultPath}\n`)
    expect(stdout).toMatch(/^Can be had: no: .*names no place/m)
  })

  it('ends with exit code 8 where vault.json cannot be understood', async () => {
    const { code, stdout, stderr } = await vault(memoryHost({ files: { [vaultPath]: '{' } }), 'status')
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' })
    expect(stderr).toMatch(/^error: ".*vault.json" cannot be understood\nhint: ./)
  })

  it('where there is none yet says so, and makes none', async () => {
    const host = memoryHost()
    const { code, stdout } = await vault(host, 'status')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Vault: none yet; the first secret or token makes ${vaultPath}
Seals: 0 secrets, 0 token caches
Keychain: memory
`,
    })
    expect(host.fileMap.size).toBe(0)
  })

  it('names files that do not open, and an unfinished migration', async () => {
    const host = await machineWith('keychain')
    host.fileMap.set(secretPath, Buffer.from('plain'))
    const file = vaultIn(host)
    const slots = [...file.slots, { type: 'key-file', keyId: '0123456789abcdef' }]
    host.fileMap.set(vaultPath, Buffer.from(JSON.stringify({ ...file, slots })))
    const { code, stdout } = await vault(host, 'status')
    expect(code).toBe(0)
    expect(stdout).toContain(`Does not open: ${secretPath}\n`)
    expect(stdout).toContain('Migration: cut off; run "vault migrate" again to finish it\n')
  })
})

describe('vault migrate', () => {
  it('moves the key, says so on stderr, and nothing on stdout', async () => {
    const host = await machineWith('key-file')
    expect(await vault(host, 'migrate', '--to', 'keychain')).toEqual({
      code: 0,
      stdout: '',
      stderr: '✓ The vault has a new key in the keychain; 4 files were sealed anew\n',
    })
    expect(await readAll(host)).toEqual(allContents)
  })

  it('is silent when asked to be', async () => {
    const host = await machineWith('key-file')
    expect(await vault(host, 'migrate', '--to', 'keychain', '-q')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it.each<[string, readonly string[], string]>([
    ['nowhere', [], '--to'],
    ['to a place that is none', ['--to', 'cloud'], 'keychain, passphrase, key-file'],
    ['to an explicit key, which is kept nowhere', ['--to', 'explicit'], 'keychain, passphrase, key-file'],
  ])('%s is refused', async (_where, words, said) => {
    const host = await machineWith('key-file')
    const before = filesOf(host)
    const { code, stdout, stderr } = await vault(host, 'migrate', ...words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(said)
    expect(filesOf(host)).toEqual(before)
  })

  it('to a keychain that is not there ends with exit code 8, and nothing is changed', async () => {
    const host = without(await machineWith('key-file'))
    const before = filesOf(host)
    const { code, stderr } = await vault(host, 'migrate', '--to', 'keychain')
    expect(code).toBe(8)
    expect(stderr).toContain('no session D-Bus')
    expect(filesOf(host)).toEqual(before)
  })

  it('away from a key given by environment leaves a vault that opens without it', async () => {
    const host = await machineWith('explicit')
    expect(await vault(host, 'migrate', '--to', 'key-file')).toMatchObject({ code: 0 })
    expect(await readAll({ ...host, env: {} })).toEqual(allContents)
    // And who goes on giving it is told.
    const { code, stdout } = await vault(host, 'status')
    expect(code).toBe(8)
    expect(stdout).toMatch(/^Can be had: no: .*another one/m)
    expect(stdout).toMatch(/^To mend it: .*unset it/m)
  })
})

describe('vault rekey', () => {
  it('makes a new key in the same place', async () => {
    const host = await machineWith('key-file')
    const before = vaultIn(host).activeKeyId
    expect(await vault(host, 'rekey')).toEqual({
      code: 0,
      stdout: '',
      stderr: '✓ The vault has a new key in a key file; 4 files were sealed anew\n',
    })
    expect(vaultIn(host).activeKeyId).not.toBe(before)
    expect(await readAll(host)).toEqual(allContents)
  })

  it('of a key given by environment is refused with the next step', async () => {
    const host = await machineWith('explicit')
    const { code, stderr } = await vault(host, 'rekey')
    expect(code).toBe(4)
    expect(stderr).toContain(
      'hint: say where a new one is to be kept: vault migrate --to keychain|passphrase|key-file',
    )
  })
})

describe('vault', () => {
  it('alone says that a sub-command is missing', async () => {
    const { code, stderr } = await vault(memoryHost())
    expect(code).toBe(4)
    expect(stderr).toContain('hint: see "entra-auth-cli vault --help"')
  })
})
