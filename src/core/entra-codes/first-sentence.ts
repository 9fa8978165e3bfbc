/** Far more than any sentence of Entra, far less than a screen. */
const longestSentence = 300
// What follows the text of an error where it was cut out of a JSON text, an address or the frame of a library.
const end = /\.\s|\.$|[\r\n<]|\s?\bTrace[ _]?ID:|\s-\sCorrelation ID:|["'],|["']\s?\}|&[a-z_]+=/i
// Nothing that proves anybody is repeated, wherever the text came from.
const token = /eyJ[\w-]{8,}(?:\.[\w-]*)*/g

/**
 * The first sentence of what an authority wrote, without its number and the ids behind it, at most 300 characters. It is
 * foreign text: whoever shows it makes it safe.
 * @returns an empty text where there is none
 */
export function firstSentence(description: string): string {
  const withoutNumber = description.slice(0, 20_000).replace(/^.*?AADSTS\d+:\s*/s, '')
  const start = withoutNumber.slice(0, 2 * longestSentence)
  // In an address, blanks are written as "+".
  const text = start.includes(' ') ? start : start.replaceAll('+', ' ')
  const [sentence = ''] = text.split(end, 1)
  return sentence.trim().replace(/\.$/, '').replace(token, '…').slice(0, longestSentence)
}
