import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandOptions } from '../../../src/core/ports.ts'
import { childEnvironment, HiddenVariables } from '../../../src/platform/child-environment.ts'
import { createCommandRunner } from '../../../src/platform/command-runner.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { eventually } from '../../support/eventually.ts'
import { rejectionOf } from '../../support/failure.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-command-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const interrupted = new EntraAuthError('interrupted', 'interrupted')
const file = (name: string) => join(folder, name)

function run(commandLine: string, options: Partial<CommandOptions> = {}, hidden = new HiddenVariables()) {
  const env = { PATH: process.env.PATH, FOLDER: folder, AZURE_CLIENT_SECRET: 'hush', CI_SECRET: 'hush' }
  const runner = createCommandRunner({
    platform: process.platform,
    environment: () => childEnvironment(env, hidden.has),
  })
  const { signal } = new AbortController()
  return runner.run(commandLine, {
    attended: false,
    silent: true,
    largestOutputBytes: 1000,
    signal,
    ...options,
  })
}

/** Resolves when a process has written its number to the file. */
const startedProcess = (name: string) =>
  eventually(async () => {
    const pid = Number(await readFile(file(name), 'utf8').catch(() => ''))
    if (pid === 0) throw new Error(`${name} was not started`)
    return pid
  })
const isGone = (pid: number) =>
  eventually(() => {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    throw new Error(`process ${pid} still runs`)
  })

describe('a command', () => {
  it.each([
    ['prints its output', 'echo s3cret', 's3cret\n'],
    ['is a whole line of the shell', 'printf "%s" "a b" | tr a-z A-Z && printf \'$\'', 'A B$'],
    ['has nothing to read', 'cat; echo end', 'end\n'],
  ])('%s', async (_what, commandLine, output) => {
    expect(await run(commandLine)).toEqual({ kind: 'output', stdout: Buffer.from(output) })
  })

  it('has no terminal where nobody is there to answer', async () => {
    expect(await run('(: </dev/tty) 2>/dev/null || echo none')).toMatchObject({
      stdout: Buffer.from('none\n'),
    })
  })

  it.each([
    ['echo half; exit 3', 3],
    ['no-such-program-anywhere', 127],
    ['kill -KILL $$', undefined],
  ])('that fails is told by its code alone: %s', async (commandLine, exitCode) => {
    expect(await run(commandLine)).toEqual({ kind: 'failed', exitCode })
  })

  it('does not see our secrets, nor the variables that profiles name', async () => {
    const hidden = new HiddenVariables()
    hidden.add(['ci_secret'])
    const { stdout } = (await run('env', {}, hidden)) as { readonly stdout: Buffer }
    expect(stdout.toString()).toContain(`FOLDER=${folder}`)
    expect(stdout.toString()).not.toContain('hush')
  })

  it('that prints without end is ended', async () => {
    expect(await run('echo $$ >"$FOLDER/pid"; yes')).toEqual({ kind: 'too-much' })
    expect(await isGone(await startedProcess('pid'))).toBe(true)
  })

  it('that leaves something running is not waited for', async () => {
    const result = await run('sleep 60 & echo $! >"$FOLDER/pid"; echo s3cret')
    expect(result).toEqual({ kind: 'output', stdout: Buffer.from('s3cret\n') })
    process.kill(await startedProcess('pid'), 'SIGKILL')
  })

  it.each([
    ['itself', 'echo $$ >"$FOLDER/pid"; exec sleep 60'],
    ['what its shell started', 'sh -c \'echo $$ >"$FOLDER/pid"; sleep 60\'; true'],
    ['what will not hear', 'trap "" TERM; echo $$ >"$FOLDER/pid"; while :; do sleep 60; done'],
  ])('ends when the wait is over: %s', async (_what, commandLine) => {
    const over = new AbortController()
    const failure = rejectionOf(run(commandLine, { signal: over.signal }))
    const pid = await startedProcess('pid')
    over.abort(interrupted)
    expect(await failure).toBe(interrupted)
    expect(await isGone(pid)).toBe(true)
  })

  it('is not started any more when the wait is over before', async () => {
    const failure = await rejectionOf(
      run('echo $$ >"$FOLDER/pid"', { signal: AbortSignal.abort(interrupted) }),
    )
    expect(failure).toBe(interrupted)
    await expect(readFile(file('pid'))).rejects.toThrow('ENOENT')
  })
})
