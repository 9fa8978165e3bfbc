import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const needed = {
  'gnome-keyring-daemon': 'gnome-keyring',
  'secret-tool': 'libsecret-tools',
  'dbus-run-session': 'dbus',
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

  /** A bus configuration that offers no service to start. */
  bareBus(): string {
    const path = join(this.folder, 'bare-bus.conf')
    writeFileSync(
      path,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${this.runtime}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
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

/** Shell: a Secret Service whose login keyring is open. `printf`, as a newline would become part of the password. */
export const unlock =
  'eval "$(printf %s pw | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null | sed "s/^/export /")"'

/** Shell: a Secret Service that nobody has unlocked. */
export const start = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1'
