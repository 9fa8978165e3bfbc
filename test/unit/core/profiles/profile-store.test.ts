import { expect, it } from 'vitest'
import { loadProfiles } from '../../../../src/core/profiles/profile-store.ts'
import { hostWith } from '../../../support/profiles.ts'

it('keeps the variables in which any profile has a secret from the programs that are started', async () => {
  const host = hostWith([
    { name: 'one', clientSecretEnv: 'CI_SECRET' },
    { name: 'two', client_secret_env: 'OTHER_SECRET' },
    { name: 'three', federatedTokenEnv: 'ID_TOKEN' },
    { name: 'four', certificateEnv: 'CERTIFICATE' },
    { name: 'five' },
  ])
  await loadProfiles(host)
  expect([...host.hiddenVariables]).toEqual(['CI_SECRET', 'OTHER_SECRET', 'ID_TOKEN', 'CERTIFICATE'])
})
