import { DomainError } from '../domain/errors.ts';
import type { PlanClaims } from '../domain/plans.ts';
import { type Keyring, SecretUnreadable } from '../secrets/keyring.ts';

/** Where tokens of plans are sealed: nothing that is sealed elsewhere opens as one. */
const PLACE = 'plan';
const TOKEN = /^plan_([\da-f]+)_([\w.-]+)$/;

/** Seals what a plan says into a token, which callers cannot read. */
export class PlanTokens {
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  async seal(claims: PlanClaims): Promise<string> {
    const { kid, jwe } = await this.#keyring.seal(JSON.stringify(claims), PLACE);
    return `plan_${kid}_${jwe}`;
  }

  /** @throws DomainError `plan.invalid` for any other text than one that `seal` returned */
  async open(token: string): Promise<PlanClaims> {
    const [, kid = '', jwe = ''] = TOKEN.exec(token) ?? [];
    if (!isCanonical(jwe)) throw invalidPlan();
    try {
      return JSON.parse(await this.#keyring.open({ kid, jwe }, PLACE)) as PlanClaims;
    } catch (error) {
      if (error instanceof SecretUnreadable) throw invalidPlan();
      throw error;
    }
  }
}

/** Of the spellings of the same bytes as base64url, only one is accepted. */
function isCanonical(jwe: string): boolean {
  return jwe
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function invalidPlan(): DomainError {
  return new DomainError('plan.invalid', 'the plan is not one that this server made');
}
