import { describe, expect, it } from 'vitest'
import { findApplications, searchFor } from '../../../../src/core/graph/find-applications.ts'
import type { Graph } from '../../../../src/core/graph/graph.ts'
import { appFrom } from '../app-check/apps.ts'

const guid = 'DE5C0000-0000-4000-a000-000000000003'

describe('what Graph is asked for', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['*', undefined],
    ['My*App', "startswith(displayName,'My')"],
    ["O'N*", "startswith(displayName,'O''N')"],
    ['*App', undefined],
    [guid, `appId eq '${guid}'`],
    ['api://contoso-api', "identifierUris/any(uri:uri eq 'api://contoso-api')"],
    ['api://con*', "identifierUris/any(uri:startswith(uri,'api://con'))"],
    ['urn:contoso:api', "identifierUris/any(uri:uri eq 'urn:contoso:api')"],
    ["https://x' or 1 eq 1", "identifierUris/any(uri:uri eq 'https://x'' or 1 eq 1')"],
  ])('%j: %s', (text, filter) => {
    const { query, isAdvanced } = searchFor(text).question
    expect([query?.['$filter'], query?.['$search'], isAdvanced]).toEqual([filter, undefined, false])
  })

  it.each([
    ['payroll', '"displayName:payroll"'],
    ['payroll job', '"displayName:payroll job"'],
    ['R&D "portal"', '"displayName:R D portal"'],
    ['Žižková 山田', '"displayName:Žižková 山田"'],
  ])('%j without wildcards: the words %s', (text, search) => {
    const { query, isAdvanced } = searchFor(text).question
    expect([query?.['$filter'], query?.['$search'], isAdvanced]).toEqual([undefined, search, true])
  })

  it('is everything for symbols alone, which are looked for here', () => {
    const { question, isMeant } = searchFor('&&')
    expect(question.query?.['$search']).toBeUndefined()
    expect(isMeant(appFrom({ displayName: 'A && B' }))).toBe(true)
    expect(isMeant(appFrom({ displayName: 'A & B' }))).toBe(false)
  })
})

describe('what is found', () => {
  const entities = ['Zeta App', 'my app', 'My Great App', 'Mystery', 'My app'].map((displayName, index) => ({
    displayName,
    appId: `0000000${index}-0000-4000-a000-000000000000`,
  }))
  const graph: Graph = {
    object: () => Promise.reject(new Error('nobody asks for one')),
    collection: async function* () {
      yield* [...entities, { displayName: 'My broken App' }]
    },
  }
  const names = async (text: string, limit?: number) => {
    const { applications, isCut } = await findApplications(graph, searchFor(text), limit)
    return [applications.map(({ displayName }) => displayName), isCut]
  }

  it('matches the pattern as a whole, in the order of names', async () => {
    expect(await names('My*App')).toEqual([['my app', 'My app', 'My Great App'], false])
  })

  it('ends at the limit, and says so', async () => {
    expect(await names('My*App', 2)).toEqual([['my app', 'My Great App'], true])
    expect(await names('My*App', 3)).toEqual([['my app', 'My app', 'My Great App'], false])
  })
})
