import { stringify, type ScalarTag } from 'yaml'
import { stringIn, type JsonMember, type JsonTree } from './json-tree.ts'
import { escapeUnsafe } from './json.ts'
import { safeText } from './safe-text.ts'

/** A scalar whose JSON text goes into the YAML as it is: YAML 1.2 reads JSON's numbers and quoted strings. */
class AsWritten {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const asWritten: ScalarTag = {
  tag: 'tag:entra-auth-cli,2026:as-written',
  default: true,
  identify: (value) => value instanceof AsWritten,
  resolve: (text) => text,
  stringify: ({ value }) => (value as AsWritten).text,
}

/**
 * YAML 1.2 in block style, names and digits as in the JSON. Strings are quoted where an older reader would take them for
 * something else, and where a terminal might act on what is in them. Of a repeated name the last one stays, as YAML
 * forbids repeating.
 * @see https://yaml.org/spec/1.2.2/
 */
export function formatYaml(tree: JsonTree): string {
  return stringify(toYaml(tree), {
    customTags: [asWritten],
    compat: 'yaml-1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })
}

function toYaml(tree: JsonTree): unknown {
  switch (tree.kind) {
    case 'object':
      return mapOf(tree.members)
    case 'array':
      return tree.items.map(toYaml)
    case 'string':
      return stringOf(tree.text)
    case 'number':
      return new AsWritten(tree.text)
    case 'literal':
      return JSON.parse(tree.text)
  }
}

function mapOf(members: readonly JsonMember[]): Map<unknown, unknown> {
  const lastOfEachName = new Map(members.map((member) => [stringIn(member.nameText), member]))
  const pairs = [...lastOfEachName.values()].map(
    ({ nameText, value }) => [stringOf(nameText), toYaml(value)] as const,
  )
  return new Map<unknown, unknown>(pairs)
}

function stringOf(text: string): string | AsWritten {
  const plain = stringIn(text)
  return safeText(plain) === plain ? plain : new AsWritten(escapeUnsafe(text))
}
