import type { Interaction } from '../core/interaction.ts'
import type { Console } from './console.ts'
import { redirectPage } from './redirect-page.ts'

/** Speaks to the person at the terminal on behalf of the core. */
export function consoleInteraction(
  console: Console,
  options: Pick<Interaction, 'obstacle' | 'showUrlOnly'> & { readonly mayPrompt: boolean },
): Interaction {
  return {
    attended: options.mayPrompt,
    obstacle: options.obstacle,
    showUrlOnly: options.showUrlOnly,
    askSecret: async (question) =>
      options.mayPrompt ? (await import('./prompts.ts')).askSecret(question) : undefined,
    showDeviceCode: ({ userCode, verificationUri, expiresInSeconds }) =>
      console.ask([
        'Device Code Authentication',
        ['To sign in, use a web browser to open:  ', verificationUri],
        ['and enter the code:                     ', userCode],
        '',
        `Waiting for authentication... (the code expires in ${Math.round(expiresInSeconds / 60)} minutes, Ctrl-C cancels)`,
      ]),
    showSignInUrl: (url, opened) => {
      if (opened) console.progress('Opening browser for authentication...')
      const lead = opened
        ? 'If no browser opened, sign in at:'
        : 'To sign in, open this address in a browser on this machine:'
      // Silence was asked for, and the browser is open: nothing more is needed to go on.
      if (opened) console.say(`${lead}\n  ${url}`)
      else console.ask([lead, `  ${url}`, 'Waiting for the sign-in... (Ctrl-C cancels)'])
    },
    waitingFor: ({ pid }) =>
      console.progress(`Waiting for process ${pid}, which is getting this token already...`),
    redirectPage,
    warn: (text) => console.warn(text),
    progress: (text) => console.progress(text),
    trace: (text) => console.trace(text),
  }
}
