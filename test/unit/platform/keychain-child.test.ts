import { PassThrough } from 'node:stream'
import { expect, it, vi } from 'vitest'
import { type ChildParts, runKeychainChild } from '../../../src/platform/keychain-child.ts'
import { memoryBinding } from './memory-binding.ts'

/** A child with an open stdin that holds the text given, and what it came to. */
function childWith(text: string, load: ChildParts['load']) {
  const stdin = new PassThrough()
  const stdout = new PassThrough()
  const die = vi.fn()
  stdin.write(text)
  const life = runKeychainChild({ stdin, stdout, die, load })
  return { stdin, die, life, printed: () => stdout.read() as Buffer | null }
}

it('makes the one call and prints what it came to', async () => {
  const { binding } = memoryBinding()
  const load = async () => binding
  const run = async (text: string) => {
    const child = childWith(text, load)
    await child.life
    expect(child.die).not.toHaveBeenCalled()
    return String(child.printed())
  }
  expect(await run('{"method":"get","account":"a"}\n')).toBe('{"kind":"result"}\n')
  expect(await run('{"method":"set","account":"a","secret":"AP8="}\n')).toBe('{"kind":"result"}\n')
  expect(await run('{"method":"get","account":"a"}\n')).toBe('{"kind":"secret","secret":"AP8="}\n')
  expect(await run('{"method":"remove","account":"a"}\n')).toBe('{"kind":"result","result":true}\n')
  expect(await run('{"method":"remove","account":"a"}\n')).toBe('{"kind":"result","result":false}\n')
})

it('answers with the reason where the optional package is missing', async () => {
  const child = childWith('{"method":"get","account":"a"}\n', () =>
    Promise.reject(new Error('Cannot find native binding')),
  )
  await child.life
  expect(String(child.printed())).toBe('{"kind":"failure","message":"Cannot find native binding"}\n')
})

it('ends without a word where it is asked nothing', async () => {
  const child = childWith('{"method"', () => Promise.reject(new Error('must not load')))
  child.stdin.end()
  await child.life
  expect(child.printed()).toBeNull()
})

it('dies when nobody waits for the answer any more', async () => {
  const never = new Promise<never>(() => {})
  const child = childWith('{"method":"get","account":"a"}\n', () => never)
  const died = new Promise<string>((resolve) => child.die.mockImplementation(() => resolve('died')))
  child.stdin.end()
  expect(await died).toBe('died')
})
