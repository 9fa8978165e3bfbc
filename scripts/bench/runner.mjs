// Runs whole programs and tells what each took. Where there is a Python, it does that: Node does not learn how much
// processor time and memory a child took.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'

const script = join(import.meta.dirname, 'run_programs.py')

const usualPythons = ['/usr/bin/python3', '/usr/local/bin/python3', '/opt/homebrew/bin/python3']

/**
 * `run({ argv, env, input, atOnce, seconds })` starts a program (`atOnce` of it at the same time, default one), waits
 * for the last and answers `{ wall, cpu, memory, stdout }`: milliseconds, and bytes of the one that held the most. It
 * throws what the program said where it ends with anything but 0, or is not done within `seconds` (default 120).
 *
 * `measuresCpu` is false where no Python is found: `cpu` and `memory` are undefined then.
 *
 * @param pythons where to look for one
 */
export function startRunner(pythons = usualPythons) {
  const python = pythons.find((path) => existsSync(path))
  return python ? runnerInPython(python) : runnerHere()
}

function runnerInPython(python) {
  const child = spawn(python, ['-I', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    measuresCpu: true,
    async run({ argv, env, input = '', atOnce = 1, seconds = 120 }) {
      const request = { argv: [...argv], env, input, at_once: atOnce, seconds }
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error('the runner ended')
      return succeeded(argv, JSON.parse(value))
    },
    end: () => child.stdin.end(),
  }
}

function runnerHere() {
  return {
    measuresCpu: false,
    async run({ argv, env, input = '', atOnce = 1, seconds = 120 }) {
      const began = performance.now()
      const [first] = await Promise.all(
        Array.from({ length: atOnce }, () => ended(argv, env, input, seconds)),
      )
      return { ...succeeded(argv, first), wall: performance.now() - began }
    },
    end: () => {},
  }
}

async function ended([program, ...words], env, input, seconds) {
  const child = spawn(program, words, { env, timeout: seconds * 1000, killSignal: 'SIGKILL' })
  const printed = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      if (printed[stream].length < 65_536) printed[stream] += text
    })
  }
  child.stdin.on('error', () => {}).end(input)
  const [code] = await once(child, 'close')
  return { code, ...printed }
}

function succeeded(argv, { raised, code, ...answer }) {
  if (raised) throw new Error(`${argv[0]} does not start: ${raised}`)
  if (code !== 0) throw new Error(`"${argv.join(' ')}" ended with ${code}: ${answer.stderr.trim()}`)
  return answer
}
