import type { MemberService } from '../members/service.ts';
import { type AuthStrategy, rejected } from './authenticate.ts';
import { type Issuer, IssuerUnavailable, TokenRefused } from './issuer.ts';
import type { Principal } from './principal.ts';

/** A compact JWS: header, payload and signature. The signature of `alg: none` is empty. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Takes bearer tokens that are ID tokens of signed-in users.
 *
 * @param issuer undefined where none is configured: every such token is refused
 * @param onUnavailable called when the issuer does not answer
 */
export function sessionStrategy(
  issuer: Issuer | undefined,
  members: MemberService,
  onUnavailable: (error: unknown) => void,
): AuthStrategy {
  const authenticate: AuthStrategy['authenticate'] = async (work, token) => {
    if (!COMPACT.test(token)) return null;
    if (!issuer) throw rejected('session tokens are not taken here');
    const claims = await issuer.verify(token).catch((error: unknown) => {
      if (error instanceof TokenRefused) {
        throw rejected(`the session token is refused: ${error.message}`);
      }
      if (!(error instanceof IssuerUnavailable)) throw error;
      onUnavailable(error);
      throw rejected('the session token cannot be checked: its issuer does not answer');
    });
    const { iss = '', sub, email, email_verified, name } = claims;
    const memberships = await members.membershipsOf(work, {
      issuer: iss,
      sub,
      ...(typeof email === 'string' && email_verified === true && { verifiedEmail: email }),
    });
    const shown = typeof name === 'string' ? name : email;
    return {
      kind: 'user',
      id: sub,
      ...(typeof shown === 'string' && { name: shown }),
      memberships,
      stamp: stampOf(iss, sub, memberships),
    };
  };
  return { authenticate };
}

function stampOf(issuer: string, sub: string, memberships: Principal['memberships']): string {
  const roles = [...memberships].map(([org, { role }]) => [org, role]);
  return `user ${JSON.stringify([issuer, sub, roles])}`;
}
