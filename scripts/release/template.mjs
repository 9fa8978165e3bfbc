// Templates hold their gaps as {{name}}.
import { readFileSync } from 'node:fs'

/** @throws Error for a gap that nothing fills */
export function fill(template, values) {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`nothing fills {{${name}}}`)
    return values[name]
  })
}

export const fillFile = (path, values) => fill(readFileSync(path, 'utf8'), values)
