import { describe, expect, it } from 'vitest'
import {
  flagsFor,
  rungsPast,
  signInLadder,
  type Rung,
  type SignInSituation,
  type Way,
} from '../../../src/core/sign-in-ladder.ts'

const atADesk: SignInSituation = {
  flow: 'interactive-browser',
  mayUseDeviceCode: true,
  browserObstacle: undefined,
  showUrlOnly: false,
  canAsk: true,
}
const ssh = { browserObstacle: 'this is an SSH session' }
const sshSaid = 'no browser can be opened here (this is an SSH session)'
const notStarted = 'the browser did not start'
const unasked = { canAsk: false }
const chosen = { mayUseDeviceCode: false }
const address = { showUrlOnly: true }
const device = { flow: 'device-code', ...chosen } as const
const code = { flow: 'authorization-code', ...chosen } as const

describe('the ladder', () => {
  it.each<[string, Partial<SignInSituation>, readonly (readonly [Way, string?])[]]>([
    ['a desk', {}, [['browser'], ['paste', notStarted], ['device-code']]],
    ['a desk without questions', unasked, [['browser'], ['address', notStarted], ['device-code']]],
    ['SSH', ssh, [['paste', sshSaid], ['device-code']]],
    [
      'SSH without questions',
      { ...ssh, ...unasked },
      [
        ['device-code', sshSaid],
        ['address', sshSaid],
      ],
    ],
    ['SSH, a browser chosen', { ...ssh, ...chosen }, [['paste', sshSaid], ['device-code']]],
    [
      'SSH without questions, a browser chosen',
      { ...ssh, ...unasked, ...chosen },
      [['address', sshSaid], ['device-code']],
    ],
    ['--no-browser', address, [['paste'], ['device-code']]],
    ['--no-browser without questions', { ...address, ...unasked }, [['address'], ['device-code']]],
    [
      '--no-browser by SSH without questions',
      { ...address, ...ssh, ...unasked },
      [['address'], ['device-code']],
    ],
    ['a device code chosen', device, [['device-code'], ['browser'], ['paste', notStarted]]],
    ['a device code chosen by SSH', { ...device, ...ssh }, [['device-code'], ['paste', sshSaid]]],
    ['an app that proves itself', code, [['browser'], ['paste', notStarted]]],
    ['an app that proves itself, by SSH', { ...code, ...ssh, ...unasked }, [['address', sshSaid]]],
  ])('at %s', (_place, situation, rungs) => {
    const expected = rungs.map(([way, because]) => ({ way, because }))
    expect(signInLadder({ ...atADesk, ...situation })).toEqual(expected)
  })

  const situations = [true, false].flatMap((canAsk) =>
    [true, false].flatMap((showUrlOnly) =>
      [true, false].flatMap((mayUseDeviceCode) =>
        (['interactive-browser', 'authorization-code'] as const).flatMap((flow) =>
          [undefined, 'there is no display'].map((browserObstacle) => ({
            flow,
            canAsk,
            showUrlOnly,
            mayUseDeviceCode,
            browserObstacle,
          })),
        ),
      ),
    ),
  )
  const firstOf = (situation: SignInSituation) => signInLadder(situation)[0]

  it('never begins with a device code where a browser can open or somebody can paste', () => {
    const could = situations.filter((one) => one.canAsk || !one.browserObstacle)
    expect(could.map(firstOf).filter((rung) => rung?.way === 'device-code')).toEqual([])
  })

  it('says why wherever a device code is used unasked', () => {
    const silent = situations.map(firstOf).filter((rung) => rung?.way === 'device-code' && !rung.because)
    expect(silent).toEqual([])
  })
})

describe('after a refusal', () => {
  const all: readonly Rung[] = (['browser', 'paste', 'address', 'device-code'] as const).map((way) => ({
    way,
    because: 'of old',
  }))
  const past = (way: Way, entraCode: number | undefined) =>
    rungsPast(
      way,
      entraCode,
      all.filter((rung) => rung.way !== way),
    )

  it.each<[number, Way, readonly Way[]]>([
    // Conditional access and pages that must be seen stand against a device code alone.
    [53003, 'device-code', ['browser', 'paste', 'address']],
    [530033, 'device-code', ['browser', 'paste', 'address']],
    [530084, 'device-code', ['browser', 'paste', 'address']],
    [50199, 'device-code', ['browser', 'paste', 'address']],
    [530003, 'device-code', ['browser', 'paste', 'address']],
    [7000218, 'device-code', ['browser', 'paste', 'address']],
    [53003, 'browser', []],
    // A demand on the device can be met on another one.
    [50097, 'browser', ['paste', 'address']],
    [530003, 'browser', ['paste', 'address']],
    [530003, 'paste', []],
    // No redirect URI.
    [50011, 'browser', ['device-code']],
    [50011, 'paste', ['device-code']],
    [500113, 'address', ['device-code']],
    // The same everywhere.
    [7000218, 'browser', []],
    [50105, 'browser', []],
    [50105, 'device-code', []],
    [65001, 'device-code', []],
    [65004, 'browser', []],
    [700016, 'device-code', []],
    [50126, 'paste', []],
  ])('AADSTS%i of %s leaves %j', (entraCode, way, left) => {
    expect(past(way, entraCode).map((rung) => rung.way)).toEqual(left)
  })

  it('without a number there is nothing to go by', () => {
    expect(past('device-code', undefined)).toEqual([])
  })

  it('nothing more needs saying of the next one', () => {
    expect(past('device-code', 53003).every(({ because }) => because === undefined)).toBe(true)
  })

  it.each<[Way, string]>([
    ['browser', '--flow interactive-browser'],
    ['paste', '--flow interactive-browser --no-browser'],
    ['device-code', '--flow device-code'],
  ])('%s is begun with %s', (way, flags) => {
    expect(flagsFor(way)).toBe(flags)
  })
})
