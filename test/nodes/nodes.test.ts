/** The installed package on every Node it promises to work on. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPackage, repository, type InstalledPackage } from '../package/installed-package.ts'
import { tellSmokeStory } from '../package/smoke-story.ts'

const nodes = execFileSync(process.execPath, [join(repository, 'scripts/fetch-nodes.mjs')], {
  encoding: 'utf8',
})
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [version = '', path = ''] = line.split(/ (.*)/)
    return { version, path }
  })

let installed: InstalledPackage

beforeAll(async () => {
  installed = await installPackage()
})
afterAll(() => installed?.remove())

describe('the Nodes to test on', () => {
  it('are one of every supported line', () => {
    expect(nodes.map(({ version }) => version.split('.')[0])).toEqual(['v20', 'v22', 'v24', 'v26'])
  })
})

describe.each(nodes)('the package on Node $version', ({ path }) => {
  tellSmokeStory(() => installed.program, path)
})
