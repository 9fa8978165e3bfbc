import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const project = (name: string, options: TestProjectInlineConfiguration['test'] = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
})

// Rules and commands are quick and run side by side. What starts servers, browsers and keyrings takes its turn: these
// machines are small, and a test that waits for a processor proves nothing.
const oneAtATime = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    projects: [
      project('unit', { testTimeout: 20_000 }),
      project('commands', { testTimeout: 20_000 }),
      project('sandbox', { testTimeout: 30_000, hookTimeout: 30_000 }),
      project('support', { testTimeout: 20_000 }),
      project('scripts', oneAtATime),
      project('package', { ...oneAtATime, testTimeout: 300_000, hookTimeout: 300_000 }),
      project('public-cloud', oneAtATime),
      project('nodes', { ...oneAtATime, testTimeout: 300_000, hookTimeout: 300_000 }),
      project('torture', { ...oneAtATime, testTimeout: 180_000 }),
      project('browser', { ...oneAtATime, testTimeout: 120_000 }),
      project('terminal', { ...oneAtATime, testTimeout: 120_000 }),
      project('keyring', oneAtATime),
      project('peers', { ...oneAtATime, testTimeout: 180_000 }),
    ],
  },
})
