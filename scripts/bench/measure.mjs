// Lets programs take turns, so that a busy machine slows all of them alike.
import { median } from './figures.mjs'

/**
 * The medians of programs that take turns, in another order each round: what follows a big program finds a cold
 * processor.
 * @param kinds `{ name, argv, env, input }`
 * @param rounds how often each is run; one more comes before, which finds cold disk caches
 * @param random as `Math.random`
 * @returns in the order of `kinds` `{ name, wall, cpu, memory, runs }`: milliseconds, bytes, and every run
 */
export async function measure(runner, kinds, rounds, random = Math.random) {
  const runs = kinds.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const index of shuffled([...kinds.keys()], random)) {
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

/** By Fisher and Yates: every order is as likely. */
function shuffled(items, random) {
  const rest = [...items]
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0])
}
