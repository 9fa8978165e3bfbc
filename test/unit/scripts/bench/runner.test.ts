import { afterAll, expect, it } from 'vitest'
import { startRunner } from '../../../../scripts/bench/runner.mjs'

const runner = startRunner()
afterAll(() => runner.end())

const run = (script: string, more: object = {}) =>
  runner.run({ argv: ['/bin/sh', '-c', script], env: { GREETING: 'hello' }, ...more })

it('tells what a program took and printed', async () => {
  const answer = await run('echo $GREETING; cat', { input: 'to the end\n' })
  expect(answer).toMatchObject({ stdout: 'hello\nto the end\n', lines: 2 })
  expect(answer.wall).toBeGreaterThan(0)
  expect(answer.cpu).toBeGreaterThan(0)
  expect(answer.memory).toBeGreaterThan(100_000)
})

it('waits for all that start at once', async () => {
  expect(await run('echo one', { atOnce: 5 })).toMatchObject({ lines: 5 })
})

it('reads what is printed, however much', async () => {
  expect(await run('yes | head -n 1000000')).toMatchObject({ lines: 1_000_000 })
})

it('says what went wrong', async () => {
  await expect(run('echo no such thing >&2; exit 3')).rejects.toThrow(/ended with 3: no such thing$/)
  await expect(runner.run({ argv: ['/no/such/program'], env: {} })).rejects.toThrow('does not start')
})

it('ends a program that does not', async () => {
  await expect(run('exec sleep 60', { seconds: 0.05 })).rejects.toThrow('ended with -9')
})

it('goes on after all that', async () => {
  expect(await run('echo still here')).toMatchObject({ stdout: 'still here\n' })
})
