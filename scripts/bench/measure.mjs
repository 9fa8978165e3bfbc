// Lets programs take turns, so that a busy machine slows all of them alike.
import { median } from './figures.mjs'

/**
 * The medians of programs that take turns.
 * @param kinds `{ name, argv, env, input }`
 * @param rounds how often each is run; one more comes before, which finds cold disk caches
 * @returns in the same order `{ name, wall, cpu, memory, runs }`: milliseconds, bytes, and every run
 */
export async function measure(runner, kinds, rounds) {
  const runs = kinds.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    const order = [...kinds.keys()]
    // There and back again: what follows a big program finds a cold processor.
    if (round % 2 === 1) order.reverse()
    for (const index of order) {
      const { wall, cpu, memory, stdout } = await runner.run(kinds[index])
      if (round > 0) runs[index].push({ wall, cpu, memory, stdout })
    }
  }
  return kinds.map(({ name }, index) => ({
    name,
    wall: medianOf(runs[index], 'wall'),
    cpu: medianOf(runs[index], 'cpu'),
    memory: medianOf(runs[index], 'memory'),
    runs: runs[index],
  }))
}

function medianOf(runs, what) {
  const numbers = runs.map((run) => run[what])
  return numbers.includes(undefined) ? undefined : median(numbers)
}
