/** Every page of this folder is a terminal session that must happen as it says. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { runSession } from '../support/session.ts'

const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.md'))

let folder: string
let sandbox: Sandbox

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({ folder, port: 0 })
})
afterAll(async () => {
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('docs/sandbox.md', () => {
  it('tells the truth, with a sandbox it starts itself', async () => {
    const page = join(import.meta.dirname, '../../docs/sandbox.md')
    expect(
      await runSession(page, { env: { ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4) } }),
    ).toBeGreaterThan(10)
  })
})

describe('docs/profiles.md', () => {
  it('tells the truth', async () => {
    const page = join(import.meta.dirname, '../../docs/profiles.md')
    const env = { ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4), SECRET: 'not~a~real~secret' }
    expect(await runSession(page, { env })).toBeGreaterThan(15)
  })
})

describe('terminal sessions', () => {
  it('are there', () => {
    expect(pages).not.toEqual([])
  })

  it.each(pages)('%s', async (page) => {
    const ran = await runSession(join(import.meta.dirname, page), {
      env: {
        SANDBOX: sandbox.origin,
        CA: sandbox.caFile,
        TENANT: contosoId,
        DAEMON: seedApps.daemonWithSecret,
        DAEMON_SECRET: seedSecrets.daemonWithSecret,
        DESKTOP: seedApps.desktop,
        CERTIFICATE: sandbox.clientCertificate.certFile,
        PRIVATE_KEY: sandbox.clientCertificate.keyFile,
        ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
      },
      prepare: ({ home }) => writeFileSync(join(home, '.curlrc'), `cacert = "${sandbox.caFile}"\n`),
    })
    expect(ran).toBeGreaterThan(0)
  })
})
