// What the program costs, beside an empty program and beside its peers, in one run in which all take turns. Needs the
// built program.
//
//     npm run bench                              prints the tables of docs/performance.md
//     npm run bench -- --write                   puts them there, and the plots into docs/performance/
//     npm run bench -- --only commands,peers     these sections alone; any other name lists them
//     npm run bench -- --rounds 5                sooner, and rougher
//     npm run bench -- --gate                    only whether it became slow: ends with 1 where it did
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gate } from './bench/gate.mjs'
import { replaceSection, sectionMarkdown } from './bench/page.mjs'
import { sections } from './bench/sections.mjs'
import { makeWorld } from './bench/world.mjs'

const page = join('docs', 'performance.md')
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '31' },
    only: { type: 'string' },
    write: { type: 'boolean' },
    gate: { type: 'boolean' },
  },
})
const wanted = values.only?.split(',') ?? Object.keys(sections)
const unknown = wanted.find((name) => !Object.hasOwn(sections, name))
if (unknown) {
  console.error(`no section "${unknown}": ${Object.keys(sections).join(', ')}`)
  process.exit(2)
}

// What this process was given for its own network is nobody else's.
delete process.env.NODE_EXTRA_CA_CERTS
const world = makeWorld({ rounds: Number(values.rounds) })
try {
  if (values.gate) process.exitCode = (await gate(world)) ? 0 : 1
  else await measureSections()
} finally {
  await world.end()
}

/** One that fails is told, and the others go on. */
async function measureSections() {
  const bars = []
  for (const name of wanted) {
    console.error(`${name} …`)
    try {
      const result = await sections[name](world)
      const markdown = sectionMarkdown(result)
      console.log(`\n## ${name}\n\n${markdown}`)
      bars.push(...(result.bars ?? []))
      if (values.write) write(name, markdown, result.plots ?? [])
    } catch (error) {
      console.error(`${name} could not be measured: ${error.stack}`)
      process.exitCode = 1
    }
  }
  const machine = machineLine()
  console.log(`\n${machine}`)
  if (values.write) write('machine', machine, [])
  for (const { what, text, met } of bars) if (!met) console.error(`missed: ${what} (${text})`)
  console.error(`${bars.filter(({ met }) => met).length} of ${bars.length} met what is wanted`)
}

function write(name, markdown, plots) {
  writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), name, markdown))
  mkdirSync(join('docs', 'performance'), { recursive: true })
  for (const { file, svg } of plots) writeFileSync(join('docs', 'performance', file), svg)
}

function machineLine() {
  const [{ model }] = cpus()
  const processors = `${availableParallelism()} processors (${model.trim()})`
  return `Medians of ${values.rounds} rounds, of fewer where programs take long. Node ${process.versions.node}, ${process.platform}, ${processors}.`
}
