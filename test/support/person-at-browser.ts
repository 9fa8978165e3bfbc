/** Stands in for the person and the browser a program opens: a command for `BROWSER`, and the sign-in behind it. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { walk, type BrowserOptions } from './form-browser.ts'

export interface PersonAtBrowser {
  /** For `BROWSER`: a program that takes an address, answers at once and lets the person here sign in there. */
  readonly command: string
  /** Every address a browser was opened with, oldest first: how often somebody was bothered. */
  readonly visits: readonly string[]
  /** Ends the browser. Rejects with what went wrong in a sign-in, which the program waiting for it cannot know. */
  close(): Promise<void>
}

/** Seats somebody who answers every page with `answers` and lets the response go to the program that waits. */
export async function seatPerson(options: Omit<BrowserOptions, 'deliver'>): Promise<PersonAtBrowser> {
  const visits: string[] = []
  const walks: Promise<unknown>[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost').searchParams.get('url') ?? ''
    visits.push(url)
    const walking = walk(url, { ...options, deliver: true })
    // Told by `close`; until then it must not count as a rejection nobody handles.
    walking.catch(() => {})
    walks.push(walking)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const folder = mkdtempSync(join(tmpdir(), 'browser-'))
  const command = join(folder, 'browser')
  const curl = 'exec env -u HTTPS_PROXY curl --disable --silent --show-error --get'
  writeFileSync(command, `#!/bin/sh\n${curl} --data-urlencode "url=$1" http://127.0.0.1:${port}/\n`)
  chmodSync(command, 0o755)

  return {
    command,
    visits,
    async close() {
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true })
      await Promise.all(walks)
    },
  }
}
