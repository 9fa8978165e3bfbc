import { describe, expect, it } from 'vitest'
import { contentTypeOf, readHeaders, readMethod } from '../../../../src/core/call/content.ts'
import { callFailure, readComplaint } from '../../../../src/core/call/failure.ts'
import { failureOf } from '../../../support/failure.ts'

describe('what an API complains of', () => {
  it.each([
    [
      '{"error":{"code":"Request_ResourceNotFound","message":"No such user.\\r\\nTrace: x"}}',
      'Request_ResourceNotFound',
      'No such user',
    ],
    ['{"error":"invalid_request","error_description":"AADSTS1: no."}', 'invalid_request', 'AADSTS1: no'],
    [
      '{"$id":"1","message":"TF400813: not authorized","typeKey":"UnauthorizedRequestException"}',
      'UnauthorizedRequestException',
      'TF400813: not authorized',
    ],
    [
      '<?xml version="1.0"?><Error><Code>BlobNotFound</Code><Message>The blob is not there.\nRequestId:1</Message></Error>',
      'BlobNotFound',
      'The blob is not there',
    ],
    ['<html>no</html>', undefined, undefined],
    ['[]', undefined, undefined],
    ['', undefined, undefined],
  ])('%s', (body, code, message) => expect(readComplaint(body)).toEqual({ code, message }))
})

describe('an answer that is no success', () => {
  const facts = { api: 'Microsoft Graph', retryAfter: undefined, profile: 'work' }

  it.each([
    [
      404,
      '{"error":{"code":"NotFound","message":"Nothing."}}',
      'Microsoft Graph answered 404: NotFound, Nothing',
      /^$/,
    ],
    [500, '', 'Microsoft Graph answered 500', /^$/],
    [403, '', 'Microsoft Graph answered 403', /entra-auth-cli inspect -p work --claims/],
    [401, '', 'Microsoft Graph answered 401', /--scope names another token/],
    [429, '', 'Microsoft Graph answered 429', /try again in a minute/],
    [
      400,
      '{"error":{"code":"MissingApiVersionParameter","message":"m"}}',
      'Microsoft Graph answered 400: MissingApiVersionParameter, m',
      /api-version/,
    ],
  ])('%d', (status, body, fact, hint) => {
    const failure = callFailure(status, body, facts)
    expect(failure).toMatchObject({ code: 'general', message: fact })
    expect(failure.hint ?? '').toMatch(hint)
  })

  it('says when to come again', () => {
    expect(callFailure(503, '', { ...facts, retryAfter: '600' }).hint).toBe('try again in 600 s')
  })
})

describe('a request', () => {
  it('has a method', () => {
    expect(readMethod('patch')).toBe('PATCH')
    expect(failureOf(() => readMethod('CONNECT')).code).toBe('invalid_arguments')
  })

  it('has headers', () => {
    expect(readHeaders(['ConsistencyLevel: eventual', 'if-match:*', 'X-Empty:'])).toEqual({
      consistencylevel: 'eventual',
      'if-match': '*',
      'x-empty': '',
    })
  })

  it.each([
    'Authorization: Bearer hush',
    'authorization:x',
    'Host: evil.example',
    'Content-Length: 1',
    'Transfer-Encoding: chunked',
  ])('has no header %s', (line) =>
    expect(failureOf(() => readHeaders([line])).message).toMatch(/is not yours to give$/),
  )

  it.each(['no colon', ': x', 'a b: c', 'A: b\r\nB: hush', 'A: \u0000'])('has no header %j', (line) => {
    const failure = failureOf(() => readHeaders([line]))
    expect(failure.message).toBe('a header is no "Name: value" on one line')
  })

  it.each<[string | Uint8Array, string]>([
    ['{"a": 1}', 'application/json'],
    ['[]', 'application/json'],
    ['hello', 'text/plain; charset=utf-8'],
    [Buffer.from([0xff, 0xfe]), 'application/octet-stream'],
    ['a\u0000b', 'application/octet-stream'],
  ])('says what its body is: %j', (body, type) => expect(contentTypeOf(Buffer.from(body))).toBe(type))
})
