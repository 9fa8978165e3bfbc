import { expect, it } from 'vitest'
import { measure } from '../../../../scripts/bench/measure.mjs'

const kinds = [{ name: 'one' }, { name: 'two' }]

it('lets programs take turns, each once a round, in an order that chance makes', async () => {
  const order: string[] = []
  const runner = {
    run: async ({ name }: { name: string }) => {
      order.push(name)
      return { wall: 1 }
    },
  }
  const chances = [0, 0, 0.9, 0, 0.9, 0]
  await measure(runner, kinds, 2, () => chances.shift()!)
  expect(order).toEqual(['one', 'two', 'two', 'one', 'two', 'one'])
})

it('answers in the order it was asked', async () => {
  const runner = { run: async ({ name }: { name: string }) => ({ wall: name === 'one' ? 1 : 2 }) }
  expect(await measure(runner, kinds, 1, () => 0.9)).toMatchObject([{ wall: 1 }, { wall: 2 }])
})

it('leaves out the first time, which finds cold caches', async () => {
  const walls = [900, 3, 1, 2]
  const runner = { run: async () => ({ wall: walls.shift()!, cpu: 1, memory: 5 }) }
  expect(await measure(runner, [{ name: 'one' }], 3)).toMatchObject([
    { name: 'one', wall: 2, cpu: 1, memory: 5, runs: [{ wall: 3 }, { wall: 1 }, { wall: 2 }] },
  ])
})

it('tells no processor time where none was measured', async () => {
  expect(await measure({ run: async () => ({ wall: 1 }) }, kinds, 1)).toMatchObject([
    { cpu: undefined, memory: undefined },
    { cpu: undefined },
  ])
})
