const longestPause = 2 * 60_000

/**
 * How long to pause before the next try: a half longer each time, up to two minutes, give or take a fifth so that many
 * waiting jobs do not come at once; longer where the server asked for it.
 * @param first the first pause, in milliseconds; one beyond two minutes stays as it is
 * @param tries how many there were
 * @param random from 0 up to 1
 * @param retryAfterSeconds what the server asked for
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function pauseMilliseconds(
  first: number,
  tries: number,
  random: number,
  retryAfterSeconds = 0,
): number {
  const grown = Math.min(first * 1.5 ** Math.min(tries - 1, 50), Math.max(longestPause, first))
  return Math.max(Math.round(grown * (0.8 + random * 0.4)), retryAfterSeconds * 1000)
}
