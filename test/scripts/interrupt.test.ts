/** Ctrl-C and deadlines against a program that waits for the other end of a pipe. */
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cli, succeeded } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { makeWorld, programUnderTest, type World } from '../support/session/environment.ts'

let world: World
let pipe: string

beforeEach(() => {
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  pipe = join(world.workFolder, 'pipe')
  execFileSync('mkfifo', [pipe])
})
afterEach(() => world.remove())

const id = '11111111-1111-4111-8111-111111111111'
const createProfile = async (...flags: readonly string[]) =>
  succeeded(await cli(['config', 'create', 'x', '--tenant-id', id, '--client-id', id, ...flags], { world }))

it('Ctrl-C ends it within moments, also while a secret is waited for that never comes', async () => {
  await createProfile()
  const [program, ...words] = programUnderTest()
  const child = spawn(program, [...words, 'get-token', '-p', 'x', '--client-secret-file', pipe], {
    env: world.env,
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  try {
    // Can be opened as soon as the program reads it, and keeps it waiting for what is never written.
    const writer = await eventually(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK))
    const pressed = performance.now()
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    // Less than the two seconds after which it is ended whatever it is at.
    expect(performance.now() - pressed).toBeLessThan(1500)
    closeSync(writer)
  } finally {
    child.kill('SIGKILL')
  }
})

describe('a pipe that nobody writes to is given up in time', () => {
  it.each([
    ['for a client secret', [], ['--client-secret-file']],
    ['for an assertion of a person', ['--client-secret-env', 'SECRET'], ['--assertion-file']],
    ['for a federated token', ['--federated-token-file'], []],
  ])('%s', async (_, ofProfile, ofCall) => {
    const withPipe = (flags: readonly string[]) =>
      flags.at(-1)?.endsWith('-file') ? [...flags, pipe] : flags
    await createProfile(...withPipe(ofProfile))
    const { code, stdout, stderr } = await cli(
      ['get-token', '-p', 'x', '--tenant', id, '--timeout', '300ms', ...withPipe(ofCall)],
      { world },
    )
    expect([code, stdout]).toEqual([6, ''])
    expect(stderr).toBe(
      `error: nothing came from "${pipe}" in time\nhint: look whether what is to write to it still runs\n`,
    )
  })
})
