import { describe, expect, it } from 'vitest'
import { redirectPage } from '../../../src/ui/redirect-page.ts'

const failed = (description: string) => redirectPage({ kind: 'error', error: 'access_denied', description })

describe('the page that ends a sign-in', () => {
  it('says that it is over, and shows no code', () => {
    const page = redirectPage({ kind: 'code', code: 'the-code', clientInfo: undefined })
    expect(page).toContain('<h1>You are signed in</h1>')
    expect(page).toContain('close this tab')
    expect(page).not.toContain('the-code')
  })

  it('says what Entra said, without what is for its support', () => {
    const page = failed('AADSTS65004: User declined.\r\nTrace ID: 1b5\r\nCorrelation ID: 2c6')
    expect(page).toContain('<p class="reason">AADSTS65004: User declined.</p>')
    expect(page).not.toContain('1b5')
  })

  it('says the bare error where Entra said no more', () => {
    expect(failed('')).toContain('<p class="reason">access_denied</p>')
  })

  it('shows what came from outside as text', () => {
    const page = failed(`<script>alert("1")</script>&'`)
    expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;')
    expect(page).not.toContain('<script')
  })

  it('loads nothing', () => {
    expect(failed('')).not.toMatch(/(?:src|href|url)\s*[=(]/)
  })
})
