import { beforeEach, describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { systemClock, type Clock } from '../../../src/platform/clock.ts'
import { callInChild } from '../../../src/platform/keychain-process.ts'
import { FakeKeychainProcess } from './fake-keychain-process.ts'
import { StillClock } from './still-clock.ts'

const read = { method: 'get', account: 'vault:1' } as const
const threeSeconds = { kind: 'child', seconds: 3 } as const
const env = { HOME: '/home/ada', ENTRA_AUTH_CLI_KEY: 'secret', ENTRA_AUTH_CLI_PASSPHRASE: 'secret' }

/** Time that never passes: only an answer, an end or a signal ends a wait. */
const frozen: Clock = {
  ...systemClock,
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
}

let child: FakeKeychainProcess

beforeEach(() => {
  child = new FakeKeychainProcess()
})

const setup = (clock: Clock = frozen) => ({
  ownCommand: ['/usr/bin/node', '/opt/main.js'],
  env,
  clock,
  start: child.start,
})

describe('a call', () => {
  it.each([
    [read, { method: 'get', account: 'vault:1' }, '{"kind":"secret","secret":"AP8="}', Buffer.of(0, 255)],
    [read, { method: 'get', account: 'vault:1' }, '{"kind":"result"}', undefined],
    [
      { method: 'set', account: 'a', secret: Uint8Array.of(0, 255) } as const,
      { method: 'set', account: 'a', secret: 'AP8=' },
      '{"kind":"result"}',
      undefined,
    ],
    [
      { method: 'remove', account: 'a' } as const,
      { method: 'remove', account: 'a' },
      '{"kind":"result","result":true}',
      true,
    ],
  ])('goes to stdin, and its answer comes from stdout: %j', async (call, line, answer, result) => {
    const calling = callInChild(call, threeSeconds, setup(), {})
    expect(child.given).toEqual(line)
    child.answer(`${answer}\n`)
    expect(await calling).toEqual(result)
  })

  it('puts together an answer that comes in pieces', async () => {
    const calling = callInChild(read, threeSeconds, setup(), {})
    child.answer('{"kind":"sec')
    child.answer('ret","secret":"AP8="}\n')
    expect(await calling).toEqual(Buffer.of(0, 255))
  })

  it('shows its secret in neither the arguments nor the environment, nor any other of ours', async () => {
    const secret = Buffer.from('canary')
    const calling = callInChild({ method: 'set', account: 'a', secret }, threeSeconds, setup(), {})
    expect(child.words).toEqual(['/usr/bin/node', '/opt/main.js', '__keychain'])
    expect(child.env).toEqual({ HOME: '/home/ada' })
    child.answer('{"kind":"result"}\n')
    await calling
  })

  it('leaves stdin open while it waits: its end would tell the child that we are gone', () => {
    void callInChild(read, threeSeconds, setup(), {})
    expect(child.stdin.writableEnded).toBe(false)
  })

  it('fails with what the keychain said', async () => {
    const calling = callInChild(read, threeSeconds, setup(), {})
    child.answer('{"kind":"failure","message":"prompt was dismissed"}\n')
    await expect(calling).rejects.toThrow('prompt was dismissed')
  })

  it.each([
    [1, null, '(1)'],
    [null, 'SIGSEGV', '(SIGSEGV)'],
  ])('fails when the child ends without an answer', async (code, signal, why) => {
    const calling = callInChild(read, threeSeconds, setup(), {})
    child.emit('close', code, signal)
    await expect(calling).rejects.toThrow(`ended without an answer ${why}`)
  })

  it('fails when the child cannot be started', async () => {
    const calling = callInChild(read, threeSeconds, setup(), {})
    child.emit('error', new Error('spawn ENOENT'))
    await expect(calling).rejects.toThrow('spawn ENOENT')
  })
})

describe('a child that does not answer', () => {
  it('is killed when the time is over', async () => {
    const clock = new StillClock()
    await expect(callInChild(read, threeSeconds, setup(clock), {})).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'the keychain did not answer within 3 s',
    })
    expect(clock.sleeps).toEqual([3_000])
    expect(child.killedBy).toEqual(['SIGKILL'])
  })

  it("is killed at the caller's signal, whose reason is the error", async () => {
    const stop = new AbortController()
    const calling = callInChild(read, threeSeconds, setup(), { signal: stop.signal })
    stop.abort(new EntraAuthError('interrupted', 'interrupted'))
    await expect(calling).rejects.toMatchObject({ code: 'interrupted' })
    expect(child.killedBy).toEqual(['SIGKILL'])
  })

  it('is not even started after the signal', async () => {
    const signal = AbortSignal.abort(new EntraAuthError('interrupted', 'interrupted'))
    await expect(callInChild(read, threeSeconds, setup(), { signal })).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(child.words).toEqual([])
  })
})

describe('the person in front of it', () => {
  const attended = (afterMilliseconds: number) =>
    ({ kind: 'child', seconds: 60, notice: { text: 'Unlock it', afterMilliseconds } }) as const

  it('is told before the dialog comes', async () => {
    const said: string[] = []
    const onWait = (text: string) => {
      expect(child.words).toEqual([])
      said.push(text)
    }
    const calling = callInChild(read, attended(0), setup(), { onWait })
    child.answer('{"kind":"result"}\n')
    await calling
    expect(said).toEqual(['Unlock it'])
  })

  it('is told nothing by a call that is answered soon', async () => {
    const said: string[] = []
    const calling = callInChild(read, attended(1_000), setup(), { onWait: (text) => said.push(text) })
    child.answer('{"kind":"result"}\n')
    await calling
    expect(said).toEqual([])
  })

  it('is told once by a call that takes long, and given a minute', async () => {
    const said: string[] = []
    const clock = new StillClock()
    const calling = callInChild(read, attended(1_000), setup(clock), { onWait: (text) => said.push(text) })
    await expect(calling).rejects.toThrow('within 60 s')
    expect(said).toEqual(['Unlock it'])
    expect(clock.sleeps.toSorted()).toEqual([1_000, 60_000])
  })
})
