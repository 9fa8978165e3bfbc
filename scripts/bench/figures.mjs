// What is made of measured numbers. Pure.

/** The one in the middle; the lower of two. @throws RangeError for none */
export const median = (numbers) => quantile(numbers, 0.5)

/** The one below which that share of them lies: 0 is the least. @throws RangeError for none */
export function quantile(numbers, share) {
  if (numbers.length === 0) throw new RangeError('nothing was measured')
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length - 1) * share))]
}

/**
 * How a figure stands to what is wanted of it.
 * @param bar `{ most }` or `{ least }`; `unit` follows the number, `shown` stands in its place
 * @returns `{ text, met }`, such as `≤ 1.25: missed`
 */
export function judged(figure, { most, least, unit = '', shown = String(most ?? least) }) {
  const met = most === undefined ? figure >= least : figure <= most
  const sign = most === undefined ? '≥' : '≤'
  return { text: `${sign} ${shown}${unit}: ${met ? 'met' : 'missed'}`, met }
}

/** Milliseconds for people: `23.2 ms`, and from ten seconds on `12.3 s`. */
export function duration(milliseconds) {
  if (milliseconds === undefined) return 'not told'
  return milliseconds < 10_000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** Bytes in millions, as disks are sold: `13.4 MB` */
export const megabytes = (bytes) => (bytes === undefined ? 'not told' : `${(bytes / 1e6).toFixed(1)} MB`)

export const count = (number) => number.toLocaleString('en-US')

/** `1.56`, and of what is less than a tenth two digits: `0.035` */
export function ratio(number) {
  if (!Number.isFinite(number)) return 'not told'
  return number < 0.1 ? number.toFixed(3) : number.toFixed(2)
}
