/** The forms variables can be printed in: for a shell to read, for `docker --env-file`, for a program. */
export const variableForms = ['sh', 'fish', 'pwsh', 'dotenv', 'json'] as const

export type VariableForm = (typeof variableForms)[number]

/** Variables as lines of a shell, or as one JSON object. */
export function variablesText(variables: Readonly<Record<string, string>>, form: VariableForm): string {
  if (form === 'json') return JSON.stringify(variables, undefined, 2)
  return Object.entries(variables)
    .map(([name, value]) => lineOf(name, value, form))
    .join('\n')
}

function lineOf(name: string, value: string, form: Exclude<VariableForm, 'json'>): string {
  switch (form) {
    case 'sh':
      return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`
    case 'fish':
      return `set -gx ${name} '${value.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`
    case 'pwsh':
      return `$env:${name} = '${value.replaceAll("'", "''")}'`
    case 'dotenv':
      // As it is: Docker takes quotes for a part of the value.
      return `${name}=${value}`
  }
}
