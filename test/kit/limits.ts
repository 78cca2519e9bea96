/** Limits that are counted, and that no test reaches by accident. */
export const UNREACHED_LIMITS = {
  RATE_LIMIT_PRINCIPAL: '999999999',
  RATE_LIMIT_ORG: '999999999',
  RATE_LIMIT_ADDRESS: '999999999',
  RATE_LIMIT_REFUSED_TOKENS: '999999999',
  RATE_LIMIT_OAUTH_STARTS: '999999999',
} as const;
