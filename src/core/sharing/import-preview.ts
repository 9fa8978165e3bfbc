import { changesOf, type FieldChange, type ImportStep, type SecretFates } from './plan-import.ts'

/** What an import would do, as data. No secret is in it, only what becomes of it. */
export interface ImportPreview {
  readonly profiles: readonly StepPreview[]
}

export interface StepPreview {
  readonly name: string
  readonly action: ImportStep['kind']
  readonly renamedFrom?: string
  /** Whether the import fails without --overwrite, --skip or --rename. */
  readonly needsDecision?: true
  readonly changes?: readonly FieldChange[]
  readonly secrets?: SecretFates
}

/** @param undecided the names for which nobody said what to do */
export function importPreview(steps: readonly ImportStep[], undecided: readonly string[]): ImportPreview {
  return { profiles: steps.map((step) => stepPreview(step, undecided)) }
}

function stepPreview(step: ImportStep, undecided: readonly string[]): StepPreview {
  const { name, kind: action } = step
  switch (step.kind) {
    case 'add': {
      const { profile, fates, renamedFrom } = step
      return { name, action, renamedFrom, changes: changesOf({}, profile.record), secrets: fates }
    }
    case 'replace': {
      const changes = changesOf(step.old, step.profile.record)
      return {
        name,
        action,
        needsDecision: undecided.includes(name) ? true : undefined,
        changes,
        secrets: step.fates,
      }
    }
    case 'skip':
    case 'unchanged':
      return { name, action }
  }
}
