import type { AuthenticationResult, DeviceCodeRequest } from '@azure/msal-node'
import type { FlowContext } from './context.ts'
import { publicApplication } from './msal-application.ts'

/**
 * A person signs in on any device, with a code we show.
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
export async function acquireByDeviceCode(context: FlowContext): Promise<AuthenticationResult | null> {
  const { request, interaction, signal } = context
  // MSAL looks at `cancel` only between polls, which are seconds apart: a person who pressed Ctrl-C is not made to wait.
  return new Promise((resolve, reject) => {
    const deviceRequest: DeviceCodeRequest = {
      scopes: [...request.scopes],
      claims: request.claims,
      deviceCodeCallback: ({ userCode, verificationUri, expiresIn }) => {
        const code = { userCode, verificationUri, expiresInSeconds: expiresIn }
        interaction.showDeviceCode(code).catch(reject)
      },
    }
    signal.addEventListener('abort', () => {
      deviceRequest.cancel = true
      reject(signal.reason)
    })
    publicApplication(context).acquireTokenByDeviceCode(deviceRequest).then(resolve, reject)
  })
}
