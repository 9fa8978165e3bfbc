import type { ImportPreview, StepPreview } from '../core/sharing/import-preview.ts'
import type { FieldChange } from '../core/sharing/plan-import.ts'
import type { Paint } from './colour.ts'
import { safeText } from './safe-text.ts'

const signs = { add: '+', replace: '~', skip: '-', unchanged: '=' } as const
const words = { add: 'new', replace: 'replaced', skip: 'skipped', unchanged: 'unchanged' } as const
const colours = { add: 'green', replace: 'yellow', skip: 'dim', unchanged: 'dim' } as const

/** What an import would do, as lines for a person. Safe for a terminal. */
export function importDiff({ profiles }: ImportPreview, paint: Paint): string {
  return profiles.map((profile) => stepLines(profile, paint).join('\n')).join('\n')
}

function stepLines(step: StepPreview, paint: Paint): readonly string[] {
  const { name, action, renamedFrom, needsDecision } = step
  const notes = [
    words[action],
    renamedFrom === undefined ? [] : `was "${renamedFrom}"`,
    needsDecision ? 'exists already: needs --overwrite, --skip or --rename' : [],
  ].flat()
  return [
    paint(colours[action], `${signs[action]} ${safeText(name)} (${safeText(notes.join(', '))})`),
    ...(step.changes ?? []).filter(({ field }) => field !== 'name').map(changeLine),
    ...Object.entries(step.secrets ?? {}).map(
      ([kind, fate]) => `    ${kind.replace('-', ' ')}: ${fates[fate]}`,
    ),
  ]
}

const fates = {
  added: 'will be sealed',
  replaced: 'will be replaced',
  kept: 'is kept',
  removed: 'will be removed',
} as const

function changeLine({ field, before, after }: FieldChange): string {
  const [was, is] = [textOf(before), textOf(after)]
  const change = was === undefined ? is : `${was} → ${is ?? '(none)'}`
  return `    ${safeText(field)}: ${change}`
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return safeText(value)
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  return safeText(isList ? value.join(' ') : JSON.stringify(value))
}
