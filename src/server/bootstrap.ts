import type { ApiKeyService } from '../api-keys/service.ts';
import { scopesOfRole } from '../auth/rights.ts';
import type { OrgService } from '../orgs/service.ts';
import type { Work } from '../work.ts';
import type { Settings } from './settings.ts';

/** What a first start made. */
export interface FirstStart {
  readonly org: string;
  /** The admin key, if it was minted here: it is shown this one time. */
  readonly mintedKey: string | undefined;
}

/** Makes the first org and its admin key in an empty store; undefined when there is an org already. */
export async function bootstrap(
  work: Work,
  { bootstrapOrg, bootstrapApiKey }: Settings,
  orgs: OrgService,
  apiKeys: ApiKeyService,
): Promise<FirstStart | undefined> {
  if (!(await orgs.isEmpty(work))) return undefined;
  const key = { name: 'Bootstrap', role: 'owner', scopes: scopesOfRole('owner') } as const;
  // The key first: a start that dies in between is still a first start.
  const { secret } = await apiKeys.mint(work, bootstrapOrg, key, bootstrapApiKey);
  await orgs.ensure(work, bootstrapOrg, titleOf(bootstrapOrg));
  return { org: bootstrapOrg, mintedKey: bootstrapApiKey ? undefined : secret };
}

/** `acme-health` as `Acme Health`. */
function titleOf(slug: string): string {
  return slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
