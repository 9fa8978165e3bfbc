import { describe, expect, it } from 'vitest'
import { newVaultKey, seal } from '../../../../src/core/vault/envelope.ts'
import { vaultStatus } from '../../../../src/core/vault/status.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { configDirectory, memoryHost, noKeychain } from '../../../support/memory-host.ts'
import { vaultPath } from '../../../support/profiles.ts'
import { cachePath, filesOf, machineWith, places, secretPath, vaultIn } from './places.ts'

describe("a vault's status", () => {
  it.each(places)('says where its key is and what it seals: %s', async (place) => {
    const host = await machineWith(place)
    const before = filesOf(host)
    expect(await vaultStatus(host, silentVoice)).toEqual({
      path: vaultPath,
      slot: { type: place, keyId: vaultIn(host).activeKeyId },
      reachable: true,
      obstacle: undefined,
      remedy: undefined,
      secrets: 2,
      tokenCaches: 2,
      strangers: [],
      unfinished: false,
      leftoverKeyFiles: 0,
      keychain: { kind: 'available', provider: 'memory' },
    })
    expect(filesOf(host)).toEqual(before)
  })

  it('where there is none yet makes none', async () => {
    const host = memoryHost({ keychain: noKeychain })
    expect(await vaultStatus(host, silentVoice)).toMatchObject({
      slot: undefined,
      reachable: false,
      obstacle: undefined,
      secrets: 0,
      keychain: { kind: 'no-bus' },
    })
    expect(host.fileMap.size).toBe(0)
  })

  it('says why its key cannot be had, and the next step', async () => {
    const host = await machineWith('keychain')
    const status = await vaultStatus({ ...host, keychain: noKeychain }, silentVoice)
    expect(status).toMatchObject({ slot: { type: 'keychain' }, reachable: false })
    expect(status.obstacle).toContain('no session D-Bus')
    expect(status.remedy).toBeTruthy()
  })

  it('says so where vault.json names no place for the key', async () => {
    const host = await machineWith('keychain')
    host.fileMap.set(vaultPath, Buffer.from(JSON.stringify({ ...vaultIn(host), slots: [] })))
    const status = await vaultStatus(host, silentVoice)
    expect(status).toMatchObject({ slot: undefined, reachable: false })
    expect(status.obstacle).toContain('names no place')
  })

  it('names what it did not seal, and counts what is left over', async () => {
    const host = await machineWith('key-file')
    host.fileMap.set(secretPath, Buffer.from('plain'))
    host.fileMap.set(cachePath, seal(newVaultKey(), 'entra-auth-cli.ci.bin', Buffer.from('foreign')))
    host.fileMap.set(`${configDirectory}/secure/key-0123456789abcdef.bin`, Buffer.alloc(32))
    const file = vaultIn(host)
    const slots = [...file.slots, { type: 'keychain', keyId: 'fedcba9876543210' }]
    host.fileMap.set(vaultPath, Buffer.from(JSON.stringify({ ...file, slots })))
    expect(await vaultStatus(host, silentVoice)).toMatchObject({
      reachable: true,
      strangers: [secretPath, cachePath],
      unfinished: true,
      leftoverKeyFiles: 1,
    })
  })
})
