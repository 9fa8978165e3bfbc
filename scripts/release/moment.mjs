// When a release was made: for what carries a date and is to be the same bytes when it is made again.
import { execFileSync } from 'node:child_process'

/** `SOURCE_DATE_EPOCH`, else the last commit. @see https://reproducible-builds.org/specs/source-date-epoch/ */
export function releaseMoment(env = process.env) {
  const seconds =
    env.SOURCE_DATE_EPOCH ?? execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' })
  const moment = new Date(Number(seconds) * 1000)
  if (Number.isNaN(moment.getTime())) throw new Error(`SOURCE_DATE_EPOCH is no number: ${seconds}`)
  return moment
}
