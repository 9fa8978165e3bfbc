/** A web app's sign-in: the browser brings the code, the app proves itself with its secret. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AtTheBrowser, onlyToken } from '../support/at-the-browser.ts'
import { signIn } from '../support/chromium.ts'

let here: AtTheBrowser
beforeAll(async () => {
  here = await AtTheBrowser.sit()
  const traits = ['--flow', 'authorization-code', '--redirect-uri', 'http://localhost/web/callback']
  const scope = ['--scope', 'api://contoso-api/access_as_user']
  await here.world.createProfile('web', 'web', ...traits, ...scope, '--client-secret-env', 'WEB_SECRET')
})
afterEach(() => here.forget())
afterAll(() => here?.leave())

describe('authorization-code with a secret', () => {
  it('signs a person in, comes back to the path, and renews with the secret', async () => {
    await here.terminal.run("export WEB_SECRET='sandbox~web-secret'")
    await here.getToken('-p web')
    const page = await here.openedPage()
    await signIn(page, 'bob@contoso.com')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(page.url()).toMatch(/^http:\/\/localhost:\d+\/web\/callback$/)
    expect(onlyToken(await here.ended())).toMatchObject({ name: 'Bob Baker', azpacr: '1' })

    await here.getToken('-p web --force --no-interaction')
    onlyToken(await here.ended())
    expect(here.world.sandbox.requests.at(-1)).toMatchObject({ grantType: 'refresh_token', status: 200 })
  })

  it('says in the terminal that the secret is wrong: the browser cannot know', async () => {
    await here.terminal.run("export WEB_SECRET='wrong~secret'")
    await here.getToken('-p web')
    const page = await here.openedPage()
    await signIn(page, 'bob@contoso.com')
    const { code, stdout, shown } = await here.ended()
    expect([code, stdout]).toEqual([2, ''])
    expect(shown).toMatch(/error: the client secret is wrong \(AADSTS7000215\)\nhint: .+$/)
    expect(await here.terminal.everything()).not.toMatch(/error:.*wrong~secret/)
  })
})
