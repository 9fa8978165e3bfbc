import { execFile, execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const needed = {
  'gnome-keyring-daemon': 'gnome-keyring',
  'secret-tool': 'libsecret-tools',
  'dbus-run-session': 'dbus',
  'dbus-send': 'dbus',
}

/** Says which Debian packages to install, instead of letting every test fail in its own words. */
export function requireTools(): void {
  const missing = Object.entries(needed).filter(([tool]) => {
    try {
      execFileSync('sh', ['-c', `command -v ${tool}`])
      return false
    } catch {
      return true
    }
  })
  if (missing.length) {
    throw new Error(`missing: install ${missing.map(([, name]) => name).join(' ')} with apt-get install`)
  }
}

/** A person's home on a machine of its own, as far as keyrings can tell. */
export class Home {
  readonly folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-keyring-'))
  readonly runtime = join(this.folder, 'run')

  constructor() {
    mkdirSync(this.runtime, { mode: 0o700 })
    mkdirSync(join(this.folder, '.local', 'share'), { recursive: true })
  }

  get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.folder,
      XDG_RUNTIME_DIR: this.runtime,
      XDG_DATA_HOME: join(this.folder, '.local', 'share'),
      LC_ALL: 'C',
    }
  }

  /** Runs a shell script in a D-Bus session that ends with it. */
  async inSession(script: string, options: readonly string[] = []): Promise<string> {
    return this.#run('dbus-run-session', [...options, '--', 'bash', '-euc', script])
  }

  /** Runs a shell script without any bus. */
  async withoutSession(script: string): Promise<string> {
    return this.#run('bash', ['-euc', script])
  }

  /**
   * A bus configuration that offers no service to start.
   * @param refusals rules that turn connections away, such as `<deny user="*"/>`
   */
  bareBus(refusals = ''): string {
    return this.#bus(refusals)
  }

  /** A bus configuration that offers these services to start: what each is called, and the command line that starts it. */
  busWith(services: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, 'services')
    mkdirSync(folder)
    for (const [name, program] of Object.entries(services)) {
      const lines = ['[D-BUS Service]', `Name=${name}`, `Exec=${program}`, '']
      writeFileSync(join(folder, `${name}.service`), lines.join('\n'))
    }
    return this.#bus('', `<servicedir>${folder}</servicedir>`)
  }

  /** A shell script as a program of its own; its path. */
  script(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o700 })
    return path
  }

  /** A program that a bus starts and that does nothing until the bus ends. Where there is a pipe `asked`, it says so there. */
  staysUntilTheBusEnds(): string {
    return this.script(
      'stays',
      `[ ! -p "$HOME/asked" ] || echo >"$HOME/asked"; exec tail --pid=$PPID -f /dev/null`,
    )
  }

  /** gnome-keyring under another name, which makes it a keychain that may ask at every access. */
  impostor(name: string): string {
    const path = join(this.folder, name)
    copyFileSync(
      execFileSync('sh', ['-c', 'command -v gnome-keyring-daemon'], { encoding: 'utf8' }).trim(),
      path,
    )
    return path
  }

  #bus(refusals: string, services = ''): string {
    const path = join(this.folder, 'bus.conf')
    writeFileSync(
      path,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${this.runtime}</listen>
  ${services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    ${refusals}
  </policy>
</busconfig>
`,
    )
    return `--config-file=${path}`
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #run(program: string, given: readonly string[]): Promise<string> {
    const { stdout } = await run(program, given, {
      env: this.environment,
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    return stdout
  }
}

const askBus = (member: string) =>
  `dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.${member} string:org.freedesktop.secrets`

/** Shell: waits until the bus knows a Secret Service. */
export const untilOwned = `until ${askBus('NameHasOwner')} | grep -q true; do :; done`

/**
 * Shell: a Secret Service whose login keyring is open and which the bus knows: who calls before that has the bus start
 * another one, which is locked. `printf`, as a newline would become part of the password.
 * @param daemon gnome-keyring's program, whatever it is called
 */
export const unlockedBy = (daemon: string) =>
  `eval "$(printf %s pw | ${daemon} --unlock --components=secrets 2>/dev/null | sed "s/^/export /")"; ${untilOwned}`

/** Shell: gnome-keyring, its login keyring open. */
export const unlock = unlockedBy('gnome-keyring-daemon')

/** Shell: a Secret Service that nobody has unlocked. */
export const start = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1'

/** Shell: closes the login keyring, as a screen lock may. Not with `secret-tool lock`: Debian 12's crashes at it. */
export const lock =
  'dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets ' +
  'org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null'

/** Shell: `$daemon` becomes the process id of the Secret Service, which may still be on its way to the bus. */
export const findDaemon = `until daemon=$(${askBus('GetConnectionUnixProcessID')} 2>/dev/null); do :; done; daemon=\${daemon##* }`

/** Shell: waits until the bus has noticed that the Secret Service is gone. */
export const untilGone = `while ${askBus('NameHasOwner')} | grep -q true; do :; done`
