/** The sandbox's pages: pure functions to complete HTML documents, to be sent with `pageSecurityHeaders`. */
export { consentPage, type ConsentPage, type ConsentPermission } from './consent.ts'
export { deviceDonePage, devicePage, type DevicePage } from './device.ts'
export type { FormPage } from './document.ts'
export { formPostPage } from './form-post.ts'
export { mfaPage, type MfaPage } from './mfa.ts'
export { errorPage, signedOutPage, type ErrorPage } from './notices.ts'
export { pageSecurityHeaders } from './security.ts'
export { signInPage, type SignInPage } from './sign-in.ts'
