import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../../src/errors.ts'
import { RequestLog } from '../../../../src/core/serve/request-log.ts'
import { now as start, profile } from './served.ts'

const asker = { userAgent: 'azsdk-js-identity/4.13.1', address: '127.0.0.1' }
const wish = { profile: profile(), scopes: ['https://graph.microsoft.com/.default'] }

function recorded() {
  let seconds = 0
  const lines: string[] = []
  const traces: string[] = []
  const log = new RequestLog({
    now: () => new Date(start.getTime() + seconds * 1000),
    say: (text) => void lines.push(text),
    warn: (text) => void lines.push(`! ${text}`),
    trace: (text) => void traces.push(text),
  })
  return { log, lines, traces, wait: (more: number) => void (seconds += more) }
}

describe('RequestLog', () => {
  it('says once who gets what, and each time to whoever wants to see all', () => {
    const { log, lines, traces } = recorded()
    for (let index = 0; index < 3; index++) log.served(asker, 'App Service', wish)
    const line =
      'graph: token for https://graph.microsoft.com/.default to "azsdk-js-identity/4.13.1" (App Service)'
    expect(lines).toEqual([line])
    expect(traces).toEqual([line, line, line])
  })

  it('quotes the name that a program gives itself, and says where it is when not here', () => {
    const { log, lines } = recorded()
    log.served({ userAgent: 'x"\n! y', address: '172.17.0.2' }, 'plain', wish)
    log.served({ userAgent: undefined, address: '::1' }, 'plain', wish)
    expect(lines).toEqual([
      String.raw`graph: token for https://graph.microsoft.com/.default to "x\"\n! y" at 172.17.0.2 (plain)`,
      'graph: token for https://graph.microsoft.com/.default to a program without a name (plain)',
    ])
  })

  it('says a refusal once a minute, and how often it happened meanwhile', () => {
    const { log, lines, wait } = recorded()
    for (let index = 0; index < 1000; index++) log.refused(asker, 'the secret is missing or wrong')
    log.brokenConnection('there were too many connections')
    wait(60)
    log.refused(asker, 'the secret is missing or wrong')
    expect(lines).toEqual([
      '! refused "azsdk-js-identity/4.13.1": the secret is missing or wrong',
      '! a connection was ended: there were too many connections',
      '! refused "azsdk-js-identity/4.13.1": the secret is missing or wrong, and 999 more since it was last said',
    ])
  })

  it('lets nobody fill it with names', () => {
    const { log, lines } = recorded()
    for (let index = 0; index < 1000; index++) {
      log.served({ ...asker, userAgent: `x${index}` }, 'plain', wish)
      log.refused(asker, `tokens for https://${index} are not served`)
    }
    expect(lines).toHaveLength(400)
  })

  it('says what a token failed of, and what mends it', () => {
    const { log, lines } = recorded()
    log.failed(wish, new EntraAuthError('network', 'Entra is away', { hint: 'wait' }))
    expect(lines).toEqual(['! graph: Entra is away (wait)'])
  })
})
