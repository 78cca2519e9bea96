import type { ApiKeyService } from '../api-keys/service.ts';
import type { MemberService } from '../members/service.ts';
import { apiKeyStrategy } from './api-key-strategy.ts';
import type { AuthStrategy } from './authenticate.ts';
import type { Issuer } from './issuer.ts';
import { sessionStrategy } from './session-strategy.ts';

export interface StrategyParts {
  readonly apiKeys: ApiKeyService;
  readonly members: MemberService;
  /** Undefined when no issuer is configured: session tokens are refused then. */
  readonly issuer: Issuer | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  onIssuerUnavailable(error: unknown): void;
}

/**
 * Every way to authenticate, in the order in which they are asked. Each recognises its tokens
 * by their form. API keys come first: they are cheaper to check, and the last strategy is the
 * one whose form is the least specific.
 */
export function authStrategies(parts: StrategyParts): readonly AuthStrategy[] {
  const { apiKeys, members, issuer, now, onIssuerUnavailable } = parts;
  return [apiKeyStrategy(apiKeys, now), sessionStrategy(issuer, members, onIssuerUnavailable)];
}
