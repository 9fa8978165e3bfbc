import type { EntraCodeTable } from './entra-code.ts'
import { signInByBrowser, tellAdministrator, tellDeveloper } from './next-steps.ts'

const helloForBusiness =
  'set the PIN up anew: Windows Settings > Accounts > Sign-in options > PIN (Windows Hello)'
const password = 'meanwhile sign in by another method: "entra-auth-cli get-token -p NAME --prompt login"'
const state = 'on the machine: "dsregcmd /status" says whether it is joined and its keys are sound'
const enable = 'enable it: Microsoft Entra admin center > Devices > All devices > (device) > Enable'
const join = 'join or register the machine again: Windows Settings > Accounts > Access work or school'

/** Keys and identities of devices, Windows Hello, and brokers: met on machines that sign in as such. */
export const deviceCodes: EntraCodeTable = {
  130004: {
    name: 'NgcKeyNotFound',
    fact: 'Entra does not know the Windows Hello key of this user',
    causes: ['the key was deleted, or has not yet been synchronized'],
    who: 'you',
    remedy: [helloForBusiness, password],
  },
  130005: {
    name: 'NgcInvalidSignature',
    fact: 'the signature of the Windows Hello key is not valid',
    causes: ['the key on the machine and the one in Entra differ'],
    who: 'you',
    remedy: [helloForBusiness, password],
  },
  130006: {
    name: 'NgcTransportKeyNotFound',
    fact: 'the machine has no transport key, which Windows Hello needs',
    causes: ['the join of the machine is damaged, or its TPM was cleared'],
    who: 'you',
    remedy: [state, join],
  },
  130007: {
    name: 'NgcDeviceIsDisabled',
    fact: 'the device of the Windows Hello key is disabled',
    causes: ['an administrator or a clean-up job disabled it'],
    who: 'administrator',
    remedy: [enable, password],
  },
  130008: {
    name: 'NgcDeviceIsNotFound',
    fact: 'the device of the Windows Hello key is not known in the tenant',
    causes: ['an administrator or a clean-up job deleted it'],
    who: 'you',
    remedy: [join, password],
  },
  135010: {
    name: 'KeyNotFound',
    fact: 'a key that the device or user signed with is not known',
    causes: ['the key was renewed or deleted; Microsoft publishes no more about it'],
    who: 'you',
    remedy: [state, join],
  },
  135011: {
    fact: 'the device that took part in the sign-in is disabled',
    causes: ['an administrator or a clean-up job disabled it'],
    who: 'administrator',
    remedy: [enable],
  },
  140000: {
    name: 'InvalidRequestNonce',
    fact: 'the request of the device lacks its nonce',
    causes: ['the broker of the machine left it out, or a proxy changed the request'],
    who: 'developer',
    remedy: [tellDeveloper, state],
  },
  140001: {
    name: 'InvalidSessionKey',
    fact: 'the session key of the device is not valid',
    causes: ['the session of the device is damaged or too old'],
    who: 'you',
    remedy: ['sign out of the machine and in again', state],
  },
  220450: {
    name: 'UnsupportedAndroidWebViewVersion',
    fact: 'the browser part of this Android device is too old',
    causes: ['Android System WebView or Chrome was not updated'],
    who: 'you',
    remedy: ['update Android System WebView and Chrome'],
  },
  221000: {
    name: 'DeviceOnlyTokensNotSupportedByResource',
    fact: 'the API does not take tokens that speak for a device alone',
    causes: ['the API wants a user or an app'],
    who: 'developer',
    remedy: [signInByBrowser, tellDeveloper],
  },
  240001: {
    name: 'BulkAADJTokenUnauthorized',
    fact: 'the user may not register devices',
    causes: ['the tenant lets only some people join devices'],
    who: 'administrator',
    remedy: ['allow it: Microsoft Entra admin center > Devices > Device settings', tellAdministrator],
  },
  293004: {
    fact: 'the machine to connect to by remote desktop is not known by that name in the tenant',
    causes: ['an IP address or a full name was given where Entra knows the short name of the machine'],
    who: 'you',
    remedy: ['give the name that Microsoft Entra admin center > Devices > All devices shows'],
  },
}
