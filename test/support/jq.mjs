// jq for machines without one: the program compiled to WebAssembly, behind jq's own command line.
// Plain JavaScript, because Node 20 runs it by itself. Knows short and long flags without a value, a filter and files.
import { readFileSync } from 'node:fs'
import { raw } from 'jq-wasm'

const words = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('-') && word !== '-')
const [filter = '.', ...files] = words.filter((word) => !flags.includes(word))
const takesStatus = flags.some((flag) => flag === '--exit-status' || /^-[a-zA-Z]*e/.test(flag))

const input =
  files.length > 0 ? files.map((file) => readFileSync(file, 'utf8')).join('\n') : readFileSync(0, 'utf8')

try {
  const output = await raw(input, filter, flags)
  if (output) process.stdout.write(`${output}\n`)
  if (takesStatus) process.exitCode = statusOf(output)
} catch (error) {
  const message = error.message.replace(/^Failed to execute raw query: /, '')
  process.stderr.write(`${message}\n`)
  process.exitCode = /compile error/.test(message) ? 3 : /parse error/.test(message) ? 2 : 5
}

// With --exit-status the last value decides, as jq's manual says.
function statusOf(output) {
  if (output === '') return 4
  const last = output.slice(output.lastIndexOf('\n') + 1)
  return last === 'null' || last === 'false' ? 1 : 0
}
