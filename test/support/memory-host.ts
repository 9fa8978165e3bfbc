import { dirname } from 'node:path'
import type {
  CommandOptions,
  CommandResult,
  FileContent,
  Files,
  Host,
  HttpRequest,
  HttpResponse,
  Keychain,
  LockHolder,
  Machine,
  MachineFacts,
  OutputStream,
  ProgramRunner,
  RedirectListener,
  Terminal,
  TokenServer,
} from '../../src/core/ports.ts'
import { EntraAuthError } from '../../src/errors.ts'

export interface MemoryHostOptions {
  readonly now?: Date
  readonly env?: Record<string, string>
  readonly platform?: NodeJS.Platform
  /** Files that exist at the start, by path. */
  readonly files?: Record<string, string | Uint8Array>
  /** What stdin holds; undefined makes it a terminal with nobody typing. */
  readonly stdin?: string | Uint8Array
  readonly stdoutIsTerminal?: boolean
  readonly stderrIsTerminal?: boolean
  readonly http?: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>
  /** Default: one that is there and empty. */
  readonly keychain?: Keychain
  readonly redirects?: RedirectListener
  readonly tokenServer?: TokenServer
  readonly programs?: ProgramRunner
  readonly openBrowser?: (url: string) => boolean | Promise<boolean>
  readonly browserObstacle?: string
  readonly machine?: Partial<MachineFacts>
  /** The proxy of every address; a function may throw. */
  readonly proxyFor?: (url: string) => string | undefined
  /** Folders that nothing can be written into. */
  readonly readOnlyFolders?: readonly string[]
  /** Default: 100 GB. */
  readonly freeBytes?: number
  /** What the shell answers to a command line. */
  readonly command?: (commandLine: string, options: CommandOptions) => CommandResult | Promise<CommandResult>
}

/** A `Host` in memory: files in a map, a clock that is set, streams that are kept, and no network unless it is given. */
export interface MemoryHost extends Host {
  readonly fileMap: Map<string, Buffer>
  /** What others may do with a file, where it is more than nothing. */
  readonly openTo: Map<string, 'read' | 'write'>
  /** Files and folders of other users. */
  readonly foreign: Set<string>
  /** When files were last changed, where it is not in 1970. */
  readonly modified: Map<string, Date>
  readonly lockHolders: Map<string, LockHolder>
  readonly clipboard: string[]
  readonly keychainItems: Map<string, Buffer>
  /** Variables that no program gets to see, beside those with our own secrets. */
  readonly hiddenVariables: Set<string>
  readonly stdout: () => string
  readonly stderr: () => string
  setNow(now: Date): void
}

/** The configuration folder of every memory host. */
export const configDirectory = '/home/test/.config/entra-auth-cli'
/** The token cache folder of every memory host. */
export const cacheDirectory = '/home/test/.msal/cache'

export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  let now = options.now ?? new Date('2026-01-31T10:00:00Z')
  const openTo = new Map<string, 'read' | 'write'>()
  const foreign = new Set<string>()
  const modified = new Map<string, Date>()
  const lockHolders = new Map<string, LockHolder>()
  const fileMap = new Map(
    Object.entries(options.files ?? {}).map(([path, text]) => [path, Buffer.from(text)]),
  )
  const keychainItems = new Map<string, Buffer>()
  const clipboard: string[] = []
  const hiddenVariables = new Set<string>()
  const stdout = memoryStream(options.stdoutIsTerminal ?? false)
  const stderr = memoryStream(options.stderrIsTerminal ?? false)
  return {
    platform: options.platform ?? 'linux',
    env: options.env ?? {},
    now: () => now,
    setNow: (value) => void (now = value),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      now = new Date(now.getTime() + milliseconds)
    },
    configDirectory,
    cacheDirectory,
    files: memoryFiles(fileMap, { openTo, foreign, modified, lockHolders }),
    openTo,
    foreign,
    modified,
    lockHolders,
    fileMap,
    keychain: options.keychain ?? memoryKeychain(keychainItems),
    keychainItems,
    http: {
      send: async (request) => {
        if (!options.http)
          throw new Error(`this test allows no network, but ${request.method} ${request.url} was sent`)
        return options.http(request)
      },
      open: async ({ body, ...request }) => {
        if (!options.http)
          throw new Error(`this test allows no network, but ${request.method} ${request.url} was sent`)
        const { body: text, ...head } = await options.http({
          ...request,
          // The narrower type is that of `send`; functions of tests look at what they expect.
          method: request.method as HttpRequest['method'],
          ...(body === undefined ? {} : { body: Buffer.from(body).toString('utf8') }),
        })
        return { ...head, body: inPiecesLater(Buffer.from(text)), discard: () => {} }
      },
      connectAhead: async () => {},
    },
    redirects: options.redirects ?? {
      open: () => Promise.reject(new Error('this test allows no redirect listener')),
    },
    tokenServer: options.tokenServer ?? {
      open: () => Promise.reject(new Error('this test allows no token server')),
      containerAddress: async () => undefined,
    },
    desktop: {
      browserObstacle: () => options.browserObstacle,
      openBrowser: async (url) => {
        if (!options.openBrowser) throw new Error(`this test allows no browser, but ${url} was opened`)
        return options.openBrowser(url)
      },
      copy: async (text) => void clipboard.push(text),
    },
    clipboard,
    terminal: memoryTerminal(options, stdout.stream, stderr.stream),
    machine: memoryMachine(fileMap, options),
    commands: {
      run: async (commandLine, how) => {
        if (!options.command) throw new Error(`this test runs no commands, but "${commandLine}" was run`)
        return options.command(commandLine, how)
      },
    },
    programs: options.programs ?? {
      run: (words) => Promise.reject(new Error(`this test runs no programs, but ${words.join(' ')} was run`)),
    },
    hideFromChildren: (variables) => variables.forEach((variable) => hiddenVariables.add(variable)),
    hiddenVariables,
    stdout: stdout.text,
    stderr: stderr.text,
  }
}

function memoryTerminal(options: MemoryHostOptions, stdout: OutputStream, stderr: OutputStream): Terminal {
  return {
    stdin: {
      isTerminal: options.stdin === undefined,
      ready: () => ({ bytes: Buffer.from(options.stdin ?? ''), isEverything: options.stdin !== undefined }),
      readAll: async () => {
        if (options.stdin === undefined)
          throw new Error('this test has a terminal with nobody typing: reading it hangs')
        return Buffer.from(options.stdin)
      },
      pieces: async function* () {
        if (options.stdin === undefined)
          throw new Error('this test has a terminal with nobody typing: reading it hangs')
        yield* inPieces(Buffer.from(options.stdin))
      },
    },
    stdout,
    stderr,
    flushed: async () => {},
  }
}

async function* inPiecesLater(content: Buffer): AsyncGenerator<Buffer, void> {
  yield* inPieces(content)
}

/** Small ones, so that lines lie across their borders. */
function* inPieces(content: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < content.length; at += 1000) yield content.subarray(at, at + 1000)
}

function memoryStream(isTerminal: boolean): { stream: OutputStream; text: () => string } {
  const written: Buffer[] = []
  const stream = {
    isTerminal,
    columns: isTerminal ? 100 : undefined,
    rows: isTerminal ? 40 : undefined,
    write: (text: string | Uint8Array) => void written.push(Buffer.from(text)),
  }
  return { stream, text: () => Buffer.concat(written).toString('utf8') }
}

function memoryMachine(map: ReadonlyMap<string, Buffer>, options: MemoryHostOptions): Machine {
  return {
    facts: async () => ({
      nodeVersion: '22.12.0',
      architecture: 'x64',
      isWsl: false,
      isContainer: false,
      isSsh: false,
      isCi: false,
      ...options.machine,
    }),
    proxyFor: async (url) => options.proxyFor?.(url),
    nearestFolder: async (path) => {
      let nearest = path
      while (nearest !== '/' && !isFolder(map, nearest)) nearest = dirname(nearest)
      return {
        path: nearest,
        isWritable: !options.readOnlyFolders?.includes(nearest),
        freeBytes: options.freeBytes ?? 100_000_000_000,
      }
    },
  }
}

/** A folder is there as long as there is something in it. */
function isFolder(map: ReadonlyMap<string, Buffer>, path: string): boolean {
  return [...map.keys()].some((file) => file.startsWith(`${path}/`))
}

type Marks = Pick<MemoryHost, 'openTo' | 'foreign' | 'modified' | 'lockHolders'>

async function wholeContent(content: FileContent): Promise<Buffer> {
  if (typeof content === 'string' || content instanceof Uint8Array) return Buffer.from(content)
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

const marks = new WeakMap<Buffer, string>()
let lastMark = 0

/** One for each content that was set. */
function markOf(content: Buffer): string {
  const mark = marks.get(content) ?? String(++lastMark)
  marks.set(content, mark)
  return mark
}

function memoryFiles(map: Map<string, Buffer>, { openTo, foreign, modified, lockHolders }: Marks): Files {
  const held = new Map<string, Promise<void>>()
  return {
    read: async (path, part) => (part ? map.get(path)?.subarray(part.start, part.end) : map.get(path)),
    readInput: async (source) => {
      const content = map.get(String(source))
      if (content === undefined) throw new EntraAuthError('file_unusable', `there is no file "${source}"`)
      // What a descriptor leads to is read up by the first who reads it.
      if (typeof source === 'number') map.set(String(source), Buffer.alloc(0))
      return content
    },
    inputPieces: async function* (path) {
      const content = map.get(path)
      if (content === undefined) throw new EntraAuthError('file_unusable', `there is no file "${path}"`)
      yield* inPieces(content)
    },
    look: async (path) => {
      const content = map.get(path)
      const kind = content ? 'file' : isFolder(map, path) ? 'folder' : undefined
      return (
        kind && {
          kind,
          othersMay: openTo.get(path) ?? 'nothing',
          isOurs: !foreign.has(path),
          modified: modified.get(path) ?? new Date(0),
          size: content?.length ?? 0,
        }
      )
    },
    mark: async (path) => {
      const content = map.get(path)
      return content && markOf(content)
    },
    makePrivate: async (path) => void openTo.delete(path),
    makeRunnable: async (path) => void openTo.set(path, 'read'),
    write: async (path, content) => void map.set(path, await wholeContent(content)),
    remove: async (path) => map.delete(path),
    list: async (directory) => [
      ...new Set(
        [...map.keys(), ...lockHolders.keys()]
          .filter((path) => path.startsWith(`${directory}/`))
          .map((path) => path.slice(directory.length + 1).split('/')[0] ?? ''),
      ),
    ],
    lockHolder: async (path) => lockHolders.get(path),
    // Waits its turn for as long as it takes: who takes a lock twice hangs, as with the real one.
    locked: async (path, work, options) => {
      const before = held.get(path)
      if (before) options?.onWait?.({ pid: 4711 })
      const mine = (before ?? Promise.resolve()).then(work)
      const over = mine.then(
        () => {},
        () => {},
      )
      held.set(path, over)
      try {
        return await mine
      } finally {
        if (held.get(path) === over) held.delete(path)
      }
    },
  }
}

function memoryKeychain(items: Map<string, Buffer>): Keychain {
  return {
    state: async () => ({ kind: 'available', provider: 'memory' }),
    get: async (account) => items.get(account),
    set: async (account, secret) => void items.set(account, Buffer.from(secret)),
    remove: async (account) => items.delete(account),
  }
}

/** A keychain that cannot be asked, as on a server. */
export const noKeychain: Keychain = {
  state: async () => ({ kind: 'no-bus', reason: 'no session D-Bus' }),
  get: () =>
    Promise.reject(
      new EntraAuthError('store_unavailable', 'the keychain cannot be reached (no session D-Bus)'),
    ),
  set: () =>
    Promise.reject(
      new EntraAuthError('store_unavailable', 'the keychain cannot be reached (no session D-Bus)'),
    ),
  remove: () =>
    Promise.reject(
      new EntraAuthError('store_unavailable', 'the keychain cannot be reached (no session D-Bus)'),
    ),
}
