import type { DeviceCode, Interaction, RedirectQuestion, SignInPage } from '../core/interaction.ts'
import type { Console } from './console.ts'
import { redirectPage } from './redirect-page.ts'

/** Speaks to the person at the terminal on behalf of the core. */
export function consoleInteraction(
  console: Console,
  options: Pick<Interaction, 'obstacle' | 'showUrlOnly'> & { readonly mayPrompt: boolean },
): Interaction {
  return {
    attended: options.mayPrompt,
    silent: console.silent,
    obstacle: options.obstacle,
    showUrlOnly: options.showUrlOnly,
    askSecret: async (question) =>
      options.mayPrompt ? (await import('./prompts.ts')).askSecret(question) : undefined,
    announce: (clause) => console.say(`${sentence(clause)}.`),
    showDeviceCode: (code) => showDeviceCode(code, console),
    showSignInUrl: (page) => showSignInUrl(page, console),
    askForRedirect: async (question, signal) => {
      explainPasting(question, console)
      const { askForAddress } = await import('./address-prompt.ts')
      const { redirectUri, offersDeviceCode: emptyIsAnswer, take: check } = question
      const label = emptyIsAnswer ? 'Address (Enter alone: a device code)' : 'Address'
      const text = await askForAddress({ label, redirectUri, emptyIsAnswer, check }, signal)
      return text === '' ? 'device-code' : 'taken'
    },
    offer: async (refusal, way, signal) => {
      console.ask([`${sentence(refusal.message)}.`])
      return (await import('./prompts.ts')).confirm(`Try ${way} instead?`, true, signal)
    },
    choose: async (question, choices) =>
      (await import('./prompts.ts')).choose(
        question,
        choices.map((value) => ({ value })),
      ),
    waitingFor: ({ pid }) =>
      console.progress(`Waiting for process ${pid}, which is getting this token already...`),
    redirectPage,
    warn: (text) => console.warn(text),
    trace: (text) => console.trace(text),
  }
}

async function showDeviceCode(code: DeviceCode, console: Console): Promise<void> {
  const { userCode, verificationUri, expiresInSeconds } = code
  const space = console.pictureSpace
  const picture = space && (await (await import('./qr-code.ts')).qrCode(verificationUri, space))
  console.ask([
    'Device Code Authentication',
    ['To sign in, use a web browser to open:  ', verificationUri],
    ['and enter the code:                     ', userCode],
    '',
  ])
  if (picture) {
    console.picture(picture)
    console.ask([''])
  }
  console.ask([
    `Waiting for authentication... (the code expires in ${Math.round(expiresInSeconds / 60)} minutes, Ctrl-C cancels)`,
  ])
}

function showSignInUrl({ url, opened }: SignInPage, console: Console): void {
  if (opened) {
    console.progress('Opening browser for authentication...')
    // Silence was asked for, and the browser is open: nothing more is needed to go on.
    console.say(`If no browser opened, sign in at:\n  ${url}`)
    console.progress(errorPageNote)
    return
  }
  console.ask(['To sign in, open this address in a browser on this machine:', `  ${url}`])
  console.progress(errorPageNote)
  console.ask(['Waiting for the sign-in... (Ctrl-C cancels)'])
}

/**
 * From an error page of Entra's (a redirect URI that is not registered, a person who may not) nothing comes back. The
 * keyboard is not read meanwhile: that would swallow what somebody types ahead for the shell.
 */
const errorPageNote =
  'If the page shows an error, press Ctrl-C and give its number to "entra-auth-cli explain".'

function explainPasting({ url, redirectUri, tunnel }: RedirectQuestion, console: Console): void {
  console.ask([
    'To sign in, open this address in a browser, on this machine or another:',
    '',
    // From the edge, or a copy of several lines has gaps in it.
    url,
    '',
    'A browser on this machine needs no more. One elsewhere ends up on a page that',
    'does not load: copy the address of that page and paste it here. It begins with',
    ['  ', redirectUri],
    'If the page shows an error, type its number, such as AADSTS50011.',
    ...(tunnel === undefined
      ? []
      : ['', 'To need no paste, run this first on the machine with the browser:', ['  ', tunnel] as const]),
    '',
  ])
}

function sentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1)
}
