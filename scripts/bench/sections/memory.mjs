// The most memory that a process held, against an empty program of the same runtime.
import { megabytes, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { markdownTable } from '../table.mjs'
import { cachedToken, ours } from '../world.mjs'

const rounds = 5

export async function memory(world) {
  if (!world.runner.measuresCpu) throw new Error('the memory of a child is told by python3, which is missing')
  const machine = await world.machine()
  const keychain = await world.machine('keychain')
  const input = await world.token()
  const env = machine.env
  const onNode = [
    { name: 'an empty program on Node', argv: [process.execPath, world.empty()], env },
    ours('`get-token` from the cache, key file', machine, cachedToken),
    ...(keychain ? [ours('`get-token` from the cache, keychain', keychain, cachedToken)] : []),
    ours('`inspect`', machine, ['inspect'], { input }),
    ours('`--help`', machine, ['--help']),
    ours('`get-token --force`, from the sandbox', machine, [...cachedToken, '--force']),
  ]
  const program = world.executableIfAny()
  const executables = program
    ? [
        { name: 'an empty executable', argv: [world.emptyExecutable()], env },
        {
          name: 'our executable, `get-token` from the cache, key file',
          argv: [program, ...cachedToken],
          env,
        },
      ]
    : []
  const rows = await measure(world.runner, [...onNode, ...executables], rounds)
  const cells = (own) =>
    own.map(({ name, memory: held }) => [name, megabytes(held), ratio(held / own[0].memory)])
  const head = ['most memory of a process', 'median', 'ratio']
  return {
    tables: [
      markdownTable(head, [...cells(rows.slice(0, onNode.length)), ...cells(rows.slice(onNode.length))]),
    ],
  }
}
