import { describe, expect, it } from 'vitest'
import { editProfile } from '../../../../src/core/profiles/edit-profile.ts'
import { loadProfiles, recordNamed } from '../../../../src/core/profiles/profile-store.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { hostWith, profilesPath } from '../../../support/profiles.ts'

const elsewhere = { fields: { cloud: 'usgov' } }

describe('an edit of what somebody has seen', () => {
  async function seenAndOvertaken(by: { readonly fields: object }) {
    const host = hostWith([{ notes: 'mine' }])
    const seen = recordNamed(await loadProfiles(host), 'work')
    await editProfile(host, 'work', by, silentVoice)
    return { host, seen }
  }

  it('is saved beside a change of another field', async () => {
    const { host, seen } = await seenAndOvertaken(elsewhere)
    await editProfile(host, 'work', { fields: { tenantId: 'contoso.com' } }, silentVoice, seen)
    expect(recordNamed(await loadProfiles(host), 'work')).toMatchObject({
      cloud: 'usgov',
      tenantId: 'contoso.com',
      notes: 'mine',
    })
  })

  it('is refused where the same field is another one by now, and nothing is written', async () => {
    const { host, seen } = await seenAndOvertaken(elsewhere)
    const before = host.fileMap.get(profilesPath)
    const edit = editProfile(host, 'work', { fields: { cloud: 'china' } }, silentVoice, seen)
    expect(await rejectionOf(edit)).toMatchObject({
      code: 'general',
      message: '"work" changed meanwhile: cloud is "usgov" by now',
    })
    expect(host.fileMap.get(profilesPath)).toBe(before)
  })

  it('is saved where the other change is the same one', async () => {
    const { host, seen } = await seenAndOvertaken(elsewhere)
    expect(await editProfile(host, 'work', elsewhere, silentVoice, seen)).toMatchObject({ isChanged: false })
  })

  it('is refused where the profile is gone', async () => {
    const { host, seen } = await seenAndOvertaken(elsewhere)
    await editProfile(host, 'work', { rename: 'other', fields: {} }, silentVoice)
    const edit = editProfile(host, 'work', { fields: {} }, silentVoice, seen)
    expect(await rejectionOf(edit)).toMatchObject({ code: 'profile_not_found' })
  })
})
