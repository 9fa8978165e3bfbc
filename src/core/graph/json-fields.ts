/** An object out of a server's JSON. Its fields may be missing or of any kind: they are read with the functions here. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text that is not empty; undefined for anything else. */
export function textAt(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An object; one without fields where there is none. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  return isJsonObject(value) ? value : {}
}

/** The objects in a list. */
export function objectsAt(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

/** The texts in a list. */
export function textsAt(object: JsonObject, name: string): readonly string[] {
  const value = object[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** A time written as in ISO 8601; undefined where it is none. */
export function dateAt(object: JsonObject, name: string): Date | undefined {
  const time = new Date(textAt(object, name) ?? Number.NaN)
  return Number.isNaN(time.getTime()) ? undefined : time
}
