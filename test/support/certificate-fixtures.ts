import { readFileSync } from 'node:fs'

const folder = new URL('../fixtures/certificates/', import.meta.url)

/** A file of `test/fixtures/certificates/`; its README says what they are. */
export const certificateFixture = (name: string): Buffer => readFileSync(new URL(name, folder))
