import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';

/** A grant, or a step of it, that failed. It never carries what the provider sent, tokens included. */
export class OAuthFailure extends Error {
  override readonly name = 'OAuthFailure';
  /** A word for programs: the provider's own error code, or one of ours. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** No answer in time, or none that is one. */
export const UNAVAILABLE = 'provider_unavailable';
const CODE = /^[A-Za-z0-9_.-]{1,64}$/;

/** @throws the error itself when it is none of a conversation with a provider */
export function failureOf(error: unknown): OAuthFailure {
  if (error instanceof OAuthFailure) return error;
  if (error instanceof ResponseBodyError && error.status < 500) return refused(error.error);
  if (error instanceof AuthorizationResponseError) return refused(error.error);
  if (error instanceof WWWAuthenticateChallengeError) return refused('invalid_client');
  if (error instanceof ResponseBodyError || isServerError(error) || isNetworks(error)) {
    return new OAuthFailure(UNAVAILABLE, 'the provider does not answer; try again later');
  }
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    return new OAuthFailure('response_invalid', "the provider's answer is not what OAuth says");
  }
  throw error;
}

function refused(code: string): OAuthFailure {
  const reason = CODE.test(code) ? code : 'provider_error';
  return new OAuthFailure(reason, `the provider refused (${reason})`);
}

function isServerError(error: unknown): boolean {
  if (!(error instanceof OperationProcessingError)) return false;
  return error.cause instanceof Response && error.cause.status >= 500;
}

/** What fetch throws: a TypeError with a cause, or the time-out's DOMException. */
function isNetworks(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === 'TimeoutError';
  return error instanceof TypeError && error.cause !== undefined;
}
