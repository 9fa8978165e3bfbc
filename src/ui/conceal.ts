import type { DecodedToken, JsonObject } from '../jwt/decode.ts'
import { escapeUnsafe } from './json.ts'
import { JsonReader, stringIn } from './json-reader.ts'

/** Judges a text by itself and by the name of the innermost member around it. */
export type SecretRule = (name: string, text: string) => boolean

/**
 * The same token with a remark in place of each text in it that must not be shown, and of each name that holds one: what
 * is made of it cannot show what is not there. The signature stays; it is for its length alone.
 */
export function concealedToken({ signature, json }: DecodedToken, isSecret: SecretRule): DecodedToken {
  const header = concealed(new JsonReader(json.header), isSecret, '')
  const payload = concealed(new JsonReader(json.payload), isSecret, '')
  return {
    header: JSON.parse(header) as JsonObject,
    payload: JSON.parse(payload) as JsonObject,
    signature,
    json: { header, payload },
  }
}

/** The next value on one line, harmless for a terminal. */
function concealed(reader: JsonReader, isSecret: SecretRule, name: string): string {
  switch (reader.kind()) {
    case 'object': {
      const members: string[] = []
      reader.object((nameText) => members.push(concealedMember(nameText, reader, isSecret)))
      return `{${members.join(',')}}`
    }
    case 'array': {
      const items: string[] = []
      reader.array(() => items.push(concealed(reader, isSecret, name)))
      return `[${items.join(',')}]`
    }
    case 'string': {
      const written = reader.scalar()
      const text = stringIn(written)
      return text !== '' && isSecret(name, text) ? remark(text) : escapeUnsafe(written)
    }
    case 'number': {
      const written = reader.scalar()
      return written.length > 24 || isSecret(name, written) ? remark(written) : written
    }
    case 'literal':
      return reader.scalar()
  }
}

function concealedMember(nameText: string, reader: JsonReader, isSecret: SecretRule): string {
  const name = stringIn(nameText)
  const shown = isSecret('', name) ? remark(name) : escapeUnsafe(nameText)
  return `${shown}:${concealed(reader, isSecret, name)}`
}

function remark(text: string): string {
  return JSON.stringify(`[left out, ${text.length} characters]`)
}
