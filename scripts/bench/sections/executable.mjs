// Our commands in the executable, against an empty executable of the same runtime.
import { statSync } from 'node:fs'
import { megabytes } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { runtimeVersion } from '../../release/targets.mjs'
import { processTable } from '../table.mjs'
import { cachedToken } from '../world.mjs'

export async function executable(world) {
  const machine = await world.machine()
  const keychain = await world.machine('keychain')
  const input = await world.token()
  const run = (name, words, { at = machine, ...given } = {}) => ({
    name,
    argv: [world.executable(), ...words],
    env: at.env,
    ...given,
  })
  const cached = '`get-token` from the cache, key file'
  const rows = await measure(
    world.runner,
    [
      { name: 'an empty executable', argv: [world.emptyExecutable()], env: machine.env },
      run(cached, cachedToken),
      run('`get-token` from the cache, explicit key', cachedToken, {
        at: await world.machine('explicit key'),
      }),
      ...(keychain ? [run('`get-token` from the cache, keychain', cachedToken, { at: keychain })] : []),
      run('`inspect`', ['inspect'], { input }),
      run('`discover`', ['discover'], { input }),
      run('`config list`', ['config', 'list']),
      run('completing a profile', ['__complete', 'zsh', '=jo', 'get-token', '-p']),
      run('`--help`', ['--help']),
      run('`--version`', ['--version']),
      run('`get-token --force`, from the sandbox', [...cachedToken, '--force']),
    ],
    world.rounds,
  )
  const { tables, bars } = processTable('the executable', rows, [{ name: cached, most: 2.5 }])
  const size = megabytes(statSync(world.executable()).size)
  return { tables, notes: [`With bun ${runtimeVersion} in it: ${size}.`], bars }
}
