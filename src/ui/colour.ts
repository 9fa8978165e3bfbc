import { styleText } from 'node:util'
import type { Environment } from '../core/ports.ts'

export type Style = Parameters<typeof styleText>[0]

/** Colours a piece of text, or leaves it as it is where colour is not wanted. */
export type Paint = (style: Style, text: string) => string

/**
 * Whether a stream gets colour: `FORCE_COLOR` decides first, then a non-empty `NO_COLOR` (https://no-color.org), then
 * whether a person is looking at a terminal that can show it.
 */
export function wantsColour(env: Environment, isTerminal: boolean): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  if (env['NO_COLOR']) return false
  return isTerminal && env['TERM'] !== 'dumb'
}

export function paintFor(env: Environment, isTerminal: boolean): Paint {
  if (!wantsColour(env, isTerminal)) return (_style, text) => text
  // The stream was judged above; Node 22 and later would judge process.stdout once more.
  return (style, text) => styleText(style, text, { validateStream: false })
}
