/** docs/sharing.md, run as printed, on a machine where the older tool and the Azure CLI were used. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { dotnetSecretFile } from '../../src/core/move-in/dotnet-places.ts'
import { runSession } from '../support/session.ts'
import type { World } from '../support/session/environment.ts'

const repository = resolve(import.meta.dirname, '../..')

function prepare({ root, home }: World): void {
  const hidden = join(home, '.config/azadtool/secure')
  mkdirSync(hidden, { recursive: true })
  const secret = Buffer.from('older~secret').map((byte) => byte ^ 0xaa)
  writeFileSync(join(hidden, dotnetSecretFile('profile:team:secret')), secret)

  mkdirSync(join(home, '.azure'))
  const user = { name: 'alice@contoso.com', type: 'user' }
  const subscription = {
    isDefault: true,
    tenantId: 'contoso.onmicrosoft.com',
    environmentName: 'AzureCloud',
    user,
  }
  writeFileSync(
    join(home, '.azure/azureProfile.json'),
    `\ufeff${JSON.stringify({ subscriptions: [subscription] })}`,
  )

  // The page is read where age is installed and run where it may not be; test/peers asks the real one.
  const library = join(repository, 'node_modules/age-encryption/dist/index.js')
  const keygen = join(root, 'bin/age-keygen')
  writeFileSync(
    keygen,
    `#!/bin/sh
exec ${process.execPath} --input-type=module -e '
import { writeFileSync } from "node:fs"
import { generateIdentity, identityToRecipient } from "file://${library}"
const identity = await generateIdentity()
writeFileSync(process.argv[2], "# public key: " + (await identityToRecipient(identity)) + "\\n" + identity + "\\n")
' -- "$@"
`,
    { mode: 0o755 },
  )
}

it('docs/sharing.md tells the truth', async () => {
  const env = { ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4) }
  expect(await runSession(join(repository, 'docs/sharing.md'), { env, prepare })).toBeGreaterThan(15)
})
