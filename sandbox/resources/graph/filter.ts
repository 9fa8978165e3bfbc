import { badRequest, unsupportedQuery } from './failure.ts'
import { filterTokens, type FilterToken } from './filter-tokens.ts'

/** A `$filter` understood. */
export interface Filter {
  matches(entity: Readonly<Record<string, unknown>>): boolean
  /** The first operator that Graph offers in advanced queries alone. */
  readonly advancedOperator: string | undefined
}

/** What of a filter depends on the collection. */
export interface FilterSchema {
  /** As in error texts: `microsoft.graph.user`. */
  readonly type: string
  /** Undefined lets every name pass. */
  readonly properties: ReadonlySet<string> | undefined
  readonly supportsEndsWith: readonly string[]
}

type Literal = string | number | boolean | null
type Test = (entity: Readonly<Record<string, unknown>>) => boolean

/**
 * Reads the part of OData's filter language that Graph offers on directory objects: `eq`, `ne`, `ge`, `le`, `in`, `and`,
 * `or`, `not`, parentheses, `startswith`, `endswith` and `any`. Strings are compared without regard to case, as Graph does.
 * @throws GraphFailure what cannot be read, an unknown property, or an operator the property does not support
 * @see https://learn.microsoft.com/graph/filter-query-parameter
 */
export function parseFilter(filter: string, schema: FilterSchema): Filter {
  const parser = new FilterParser(filter, schema)
  return { matches: parser.parse(), advancedOperator: parser.advancedOperator }
}

class FilterParser {
  advancedOperator: string | undefined
  private readonly filter: string
  private readonly schema: FilterSchema
  private readonly tokens: readonly FilterToken[]
  private index = 0
  /** The variables of the lambdas being read: `n` in `names/any(n:n eq 'a')`. */
  private readonly variables: string[] = []

  constructor(filter: string, schema: FilterSchema) {
    this.filter = filter
    this.schema = schema
    this.tokens = filterTokens(filter)
  }

  parse(): Test {
    const test = this.disjunction()
    if (this.tokens[this.index] !== undefined) throw this.syntaxError()
    return test
  }

  private disjunction(): Test {
    let test = this.conjunction()
    while (this.takeWord('or')) {
      const [left, right] = [test, this.conjunction()]
      test = (entity) => left(entity) || right(entity)
    }
    return test
  }

  private conjunction(): Test {
    let test = this.negation()
    while (this.takeWord('and')) {
      const [left, right] = [test, this.negation()]
      test = (entity) => left(entity) && right(entity)
    }
    return test
  }

  private negation(): Test {
    if (!this.takeWord('not')) return this.primary()
    this.needsAdvanced('not')
    const test = this.negation()
    return (entity) => !test(entity)
  }

  private primary(): Test {
    if (this.takeSymbol('(')) {
      const test = this.disjunction()
      this.expectSymbol(')')
      return test
    }
    const word = this.expectWord()
    if (this.takeSymbol('(')) return word.endsWith('/any') ? this.lambda(word.slice(0, -4)) : this.call(word)
    return this.comparison(word)
  }

  private comparison(name: string): Test {
    const property = this.property(name)
    const operator = this.expectWord().toLowerCase()
    if (operator === 'in') {
      const choices = this.literals()
      return (entity) => choices.some((choice) => isEqual(valueAt(entity, property), choice))
    }
    const literal = this.literal()
    switch (operator) {
      case 'eq':
        return (entity) => isEqual(valueAt(entity, property), literal)
      case 'ne':
        this.needsAdvanced('ne')
        return (entity) => !isEqual(valueAt(entity, property), literal)
      case 'ge':
        return (entity) => order(valueAt(entity, property), literal) >= 0
      case 'le':
        return (entity) => order(valueAt(entity, property), literal) <= 0
      default:
        throw this.unsupported(property)
    }
  }

  private call(name: string): Test {
    const property = this.property(this.expectWord())
    this.expectSymbol(',')
    const literal = this.literal()
    this.expectSymbol(')')
    if (typeof literal !== 'string') throw this.syntaxError()
    const wanted = !this.takeWord('eq') || this.literal() === true
    const text = fold(literal)
    switch (name.toLowerCase()) {
      case 'startswith':
        return (entity) => textAt(entity, property).startsWith(text) === wanted
      case 'endswith':
        if (!this.schema.supportsEndsWith.includes(property)) throw this.unsupported(property)
        this.needsAdvanced('endsWith')
        return (entity) => textAt(entity, property).endsWith(text) === wanted
      case 'contains':
        // No property of a directory object supports it, so clients that guess it must learn so here.
        throw this.unsupported(property)
      default:
        throw badRequest(`Invalid filter clause: An unknown function with name '${name}' was found.`)
    }
  }

  /** `identifierUris/any(uri:uri eq 'api://a')`, when `any` and its parenthesis have been read. */
  private lambda(collection: string): Test {
    const property = this.property(collection)
    const variable = this.expectWord()
    this.expectSymbol(':')
    this.variables.push(variable)
    const test = this.disjunction()
    this.variables.pop()
    this.expectSymbol(')')
    return (entity) => {
      const items = valueAt(entity, property)
      return Array.isArray(items) && items.some((item: unknown) => test({ ...entity, [variable]: item }))
    }
  }

  private property(name: string): string {
    const [first = ''] = name.split('/')
    const isKnown = this.schema.properties?.has(first) ?? true
    if (!isKnown && !this.variables.includes(first)) {
      throw badRequest(
        `Invalid filter clause: Could not find a property named '${first}' on type '${this.schema.type}'.`,
      )
    }
    return name
  }

  private literals(): readonly Literal[] {
    this.expectSymbol('(')
    const literals = [this.literal()]
    while (this.takeSymbol(',')) literals.push(this.literal())
    this.expectSymbol(')')
    return literals
  }

  private literal(): Literal {
    const token = this.tokens[this.index]
    if (token === undefined || token.kind === 'symbol') throw this.syntaxError()
    const keywords: Readonly<Record<string, Literal>> = { true: true, false: false, null: null }
    const keyword = keywords[token.text]
    if (token.kind === 'word' && keyword === undefined) throw this.syntaxError()
    this.index += 1
    if (token.kind === 'word') return keyword ?? null
    return token.kind === 'number' ? Number(token.text) : token.text
  }

  private takeWord(word: string): boolean {
    return this.take('word', word)
  }

  private takeSymbol(symbol: string): boolean {
    return this.take('symbol', symbol)
  }

  private take(kind: FilterToken['kind'], text: string): boolean {
    const token = this.tokens[this.index]
    const isIt = token?.kind === kind && token.text.toLowerCase() === text
    if (isIt) this.index += 1
    return isIt
  }

  private expectWord(): string {
    const token = this.tokens[this.index]
    if (token?.kind !== 'word') throw this.syntaxError()
    this.index += 1
    return token.text
  }

  private expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.syntaxError()
  }

  private needsAdvanced(operator: string): void {
    this.advancedOperator ??= operator
  }

  private syntaxError() {
    const position = this.tokens[this.index]?.position ?? this.filter.length
    return badRequest(`Invalid filter clause: Syntax error at position ${position} in '${this.filter}'.`)
  }

  private unsupported(property: string) {
    const resource = this.schema.type.split('.').at(-1) ?? ''
    const named = resource.charAt(0).toUpperCase() + resource.slice(1)
    return unsupportedQuery(
      `Unsupported or invalid query filter clause specified for property '${property}' of resource '${named}'.`,
    )
  }
}

function valueAt(entity: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      entity,
    )
}

function textAt(entity: Readonly<Record<string, unknown>>, path: string): string {
  const value = valueAt(entity, path)
  return typeof value === 'string' ? fold(value) : ''
}

function isEqual(value: unknown, literal: Literal): boolean {
  if (typeof value === 'string' && typeof literal === 'string') return fold(value) === fold(literal)
  return (value ?? null) === literal
}

/** Below, at or above zero; not a number where the two cannot be compared, so that no comparison holds. */
function order(value: unknown, literal: Literal): number {
  if (typeof value === 'string' && typeof literal === 'string') {
    const [left, right] = [fold(value), fold(literal)]
    return left < right ? -1 : Number(left > right)
  }
  return typeof value === 'number' && typeof literal === 'number' ? value - literal : Number.NaN
}

function fold(text: string): string {
  return text.toLowerCase()
}
