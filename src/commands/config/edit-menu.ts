import { cloudNamed, cloudNames, parseAuthority } from '../../core/clouds.ts'
import { flows, parseFlow, pascalName } from '../../core/flows/flow.ts'
import type { Host } from '../../core/ports.ts'
import { credentialOf } from '../../core/profiles/credential-record.ts'
import { writtenFields } from '../../core/profiles/create-profile.ts'
import {
  credentialChanges,
  editedRecord,
  type FieldChanges,
  type ProfileEdit,
} from '../../core/profiles/edit-profile.ts'
import { loadProfiles, recordNamed } from '../../core/profiles/profile-store.ts'
import { textField, type ProfileRecord } from '../../core/profiles/record-fields.ts'
import { parseScopes } from '../../core/scopes.ts'
import { EntraAuthError } from '../../errors.ts'
import type { Console } from '../../ui/console.ts'
import { askText, choose, confirm, unlessLeft } from '../../ui/prompts.ts'
import type { CommandContext } from '../command.ts'
import { askCredential, askCredentialKind, typedPath, type CredentialKind } from './ask-credential.ts'
import { applyEdit, definedOnly } from './edit.ts'
import { changeCount, menuItems, writtenText, type MenuField } from './edit-menu-items.ts'
import { clientId, factOf, profileName, tenantId, type Check } from './field-checks.ts'

/**
 * Shows everything a profile holds and lets a person change one thing after the other, until they save it all or leave.
 * Nothing is written before they save.
 */
export async function editByMenu(
  record: ProfileRecord,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { host } = context
  const name = textField(record, 'name') ?? ''
  let seen = record
  let edit: ProfileEdit = { fields: {} }
  let marked: MenuField | 'save' | 'leave' | undefined
  for (;;) {
    const picked = await unlessLeft(() => pick(seen, edit, marked, host))
    if (picked === 'save') {
      const complaint = await complaintOf(() => applyEdit(name, edit, context, console, seen))
      if (complaint === undefined) return
      console.warn(complaint)
      // What changed meanwhile is shown with the next menu; saving again then means it.
      seen = recordNamed(await loadProfiles(host), name)
    } else if (picked === undefined || picked === 'leave') {
      if (await mayLeave(edit)) {
        console.say('Nothing was changed.')
        return
      }
    } else {
      const now = editedRecord(seen, edit, host.now())
      const answer = await unlessLeft(() => ask(picked, now, seen, host))
      const next = answer ? merged(edit, answer) : edit
      marked = changeCount(next) > 0 && answer ? 'save' : picked
      edit = next
    }
  }
}

function pick(record: ProfileRecord, edit: ProfileEdit, marked: string | undefined, host: Host) {
  const { columns } = host.terminal.stderr
  const items = menuItems(record, editedRecord(record, edit, host.now()), edit, columns ?? 80)
  return choose(`Profile '${textField(record, 'name')}': what to change?`, items, marked as never)
}

/** Only what a person can mend here; the rest ends the command. */
async function complaintOf(save: () => Promise<void>): Promise<string | undefined> {
  try {
    await save()
    return undefined
  } catch (error) {
    const mendable = error instanceof EntraAuthError && ['invalid_arguments', 'general'].includes(error.code)
    if (mendable) return `${error.message}; nothing was saved`
    throw error
  }
}

async function mayLeave(edit: ProfileEdit): Promise<boolean> {
  const count = changeCount(edit)
  if (count === 0) return true
  const what = count === 1 ? 'the change' : `the ${count} changes`
  return (await unlessLeft(() => confirm(`Throw ${what} away?`, false))) ?? false
}

function merged(edit: ProfileEdit, changed: Partial<ProfileEdit>): ProfileEdit {
  // What an earlier choice of a credential took away comes back with another one.
  const taken = new Set(changed.secrets ? ['tenantId', 'clientId', 'defaultFlow'] : [])
  const kept = Object.entries(edit.fields).filter(
    ([field, value]) => !taken.has(field) || value !== undefined,
  )
  return { ...edit, ...changed, fields: { ...Object.fromEntries(kept), ...changed.fields } }
}

/**
 * Asks for one field.
 * @param record as it is with the changes so far
 * @param seen as it was without them
 */
async function ask(
  field: MenuField,
  record: ProfileRecord,
  seen: ProfileRecord,
  host: Host,
): Promise<Partial<ProfileEdit>> {
  switch (field) {
    case 'name':
      return { rename: await askText('Name', { ...present(textField(record, 'name')), check: profileName }) }
    case 'credential':
      return askProof(record, seen, host)
    case 'tenantId':
      return { fields: { tenantId: await askId('Tenant ID', textField(record, 'tenantId'), tenantId) } }
    case 'clientId':
      return { fields: { clientId: await askId('Client ID', textField(record, 'clientId'), clientId) } }
    case 'scopes': {
      const text = await askText('Scopes (empty: the default)', present(writtenText(record, 'scopes')))
      return { fields: { scopes: parseScopes([text]).length > 0 ? parseScopes([text]) : undefined } }
    }
    case 'defaultFlow':
      return { fields: await askFlow(record) }
    case 'redirectUri':
      return { fields: { redirectUri: await askOptional('Redirect URI', record, 'redirectUri', url) } }
    case 'cloud':
      return { fields: await askCloud(record) }
    case 'graphUrl':
      return { fields: { graphUrl: await askOptional('Graph URL', record, 'graphUrl', url) } }
    case 'caFile': {
      const path = await askOptional('CA file (PEM)', record, 'caFile')
      return { fields: { caFile: path === undefined ? undefined : typedPath(path, host) } }
    }
    case 'clientCapabilities': {
      const names = await askOptional('Client capabilities', record, 'clientCapabilities')
      return { fields: { clientCapabilities: names?.split(/[\s,]+/) } }
    }
  }
}

/** An id is pasted whole: what is there is shown, and stays on Enter. */
function askId(label: string, now: string | undefined, check: Check): Promise<string> {
  return askText(label, { ...(now !== undefined && { fallback: now }), check })
}

async function askOptional(
  label: string,
  record: ProfileRecord,
  field: Parameters<typeof writtenText>[1],
  check: Check = () => undefined,
): Promise<string | undefined> {
  const answer = await askText(`${label} (empty: the default)`, {
    ...present(writtenText(record, field)),
    check: (text) => (text === '' ? undefined : check(text)),
  })
  return answer === '' ? undefined : answer
}

function present(text: string | undefined): { readonly present?: string } {
  return text === undefined ? {} : { present: text }
}

const url: Check = (answer) => (URL.canParse(answer) ? undefined : 'that is not a URL')

async function askProof(
  record: ProfileRecord,
  seen: ProfileRecord,
  host: Host,
): Promise<Partial<ProfileEdit>> {
  const kind = await askCredentialKind(kindOf(record))
  const { credential, secrets } = await askCredential(kind, host)
  return { fields: credentialChanges(credential, seen), secrets }
}

function kindOf(record: ProfileRecord): CredentialKind | undefined {
  try {
    return credentialOf(record).kind
  } catch {
    return undefined
  }
}

async function askFlow(record: ProfileRecord): Promise<FieldChanges> {
  const isManaged = kindOf(record) === 'managed-identity'
  const possible = flows.filter((flow) => (flow === 'managed-identity') === isManaged)
  const now = textField(record, 'defaultFlow')
  const current = now !== undefined && factOf(() => parseFlow(now)) === undefined ? parseFlow(now) : 'default'
  const picked = await choose(
    'Flow',
    [
      { value: 'default' as const, label: 'The one that goes with the credential', hint: 'default' },
      ...possible.map((value) => ({ value })),
    ],
    current,
  )
  return { defaultFlow: picked === 'default' ? undefined : pascalName(picked) }
}

async function askCloud(record: ProfileRecord): Promise<FieldChanges> {
  const authority = textField(record, 'authority')
  const picked = await choose(
    'Cloud',
    [
      ...cloudNames.map((value) => ({ value, hint: cloudNamed(value).authority })),
      { value: 'other', label: 'another one, by the URL of its authority' },
    ],
    authority === undefined ? (textField(record, 'cloud') ?? 'public') : 'other',
  )
  if (picked !== 'other') return { cloud: picked === 'public' ? undefined : picked, authority: undefined }
  const text = await askText('Authority URL', {
    ...present(authority),
    check: (answer) => factOf(() => parseAuthority(answer)),
  })
  const written = parseAuthority(text)
  return {
    ...definedOnly(writtenFields({ tenantId: written.tenant, authority: written.authority })),
    cloud: undefined,
  }
}
