// Removes the folders named on the command line: tsc does not delete what a renamed source left behind.
import { rmSync } from 'node:fs'

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true })
