import type { DecodedToken, JsonObject } from '../jwt/decode.ts'
import { compactJson } from './json.ts'
import { parseJsonTree, stringIn, type JsonMember, type JsonTree } from './json-tree.ts'

/** Judges a text by itself and by the name of the innermost member around it. */
export type SecretRule = (name: string, text: string) => boolean

/**
 * The same token with a remark in place of each text in it that must not be shown, and of each name that holds one: what
 * is made of it cannot show what is not there. The signature stays; it is for its length alone.
 */
export function concealedToken({ signature, json }: DecodedToken, isSecret: SecretRule): DecodedToken {
  const header = compactJson(concealed(parseJsonTree(json.header), isSecret, ''))
  const payload = compactJson(concealed(parseJsonTree(json.payload), isSecret, ''))
  return {
    header: JSON.parse(header) as JsonObject,
    payload: JSON.parse(payload) as JsonObject,
    signature,
    json: { header, payload },
  }
}

function concealed(tree: JsonTree, isSecret: SecretRule, name: string): JsonTree {
  switch (tree.kind) {
    case 'object':
      return { kind: 'object', members: tree.members.map((member) => concealedMember(member, isSecret)) }
    case 'array':
      return { kind: 'array', items: tree.items.map((item) => concealed(item, isSecret, name)) }
    case 'string': {
      const text = stringIn(tree.text)
      return text !== '' && isSecret(name, text) ? { kind: 'string', text: remark(text) } : tree
    }
    case 'number':
      return tree.text.length > 24 || isSecret(name, tree.text)
        ? { kind: 'string', text: remark(tree.text) }
        : tree
    case 'literal':
      return tree
  }
}

function concealedMember({ nameText, value }: JsonMember, isSecret: SecretRule): JsonMember {
  const name = stringIn(nameText)
  return {
    nameText: isSecret('', name) ? remark(name) : nameText,
    value: concealed(value, isSecret, name),
  }
}

function remark(text: string): string {
  return JSON.stringify(`[left out, ${text.length} characters]`)
}
