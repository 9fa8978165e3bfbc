import { createHash } from 'node:crypto'
import { stylesheet, submitScript } from './style.ts'

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${hashOf(stylesheet)}'`,
  `script-src '${hashOf(submitScript)}'`,
  // Chromium applies form-action to the redirects of a form post too, so the loopback redirect URIs of native apps
  // (RFC 8252, section 7.3) must stand here. The policy's grammar has no way to name [::1].
  "form-action 'self' http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:*",
  "frame-ancestors 'none'",
  "base-uri 'none'",
]

/**
 * The headers every page is sent with. Styles and scripts are allowed by their hash alone.
 * @param formTargets further origins a form may lead to, such as that of a web app's redirect URI
 * @see https://www.w3.org/TR/CSP3/#directive-form-action
 */
export function pageSecurityHeaders(formTargets: readonly string[] = []): Record<string, string> {
  const policy = contentSecurityPolicy.map((directive) =>
    directive.startsWith('form-action') ? [directive, ...formTargets].join(' ') : directive,
  )
  return {
    'content-security-policy': policy.join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}

function hashOf(inline: string): string {
  return `sha256-${createHash('sha256').update(inline).digest('base64')}`
}
