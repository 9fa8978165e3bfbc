import { beforeEach, describe, expect, it, vi } from 'vitest'
import { cachedToken } from '../../src/commands/cached-token.ts'
import { runCommand } from '../support/run-command.ts'
import { EntraAuthError } from '../../src/errors.ts'
import { memoryHost } from '../support/memory-host.ts'
import { now, tokenOf, v1Delegated } from '../unit/jwt/tokens.ts'

vi.mock('../../src/commands/cached-token.ts', () => ({ cachedToken: vi.fn() }))

async function runWith(words: readonly string[]) {
  const host = memoryHost({ stdin: '' })
  const code = await runCommand(words, host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

describe("a profile's cached token", () => {
  beforeEach(() => void vi.mocked(cachedToken).mockReset())

  it('is inspected', async () => {
    vi.mocked(cachedToken).mockResolvedValue(tokenOf(v1Delegated))
    const { code, stdout, stderr } = await runWith(['inspect', '-p', 'work', '--claims'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(v1Delegated)
    expect(vi.mocked(cachedToken).mock.calls[0]?.[0]).toBe('work')
  })

  it('is told with the name of the profile', async () => {
    vi.mocked(cachedToken).mockResolvedValue(tokenOf(v1Delegated))
    const { code, stdout } = await runWith(['discover', '--profile', 'work', '-o', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, profile: 'work' })
  })

  it('may have expired', async () => {
    vi.mocked(cachedToken).mockResolvedValue(tokenOf({ exp: now - 1 }))
    expect(await runWith(['discover', '-p', 'work', '-q'])).toEqual({ code: 1, stdout: '', stderr: '' })
  })

  it('may not be there, which the cache says itself', async () => {
    const nothing = new EntraAuthError('general', 'no token is cached for profile "work"', {
      hint: 'get one',
    })
    vi.mocked(cachedToken).mockRejectedValue(nothing)
    const stderr = 'error: no token is cached for profile "work"\nhint: get one\n'
    expect(await runWith(['inspect', '-p', 'work'])).toEqual({ code: 1, stdout: '', stderr })
    expect(await runWith(['discover', '-p', 'work'])).toEqual({ code: 1, stdout: '', stderr })
    expect(await runWith(['discover', '-p', 'work', '-q'])).toEqual({ code: 1, stdout: '', stderr: '' })
  })

  it('is opaque for some, which is said', async () => {
    vi.mocked(cachedToken).mockResolvedValue('EwB4A8l6BAAUkj1NuJYtTVha')
    const { code, stdout, stderr } = await runWith(['inspect', '-p', 'work'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('opaque token')
  })
})
