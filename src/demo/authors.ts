import { type Role, scopesOfRole } from '../auth/rights.ts';
import type { Door, Origin } from '../domain/origin.ts';
import type { Services } from '../services.ts';
import { attributed, type Work } from '../work.ts';

/** Who changes something in the demo's past. */
export type AuthorName = 'ines' | 'tom' | 'pipeline' | 'assistant' | 'sysop' | 'runtime';

interface Member {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

const MEMBERS: Readonly<Record<'ines' | 'tom' | 'ruth', Member>> = {
  ines: { name: 'Ines Moreau', email: 'ines.moreau@acme.example', role: 'admin' },
  tom: { name: 'Tom Baker', email: 'tom.baker@acme.example', role: 'editor' },
  ruth: { name: 'Ruth Adeyemi', email: 'ruth.adeyemi@acme.example', role: 'viewer' },
};

interface Key {
  readonly name: string;
  readonly description: string;
  readonly door: Door;
}

const KEYS: Readonly<Record<'pipeline' | 'assistant', Key>> = {
  pipeline: {
    name: 'Deploy pipeline',
    description: 'Applies the definitions that are kept in the repository.',
    door: 'rest',
  },
  assistant: {
    name: 'Writing assistant',
    description: 'Proposes wordings over the Model Context Protocol.',
    door: 'mcp',
  },
};

/** Creates the members and keys of the demo. @returns the origin of each author's changes */
export async function createAuthors(
  work: Work,
  org: string,
  { members, apiKeys }: Pick<Services, 'members' | 'apiKeys'>,
): Promise<Readonly<Record<AuthorName, Origin>>> {
  for (const { email, role } of Object.values(MEMBERS)) {
    await members.set(work, org, email, role);
  }
  const ines = userOf(MEMBERS.ines);
  const issuing = attributed(work, ines);
  const editor = { role: 'editor', scopes: new Set(scopesOfRole('editor')) } as const;
  const keyOf = async ({ name, description, door }: Key): Promise<Origin> => {
    const input = { name, description, scopes: scopesOfRole('editor') };
    const { doc } = await apiKeys.create(issuing, org, editor, input);
    return { actor: { kind: 'apiKey', id: doc.id, name }, door };
  };
  return {
    ines,
    tom: userOf(MEMBERS.tom),
    pipeline: await keyOf(KEYS.pipeline),
    assistant: await keyOf(KEYS.assistant),
    sysop: { actor: { kind: 'operator', id: 'sysop' }, door: 'cli' },
    runtime: { actor: { kind: 'system', id: 'runtime' }, door: 'system' },
  };
}

/** The user id is that of the issuer of session tokens. */
function userOf({ name, email }: Member): Origin {
  const id = email.slice(0, email.indexOf('@'));
  return { actor: { kind: 'user', id, name }, door: 'graphql' };
}
