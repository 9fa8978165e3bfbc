import type { Command } from 'commander'
import { graphCommandLineTools } from '../core/graph/public-client.ts'

/** How a person signs in to look at a directory. */
export interface SignInOptions {
  readonly clientId?: string
  readonly account?: string
  /** False under `--no-browser`. */
  readonly browser: boolean
  /** False under `--no-interaction`. */
  readonly interaction: boolean
  readonly claims?: string
}

/** In which cloud, where no profile says so. */
export interface CloudOptions {
  readonly cloud?: string
  readonly authority?: string
  readonly graphUrl?: string
  readonly caFile?: string
}

export function addSignInOptions(command: Command): Command {
  return command
    .option(
      '--client-id <guid>',
      `public client to sign in with (default: Microsoft Graph Command Line Tools, ${graphCommandLineTools})`,
    )
    .option('--account <user>', 'who reads, where several people are signed in')
    .option('--claims <challenge>', 'answer a claims challenge of Microsoft Graph')
    .option('--no-browser', 'print the sign-in address instead of opening a browser')
    .option('--no-interaction', 'never ask anybody: fail with exit code 7 instead')
}

export function addCloudOptions(command: Command): Command {
  return command
    .option('--cloud <cloud>', 'public, usgov or china (default: public)')
    .option('--authority <url>', 'authority of another cloud, without the tenant')
    .option('--graph-url <url>', 'Microsoft Graph of another cloud')
    .option('--ca-file <pem>', "certificate authorities to trust beside the machine's own")
}
