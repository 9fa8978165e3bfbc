/**
 * What the domain needs from the outside world, stated as values it is handed. `platform/` implements these for a real
 * machine, tests implement them in memory. Everything impure a command can do is on this page.
 */

export type Environment = Readonly<Record<string, string | undefined>>

/** The outside world of one run. */
export interface Host {
  readonly platform: NodeJS.Platform
  readonly env: Environment
  now(): Date
  /** Resolves after the given time; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Holds `profiles.json`, `vault.json` and `secure/`. Absolute. */
  readonly configDirectory: string
  /** Holds the sealed token caches. Absolute. Being absent is no error: it means nobody is signed in. */
  readonly cacheDirectory: string
  readonly files: Files
  readonly keychain: Keychain
  readonly http: HttpClient & HttpStreams & HttpAhead
  readonly redirects: RedirectListener
  readonly tokenServer: TokenServer
  readonly desktop: Desktop
  readonly terminal: Terminal
  readonly machine: Machine
  readonly commands: CommandRunner
  readonly programs: ProgramRunner
  /**
   * Keeps variables from every program that is started from now on, beside those that hold our own secrets: browsers,
   * clipboard programs, commands. What a profile names as the place of its secret is nobody else's business.
   */
  hideFromChildren(variables: readonly string[]): void
}

/** Private files. Folders are made 0700, files 0600. Every failure is an `EntraAuthError` that names the file. */
export interface Files {
  /** The content, or a part of it; undefined where there is no such file. */
  read(path: string, part?: FilePart): Promise<Buffer | undefined>
  /**
   * What the user named as input: a path (links and pipes such as `/dev/fd/63` are followed) or the number of an open
   * file descriptor. Its absence is an error, and so are more than 16 MB. Ends with the signal's reason when that is
   * aborted; but not on Windows and macOS while nobody has opened a pipe for writing.
   */
  readInput(source: string | number, signal?: AbortSignal): Promise<Buffer>
  /** The same piece by piece, however long it is; ends with the signal's reason when that is aborted. */
  inputPieces(path: string, signal?: AbortSignal): AsyncIterable<Buffer>
  /** What can be seen of a file or folder without opening it; undefined where there is none. Links are not followed. */
  look(path: string): Promise<FileFacts | undefined>
  /**
   * Of a file: the same mark at another time says the same content. Undefined while it changed so lately that another
   * change might not show, and of anything else.
   */
  mark(path: string): Promise<string | undefined>
  /** Takes every right from others: 0600 for files, 0700 for folders. Does nothing where the system has no such modes. */
  makePrivate(path: string): Promise<void>
  /** Replaces the file as a whole: temporary file beside it, sync, rename. Readers see the old or the new content. */
  write(path: string, content: FileContent): Promise<void>
  /** Lets everybody run a file, and nobody but its owner change it: 0755. Does nothing where the system has no such modes. */
  makeRunnable(path: string): Promise<void>
  /** Whether there was a file to remove. */
  remove(path: string): Promise<boolean>
  /** The names in a folder; none where there is no such folder. */
  list(directory: string): Promise<readonly string[]>
  /**
   * Runs `work` while this process alone, of all processes on this machine, holds the lock called `path` (a file made
   * beside the thing it guards). A holder that died is replaced.
   */
  locked<T>(path: string, work: () => Promise<T>, options?: LockOptions): Promise<T>
  /** Who holds a lock now, without taking it or waiting for it; undefined where nobody does. */
  lockHolder(path: string): Promise<LockHolder | undefined>
}

/** What is written to a file; in pieces where it is too large to be held. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array>

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** The most that anybody but its owner may do with it; `nothing` where the system has no such modes. */
  readonly othersMay: 'nothing' | 'read' | 'write'
  /** Whether the user who runs this owns it; true where the system does not tell. */
  readonly isOurs: boolean
  readonly modified: Date
  /** In bytes. */
  readonly size: number
}

/** From the byte `start` to the one before `end`. Of a shorter file what there is. */
export interface FilePart {
  readonly start: number
  readonly end: number
}

export interface LockHolder {
  /** Undefined where the lock does not say. */
  readonly pid: number | undefined
  /** False when it is certain that the holder is gone; the next who needs the lock then takes it over. */
  readonly isAlive: boolean
  /** Since the holder last showed that it is there, which it does every few seconds. */
  readonly silentMilliseconds: number
}

export interface LockOptions {
  /** How long to wait for another holder before giving up with an error that names it. Default 20 s. */
  readonly waitMilliseconds?: number
  /** Called once, when the lock is found held by another live process. */
  readonly onWait?: (holder: { readonly pid: number }) => void
  readonly signal?: AbortSignal
}

/**
 * The operating system's keychain: Secret Service, macOS Keychain, Windows Credential Manager. Shows no dialog unless
 * somebody attends, and answers or fails in bounded time: see `KeychainOptions`.
 */
export interface Keychain {
  /**
   * A read-only look that shows no dialog.
   * @param options.start also start a service that rests (`activatable`), as a call would, and look again: what is
   *   answered then is what a call would meet. Without it nothing is started.
   */
  state(options?: { readonly start?: boolean }): Promise<KeychainState>
  /** The secret, or undefined where there is none. `store_unavailable` where the keychain cannot be asked. */
  get(account: string, options?: KeychainOptions): Promise<Buffer | undefined>
  set(account: string, secret: Uint8Array, options?: KeychainOptions): Promise<void>
  /** Whether there was a secret to remove. */
  remove(account: string, options?: KeychainOptions): Promise<boolean>
}

/** How a call may wait. */
export interface KeychainOptions {
  /**
   * Whether somebody is there to answer a dialog. Default false: a locked keychain is an error at once, and one that may
   * ask gets 3 s. Otherwise the person gets 60 s.
   */
  readonly attended?: boolean
  /** Called once, with one line, when a person has to answer a dialog before the call can go on. */
  readonly onWait?: (text: string) => void
  /** Ends a wait for a dialog; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export type KeychainState =
  | { readonly kind: 'available'; readonly provider: string }
  /** Can be asked, but only with a person to answer its dialog. */
  | { readonly kind: 'locked'; readonly provider?: string; readonly reason: string }
  | {
      /** `activatable`: there is a service, which a call starts; what it then holds is not known yet. */
      readonly kind: 'no-binding' | 'no-bus' | 'no-service' | 'activatable' | 'no-collection'
      /** One clause a person understands: `no session D-Bus`. */
      readonly reason: string
    }

/** HTTPS with proxies, extra CAs, timeouts and retries. */
export interface HttpClient {
  /**
   * Sends a request and reads the whole answer. Any HTTP status is an answer, not an error; 429 and 5xx are tried again
   * first, as `Retry-After` asks. Redirects are not followed.
   * @throws EntraAuthError `network`, `timeout` or `interrupted`
   */
  send(request: HttpRequest): Promise<HttpResponse>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
  /** A PEM file with further certificate authorities to trust, beside the machine's own. */
  readonly caFile?: string
  /**
   * SHA-1 of the server's certificate (hex, any case). Given one, that certificate is taken, whoever signed it and
   * whatever its name, and no other is.
   */
  readonly serverThumbprint?: string
  /** How long the server may take to take the connection. Default: the client's own patience, some 15 s. */
  readonly connectMilliseconds?: number
  /** Whether plain HTTP may lead to a private address too (RFC 1918): only where Azure itself put a server there. */
  readonly mayBePrivate?: boolean
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The same for answers of any kind and size, which are handed on as they come. */
export interface HttpStreams {
  /**
   * Sends a request and resolves when the headers of the answer are there. It is tried again as with `send`, and
   * redirects are not followed either.
   * @throws EntraAuthError as `send` does; what goes wrong later is thrown where the body is read
   */
  open(request: HttpStreamRequest): Promise<HttpStream>
}

export interface HttpStreamRequest extends Omit<HttpRequest, 'method' | 'body'> {
  readonly method: HttpRequest['method'] | 'HEAD' | 'OPTIONS'
  readonly body?: Uint8Array
}

export interface HttpStream extends Omit<HttpResponse, 'body'> {
  /** Can be read once. A pause of half a minute between two pieces is a `timeout`. */
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the connection of a body that nobody is going to read. */
  discard(): void
}

/** Connections that are opened before there is a request. */
export interface HttpAhead {
  /**
   * Begins to connect to the server of an address that is about to be asked, and resolves when that is under way. Sends
   * nothing, goes through no proxy and never fails: what is wrong is for the request to say.
   */
  connectAhead(to: Pick<HttpRequest, 'url' | 'caFile'>): Promise<void>
}

/** The loopback listener that an authorization response is redirected to (RFC 8252, section 7.3). */
export interface RedirectListener {
  /** @throws EntraAuthError `invalid_arguments` when no wanted port is free */
  open(options: RedirectOptions): Promise<RedirectWait>
}

export interface RedirectOptions {
  /** Ports to try in this order; 0 stands for any free one. */
  readonly ports: readonly number[]
  /** The path of the redirect URI; requests for others get 404. */
  readonly path: string
  /** The `state` sent with the request. An answer with another one is refused and does not end the wait. */
  readonly state: string
  /** The page a person sees when it is over. */
  readonly page: (answer: RedirectAnswer) => string
}

export interface RedirectWait {
  readonly port: number
  /** Resolves with the first answer that carries the right `state`, by query or by form post. */
  answer(signal: AbortSignal): Promise<RedirectAnswer>
  /**
   * Takes the address that a browser elsewhere was redirected to, as if it had come here.
   * @returns one clause why it is no answer, without a word of it; undefined when the wait is over
   */
  take(address: string): string | undefined
  close(): Promise<void>
}

export type RedirectAnswer =
  | { readonly kind: 'code'; readonly code: string; readonly clientInfo?: string }
  | { readonly kind: 'error'; readonly error: string; readonly description: string }

/** What a person's desktop can do for us. */
export interface Desktop {
  /** Why no browser can be opened from here, or undefined if one can. A guess that errs towards a reason. */
  browserObstacle(): string | undefined
  /** Opens the default browser (or `BROWSER`). False when the launcher failed at once. Its output never reaches stdout. */
  openBrowser(url: string): Promise<boolean>
  /** Puts text on the clipboard, or throws an `EntraAuthError` that says why it cannot. */
  copy(text: string): Promise<void>
}

/** What of a machine can be had at once, without loading anything. */
export type PlainHost = Pick<
  Host,
  'platform' | 'env' | 'now' | 'configDirectory' | 'cacheDirectory' | 'files' | 'keychain' | 'terminal'
>

export interface ReadyInput {
  readonly bytes: Buffer
  /** Whether the end was seen. */
  readonly isEverything: boolean
}

/** The three standard streams. Only `ui/` writes to it. */
export interface Terminal {
  readonly stdin: {
    readonly isTerminal: boolean
    /** What has come by now. Waits for nobody, and takes nothing away: the others begin with the same bytes. */
    ready(): ReadyInput
    /**
     * Everything until the end of the stream; more than 64 MB is an error. Rejects with the signal's reason when that
     * is aborted first.
     */
    readAll(signal?: AbortSignal): Promise<Buffer>
    /** The same piece by piece, however long it is. */
    pieces(signal?: AbortSignal): AsyncIterable<Buffer>
  }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Resolves when all that was written has left this process, or never will. */
  flushed(): Promise<void>
}

export interface OutputStream {
  readonly isTerminal: boolean
  /** Width in characters; undefined where it is not a terminal. */
  readonly columns: number | undefined
  /** Height in lines; undefined where it is not a terminal. */
  readonly rows: number | undefined
  /** Bytes are written as they are. */
  write(text: string | Uint8Array): void
}

/** The machine and the place on it where this runs, for whoever looks for a fault. */
export interface Machine {
  facts(): Promise<MachineFacts>
  /**
   * The proxy that requests to an address go through, without its user name and password; undefined for none.
   * @throws EntraAuthError `network` for a proxy that cannot be used
   */
  proxyFor(url: string): Promise<string | undefined>
  /** The folder at the end of a path, or the last one on the way there that exists. */
  nearestFolder(path: string): Promise<NearestFolder>
}

export interface MachineFacts {
  /** Of Node, without a `v`. */
  readonly nodeVersion: string
  /** As in `x64`. */
  readonly architecture: string
  /** Windows Subsystem for Linux. */
  readonly isWsl: boolean
  readonly isContainer: boolean
  readonly isSsh: boolean
  /** A CI job. */
  readonly isCi: boolean
}

export interface NearestFolder {
  readonly path: string
  /** Whether files and folders can be made in it. */
  readonly isWritable: boolean
  /** What this user may still write there, in bytes; undefined where the system does not tell. */
  readonly freeBytes: number | undefined
}

/** Runs what a user configured to print a secret, such as `op read op://ci/app/secret`. */
export interface CommandRunner {
  /**
   * Runs a command line in the platform's shell (`/bin/sh -c`, `cmd.exe /d /s /c`), which sees this process's
   * environment but for variables that hold secrets. Its stderr is ours, as it comes.
   * @throws EntraAuthError `general` where the shell cannot be started; the signal's reason when that is aborted first,
   *   and then the command has been ended (on Windows: its shell)
   */
  run(commandLine: string, options: CommandOptions): Promise<CommandResult>
}

export interface CommandOptions {
  /** Whether somebody is there to answer: then the command has the terminal, else an empty stdin and no terminal. */
  readonly attended: boolean
  /** Whether what it writes to stderr is thrown away. */
  readonly silent: boolean
  /** A command that prints more is ended. */
  readonly largestOutputBytes: number
  readonly signal: AbortSignal
}

export type CommandResult =
  | { readonly kind: 'output'; readonly stdout: Buffer }
  /** `exitCode` is undefined where a signal ended it. */
  | { readonly kind: 'failed'; readonly exitCode: number | undefined }
  | { readonly kind: 'too-much' }

/** Listens for HTTP requests of programs on this machine and in its containers, and bounds what each may cost. */
export interface TokenServer {
  /** @throws EntraAuthError `invalid_arguments` where it cannot listen on an address or port */
  open(options: TokenServerOptions): Promise<OpenTokenServer>
  /** The address of this machine that containers on it reach; undefined where they reach its loopback interface. */
  containerAddress(): Promise<string | undefined>
}

export interface TokenServerOptions {
  /** Addresses beside 127.0.0.1 and [::1]. */
  readonly addresses: readonly string[]
  /** Undefined for any free one. */
  readonly port: number | undefined
  readonly answer: (request: ServedRequest, port: number) => ServedAnswer | Promise<ServedAnswer>
  /** Told, as one clause, why a connection was ended that sent no request worth the name. */
  readonly onBroken: (reason: string) => void
  /** Default: those the server has, which leave honest clients plenty. */
  readonly limits?: Partial<ServerLimits>
}

export interface ServerLimits {
  /** Until the headers of a request are there. */
  readonly headersMilliseconds: number
  /** Until the whole request is there. */
  readonly requestMilliseconds: number
  /** Between two requests of a connection. */
  readonly idleMilliseconds: number
  /** Beyond it, connections that have not shown the secret are ended, the oldest first. */
  readonly connections: number
}

export interface OpenTokenServer {
  readonly port: number
  /** Stops listening, ends the connections that rest, and gives an answer on its way a moment. */
  close(): Promise<void>
}

export interface ServedRequest {
  readonly method: string
  /** As sent: a path with a query, or whatever else stood there. */
  readonly target: string
  /** As sent, in order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The IP address it came from. */
  readonly peerAddress: string
  /** Marks its connection as one whose program knows the secret: no flood of others ends it. */
  trust(): void
  /** Whether it is certain that the process that asks is another user's; false where the system does not tell. */
  isAnotherUsers(): Promise<boolean>
  /** The whole body as text; undefined where it is larger than 64 KB. */
  readBody(): Promise<string | undefined>
}

export interface ServedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether more requests may come by this connection. */
  readonly keepOpen: boolean
}

/** Runs a program that a user named, as a shell would: with our terminal, our folder and our streams. */
export interface ProgramRunner {
  /**
   * Runs it to its end. It sees this process's environment but for variables that hold secrets, and `variables`. What
   * would end us is for it to hear, and we stay until it has ended.
   * @param words the program and its arguments; no shell reads them
   * @returns its exit code; 128 and the number of the signal where one ended it, as shells say it
   * @throws EntraAuthError `program_not_found` or `program_not_executable` where it cannot be started
   */
  run(words: readonly string[], variables: Environment): Promise<number>
}
