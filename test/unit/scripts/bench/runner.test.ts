import { afterAll, describe, expect, it } from 'vitest'
import { startRunner } from '../../../../scripts/bench/runner.mjs'

describe.each([
  ['with the help of Python', startRunner()],
  ['without a Python', startRunner([])],
])('a program that is run %s', (_how, runner) => {
  afterAll(() => runner.end())

  const run = (script: string, more: object = {}) =>
    runner.run({ argv: ['/bin/sh', '-c', script], env: { GREETING: 'hello' }, ...more })

  it('is told of: what it took and printed', async () => {
    const { stdout, wall, cpu, memory } = await run('echo $GREETING; cat', { input: 'to the end\n' })
    expect(stdout).toBe('hello\nto the end\n')
    expect(wall).toBeGreaterThan(0)
    const { measuresCpu } = runner
    expect([cpu, memory].map((each = 0) => each > 0)).toEqual([measuresCpu, measuresCpu])
  })

  it('may print as much as it likes', async () => {
    expect((await run('yes | head -n 1000000')).stdout.slice(0, 4)).toBe('y\ny\n')
  })

  it('fails with what it said', async () => {
    await expect(run('echo no such thing >&2; exit 3')).rejects.toThrow(/ended with 3: no such thing$/)
  })

  it('fails where it is not there', async () => {
    await expect(runner.run({ argv: ['/no/such/program'], env: {} })).rejects.toThrow('/no/such/program')
  })

  it('is ended where it does not end', async () => {
    await expect(run('exec sleep 60', { seconds: 0.05 })).rejects.toThrow('ended with')
  })

  it('leaves the next one alone', async () => {
    expect(await run('echo still here', { atOnce: 3 })).toMatchObject({ stdout: 'still here\n' })
  })
})
