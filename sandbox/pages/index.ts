/** The sandbox's pages: pure functions to complete HTML documents, to be sent with `pageSecurityHeaders`. */
export { consentPage } from './consent.ts'
export { deviceDonePage, devicePage } from './device.ts'
export { formPostPage } from './form-post.ts'
export { mfaPage } from './mfa.ts'
export { errorPage, signedOutPage } from './notices.ts'
export { pageSecurityHeaders } from './security.ts'
export { signInPage } from './sign-in.ts'
