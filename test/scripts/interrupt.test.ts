/** Ctrl-C against a program that waits where no signal of ours reaches: in the system, for the other end of a pipe. */
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cli, succeeded } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { makeWorld, programUnderTest, type World } from '../support/session/environment.ts'

let world: World

beforeEach(() => {
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
})
afterEach(() => world.remove())

it('ends it within moments, also while a secret is waited for that never comes', async () => {
  const id = '11111111-1111-4111-8111-111111111111'
  succeeded(await cli(['config', 'create', 'x', '--tenant-id', id, '--client-id', id], { world }))
  const pipe = join(world.workFolder, 'secret')
  execFileSync('mkfifo', [pipe])
  const [program, ...words] = programUnderTest()
  const child = spawn(program, [...words, 'get-token', '-p', 'x', '--client-secret-file', pipe], {
    env: world.env,
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  try {
    // Can be opened as soon as the program reads it, and keeps it waiting for what is never written: it gives
    // what it does two seconds to notice the signal.
    const writer = await eventually(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK))
    child.kill('SIGINT')
    // A shell reports this end as 130.
    expect(await ended).toEqual([null, 'SIGINT'])
    closeSync(writer)
  } finally {
    child.kill('SIGKILL')
  }
})
