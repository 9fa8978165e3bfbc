import { cloudNamed, graphUrlOf, parseAuthority } from '../../core/clouds.ts'
import { credentialOf } from '../../core/profiles/credential-record.ts'
import type { ProfileEdit } from '../../core/profiles/edit-profile.ts'
import { naturalFlow, type Credential } from '../../core/profiles/profile.ts'
import {
  textField,
  valueOf,
  type ProfileField,
  type ProfileRecord,
} from '../../core/profiles/record-fields.ts'
import { parseScopes } from '../../core/scopes.ts'
import { parseFlow } from '../../core/flows/flow.ts'
import type { Choice } from '../../ui/prompts.ts'
import { credentialText } from './view-of-profile.ts'

/** What the menu of `config edit` offers to change. */
export type MenuField =
  | 'name'
  | 'credential'
  | 'tenantId'
  | 'clientId'
  | 'scopes'
  | 'defaultFlow'
  | 'redirectUri'
  | 'cloud'
  | 'graphUrl'
  | 'caFile'
  | 'clientCapabilities'

interface Row {
  readonly field: MenuField
  readonly label: string
  readonly text: string
}

/**
 * The menu: every field with what it is now, or what stands for it where nothing is written, and what was changed marked
 * so. Pure; a line is never wider than the terminal.
 * @param record as it was read
 * @param changed the same with the changes so far
 */
export function menuItems(
  record: ProfileRecord,
  changed: ProfileRecord,
  edit: ProfileEdit,
  columns: number,
): readonly Choice<MenuField | 'save' | 'leave'>[] {
  const before = new Map(rowsOf(record).map(({ field, text }) => [field, text]))
  const rows = rowsOf(changed).map(({ field, label, text }) => {
    const isChanged = before.get(field) !== text || (field === 'credential' && edit.secrets !== undefined)
    return { value: field, label: fitted(label, text, isChanged ? ' (changed)' : '', columns) }
  })
  const count = changeCount(edit)
  const save = count === 0 ? [] : [{ value: 'save' as const, label: 'Save and quit' }]
  const leave = { value: 'leave' as const, label: count === 0 ? 'Quit' : 'Quit without saving' }
  return [...rows, ...save, leave]
}

/** How many things an edit changes, as a person counts them: a credential is one. */
export function changeCount({ fields, rename, secrets }: ProfileEdit): number {
  const single: readonly ProfileField[] = [
    'tenantId',
    'clientId',
    'scopes',
    'defaultFlow',
    'redirectUri',
    'graphUrl',
    'caFile',
    'clientCapabilities',
  ]
  // A credential takes the ids and the flow away that do not go with it: that is no change of its own.
  const counted = single.filter(
    (field) => field in fields && (secrets === undefined || fields[field] !== undefined),
  )
  const place = 'cloud' in fields || 'authority' in fields
  return counted.length + [place, rename !== undefined, secrets !== undefined].filter(Boolean).length
}

/** The prompt library counts the colours of the guide before it as columns: fifteen are taken. */
function fitted(label: string, text: string, ending: string, columns: number): string {
  const room = Math.max(columns - 15 - labelWidth - ending.length, 8)
  const shown = text.length <= room ? text : `${text.slice(0, room - 1)}…`
  return `${label.padEnd(labelWidth)}${shown}${ending}`
}

const labelWidth = 'Capabilities'.length + 2

function rowsOf(record: ProfileRecord): readonly Row[] {
  const credential = quietly(() => credentialOf(record))
  const isManaged = credential?.kind === 'managed-identity'
  const app = isManaged
    ? []
    : ([
        { field: 'tenantId', label: 'Tenant ID', text: textField(record, 'tenantId') ?? missing },
        { field: 'clientId', label: 'Client ID', text: textField(record, 'clientId') ?? missing },
      ] as const)
  const authority = authorityOf(record)
  const graph = textField(record, 'graphUrl') ?? graphUrlOf(authority)
  const place = isManaged
    ? []
    : ([
        {
          field: 'redirectUri',
          label: 'Redirect URI',
          text: writtenText(record, 'redirectUri') ?? 'http://localhost (default)',
        },
        { field: 'cloud', label: 'Cloud', text: cloudText(record) },
      ] as const)
  return [
    { field: 'name', label: 'Name', text: textField(record, 'name') ?? missing },
    { field: 'credential', label: 'Credential', text: credential ? credentialText(credential) : missing },
    ...app,
    {
      field: 'scopes',
      label: 'Scopes',
      text: writtenText(record, 'scopes') ?? `${graph}/.default (default)`,
    },
    { field: 'defaultFlow', label: 'Flow', text: flowText(record, credential) },
    ...place,
    { field: 'graphUrl', label: 'Graph URL', text: textField(record, 'graphUrl') ?? `${graph} (default)` },
    { field: 'caFile', label: 'CA file', text: textField(record, 'caFile') ?? none },
    {
      field: 'clientCapabilities',
      label: 'Capabilities',
      text: writtenText(record, 'clientCapabilities') ?? none,
    },
  ]
}

const missing = '(missing)'
const none = '(none)'

/** A field as one line to be edited; undefined where nothing is written. */
export function writtenText(
  record: ProfileRecord,
  field: 'scopes' | 'redirectUri' | 'graphUrl' | 'caFile' | 'clientCapabilities',
): string | undefined {
  const value = valueOf(record, field)
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  const text = Array.isArray(value) ? texts.join(' ') : textField(record, field)
  return field === 'scopes' && text !== undefined
    ? parseScopes([text]).join(' ') || undefined
    : text || undefined
}

function flowText(record: ProfileRecord, credential: Credential | undefined): string {
  const written = textField(record, 'defaultFlow')
  if (written !== undefined) return quietly(() => parseFlow(written)) ?? written
  return credential ? `${naturalFlow({ credential, defaultFlow: undefined })} (by the credential)` : missing
}

function cloudText(record: ProfileRecord): string {
  return textField(record, 'authority') ?? textField(record, 'cloud') ?? 'public (default)'
}

function authorityOf(record: ProfileRecord): string {
  const written = textField(record, 'authority')
  const read = () =>
    written === undefined
      ? cloudNamed(textField(record, 'cloud') ?? 'public').authority
      : parseAuthority(written).authority
  return quietly(read) ?? cloudNamed('public').authority
}

/** What is wrong with a field is seen when it is saved. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
