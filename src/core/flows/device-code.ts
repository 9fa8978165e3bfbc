import type { AuthenticationResult, DeviceCodeRequest } from '@azure/msal-node'
import type { FlowContext } from './context.ts'
import { publicApplication } from './msal-application.ts'

/**
 * A person signs in on any device, with a code we show.
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
export async function acquireByDeviceCode(context: FlowContext): Promise<AuthenticationResult | null> {
  const { request, interaction, signal } = context
  let shown: Promise<void> | undefined
  const deviceRequest: DeviceCodeRequest = {
    scopes: [...request.scopes],
    claims: request.claims,
    deviceCodeCallback: ({ userCode, verificationUri, expiresIn }) => {
      shown = interaction.showDeviceCode({ userCode, verificationUri, expiresInSeconds: expiresIn })
    },
  }
  const acquired = async () => {
    try {
      return await publicApplication(context).acquireTokenByDeviceCode(deviceRequest)
    } finally {
      // MSAL waits for nobody, and what is said next is to stand below the code.
      await shown
    }
  }
  // MSAL looks at `cancel` only between polls, which are seconds apart: a person who pressed Ctrl-C is not made to wait.
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      deviceRequest.cancel = true
      reject(signal.reason)
    })
    acquired().then(resolve, reject)
  })
}
