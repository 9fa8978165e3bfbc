// What Homebrew, Scoop and winget want to know of a release, by the paths they want it at.
import { fillFile } from './template.mjs'
import { executableName } from './targets.mjs'

const templates = {
  'homebrew/entra-auth-cli.rb': 'entra-auth-cli.rb',
  'scoop/entra-auth-cli.json': 'scoop.json',
  'winget/{{publisher}}.entra-auth-cli.yaml': 'winget/version.yaml',
  'winget/{{publisher}}.entra-auth-cli.installer.yaml': 'winget/installer.yaml',
  'winget/{{publisher}}.entra-auth-cli.locale.en-US.yaml': 'winget/locale.yaml',
}

/**
 * @param repository `OWNER/NAME` on GitHub, whose releases they download from
 * @param sha256Of the hash of an executable, by its name
 * @returns texts by path
 */
export function manifests({ version, description, license, repository, moment }, sha256Of) {
  const [publisher] = repository.split('/')
  const homepage = `https://github.com/${repository}`
  const values = {
    version,
    publisher,
    description: description.replace(/\.$/, ''),
    licence: license,
    homepage,
    date: moment.toISOString().slice(0, 10),
  }
  for (const platform of [
    'linux-x64',
    'linux-arm64',
    'darwin-x64',
    'darwin-arm64',
    'windows-x64',
    'windows-arm64',
  ]) {
    const file = executableName(version, platform)
    const word = platform.replace('-', '_')
    values[`${word}_url`] = `${homepage}/releases/download/v${version}/${file}`
    values[`${word}_file`] = file
    values[`${word}_sha256`] = sha256Of(file)
  }
  return Object.fromEntries(
    Object.entries(templates).map(([path, template]) => [
      path.replace('{{publisher}}', publisher),
      fillFile(`packaging/templates/${template}`, values),
    ]),
  )
}
