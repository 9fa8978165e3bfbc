/** The shapes in which people meet an error of Entra, as other programs print them. */

export const traceId = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'
export const correlationId = '12345678-9abc-def0-1234-56789abcdef0'
export const timestamp = '2026-01-31 10:00:00Z'

/** The text of an error in Entra's manner, with something in it that looks like a number of another error. */
const sentence = (code: number) =>
  `AADSTS${code}: Something about 'https://graph.microsoft.com' and the app '87654321-1111-2222-3333-500115001150'(Job 7000222) went wrong.`

const inLines = (code: number) =>
  `${sentence(code)}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`

const inOneLine = (code: number) =>
  `${sentence(code)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`

const body = (code: number) =>
  JSON.stringify({
    error: 'invalid_grant',
    error_description: inLines(code),
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    suberror: 'bad_token',
  })

const query = (code: number) =>
  new URLSearchParams({
    error: 'invalid_grant',
    error_description: inLines(code),
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    state: '50058',
  }).toString()

const html = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

export interface Shape {
  readonly name: string
  readonly text: (code: number) => string
  /** Whether the ids of the message stand in it. */
  readonly hasIds: boolean
  /** Whether the OAuth error stands in it. */
  readonly hasError: boolean
}

const shape = (
  name: string,
  text: (code: number) => string,
  { hasIds = false, hasError = false }: Partial<Pick<Shape, 'hasIds' | 'hasError'>> = {},
): Shape => ({ name, text, hasIds, hasError })

const whole = { hasIds: true, hasError: true }
const ids = { hasIds: true }

export const shapes: readonly Shape[] = [
  shape('a bare number', (code) => `${code}`),
  shape('a bare number with blanks and a line end', (code) => `  ${code} \r\n`),
  shape('a number in quotes', (code) => `"${code}"`),
  shape('a marked number', (code) => `AADSTS${code}`),
  shape('a marked number in small letters', (code) => `aadsts${code}`),
  shape('a marked number with a blank', (code) => `AADSTS ${code}`),
  shape('a message in lines', inLines, ids),
  shape('a message in one line', inOneLine, ids),
  shape('a message cut off', (code) => sentence(code).slice(0, 40)),
  shape('a JSON body', body, whole),
  shape('an indented JSON body', (code) => JSON.stringify(JSON.parse(body(code)), null, 4), whole),
  shape('a JSON body in JSON', (code) => JSON.stringify({ status: 400, body: body(code) }), whole),
  shape(
    'a JSON body in JSON in JSON',
    (code) => JSON.stringify({ log: JSON.stringify({ body: body(code) }) }),
    whole,
  ),
  shape('HTML', (code) => `<div id="error">${html(inOneLine(code))}<br/></div>`, ids),
  shape('JSON in HTML', (code) => `<pre>${html(body(code))}</pre>`, whole),
  shape('a redirect with a query', (code) => `http://localhost:8400/?${query(code)}`, whole),
  shape('a redirect with a fragment', (code) => `https://jwt.ms/#${query(code)}`, whole),
  shape('a redirect with %20', (code) => `http://localhost/?${query(code).replaceAll('+', '%20')}`, whole),
  shape(
    'a redirect with small hex',
    (code) => `http://localhost/?${query(code).replace(/%../g, (hex) => hex.toLowerCase())}`,
    whole,
  ),
  shape(
    'a redirect in an address',
    (code) => `https://portal.contoso.com/?return=${encodeURIComponent(`http://localhost/?${query(code)}`)}`,
    whole,
  ),
  shape(
    'a redirect in an address in an address',
    (code) =>
      `https://a.example/?u=${encodeURIComponent(`https://b.example/?v=${encodeURIComponent(`http://localhost/?${query(code)}`)}`)}`,
    whole,
  ),
  shape('the page of the error', (code) => `https://login.microsoftonline.com/error?code=${code}`),
  shape('an array of numbers alone', (code) => `{"error":"invalid_grant","error_codes":[${code}]}`, {
    hasError: true,
  }),
  shape(
    'MSAL for Node',
    (code) =>
      `ServerError: invalid_grant: Error(s): ${code} - Timestamp: ${timestamp} - Description: ${inOneLine(code)} - Correlation ID: ${correlationId} - Trace ID: ${traceId}\n    at ResponseHandler.validateTokenResponse (/app/node_modules/@azure/msal-common/dist/response/ResponseHandler.mjs:119:33)\n  errorCode: 'invalid_grant',\n  errorNo: '${code}',\n  status: 400`,
    whole,
  ),
  shape(
    'MSAL for Python',
    (code) =>
      `{'error': 'invalid_grant', 'error_description': "${inLines(code).replaceAll('\r\n', '\\r\\n')}", 'error_codes': [${code}], 'timestamp': '${timestamp}', 'trace_id': '${traceId}', 'correlation_id': '${correlationId}', 'suberror': 'bad_token'}`,
    whole,
  ),
  shape(
    'MSAL for .NET',
    (code) =>
      `MSAL.NetCore.4.66.1.0.MsalUiRequiredException:\n\tErrorCode: invalid_grant\nMicrosoft.Identity.Client.MsalUiRequiredException: ${inLines(code)}\n   at Microsoft.Identity.Client.Internal.Requests.RequestBase.HandleTokenRefreshError()\n\tStatusCode: 400\n\tResponseBody: ${body(code)}`,
    whole,
  ),
  shape(
    'MSAL for Java',
    (code) =>
      `com.microsoft.aad.msal4j.MsalServiceException: ${inOneLine(code)}\n\tat com.microsoft.aad.msal4j.MsalServiceExceptionFactory.fromHttpResponse(MsalServiceExceptionFactory.java:45)`,
    ids,
  ),
  shape(
    'the Azure SDK for Node',
    (code) =>
      `AuthenticationRequiredError: invalid_grant: Error(s): ${code} - Timestamp: ${timestamp} - Description: ${inOneLine(code)} - Correlation ID: ${correlationId} - Trace ID: ${traceId}`,
    whole,
  ),
  shape(
    'the Azure SDK for Python',
    (code) =>
      `azure.core.exceptions.ClientAuthenticationError: Authentication failed: ${inLines(code)}\nContent: ${body(code)}`,
    whole,
  ),
  shape(
    'the Azure SDK for .NET',
    (code) =>
      `Azure.Identity.AuthenticationFailedException: ClientSecretCredential authentication failed: A configuration issue is preventing authentication - check the error message from the server for details. Original exception: ${inLines(code)}\n ---> MSAL.NetCore.4.66.1.0.MsalServiceException`,
    ids,
  ),
  shape(
    'the Azure SDK for Go',
    (code) =>
      `ClientSecretCredential authentication failed\nPOST https://login.microsoftonline.com/87654321-4321-4321-4321-cba987654321/oauth2/v2.0/token\n--------------------------------------------------------------------------------\nRESPONSE 401 Unauthorized\n--------------------------------------------------------------------------------\n${JSON.stringify(JSON.parse(body(code)), null, 2)}\n--------------------------------------------------------------------------------`,
    whole,
  ),
  shape(
    'PowerShell',
    (code) =>
      `Connect-MgGraph : ${sentence(code)}\nTrace ID: ${traceId}\nCorrelation ID: ${correlationId}\nTimestamp: ${timestamp}\nAt line:1 char:1\n+ Connect-MgGraph -TenantId 87654321-4321-4321-4321-cba987654321\n+ ~~~~~~~~~~~~\n    + CategoryInfo          : NotSpecified: (:) [Connect-MgGraph], AuthenticationFailedException`,
    ids,
  ),
  shape(
    'the Azure CLI',
    (code) =>
      `ERROR: ${inOneLine(code)}\nInteractive authentication is needed. Please run:\naz login --scope https://management.core.windows.net//.default`,
    ids,
  ),
  shape(
    'a log line',
    (code) =>
      `2026-01-31T10:00:00.1234567Z ##[error]10.0.0.12:50443 pid=50011 request 1000001 failed: ${inOneLine(code)}`,
    ids,
  ),
  shape(
    'a log of many lines',
    (code) =>
      [
        ...Array.from(
          { length: 50 },
          (_, line) => `2026-01-31 09:59:${line % 60} INFO  request ${50000 + line} done in 700016 ms`,
        ),
        `2026-01-31 10:00:00 ERROR ${inOneLine(code)}`,
        '2026-01-31 10:00:01 INFO  retry 65001',
      ].join('\n'),
    ids,
  ),
  shape(
    'a line of a log in JSON',
    (code) => JSON.stringify({ level: 50, pid: 50058, msg: `login failed: ${inLines(code)}` }),
    ids,
  ),
  shape(
    'our own error',
    (code) =>
      `error: the sign-in was refused (AADSTS${code})\nhint: try again; more: entra-auth-cli explain ${code}`,
  ),
  shape(
    'a page of documentation',
    (code) => `https://learn.microsoft.com/troubleshoot/entra/error-code-aadsts${code}-something`,
  ),
  shape("a sign-in log's status", (code) => `"status":{"errorCode":${code},"failureReason":"Other."}`),
  shape('a row of a sign-in log', (code) => `UserPrincipalName: anna@contoso.com ResultType: ${code}`),
  shape('what the portal shows', (code) => `Sign-in error code ${code}\nFailure reason Other.`),
  shape('Markdown', (code) => `**AADSTS${code}**: \`something\``),
]
