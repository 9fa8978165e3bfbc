// What can be measured, by the name that `--only` and the markers of docs/performance.md use.
import { cold } from './sections/cold.mjs'
import { commands } from './sections/commands.mjs'
import { executable } from './sections/executable.mjs'
import { growth } from './sections/growth.mjs'
import { inspectAll } from './sections/inspect-all.mjs'
import { large } from './sections/large.mjs'
import { memory } from './sections/memory.mjs'
import { nodes } from './sections/nodes.mjs'
import { parallel } from './sections/parallel.mjs'
import { peers } from './sections/peers.mjs'
import { serve } from './sections/serve.mjs'
import { size } from './sections/size.mjs'
import { vault } from './sections/vault.mjs'

export const sections = {
  commands,
  cold,
  peers,
  executable,
  nodes,
  growth,
  parallel,
  memory,
  size,
  vault,
  large,
  'inspect-all': inspectAll,
  serve,
}
