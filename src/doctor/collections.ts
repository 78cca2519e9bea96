import { AGENTS } from '../agents/collection.ts';
import { API_KEY_USES, API_KEYS } from '../api-keys/collection.ts';
import { CHANGES } from '../changes/collection.ts';
import { JOBS } from '../changes/jobs.ts';
import { AGENT_NUMBERS, VERSIONS } from '../history/collection.ts';
import { IDEMPOTENCY } from '../idempotency/collection.ts';
import { MEMBERS, OWNER_LOCKS } from '../members/collection.ts';
import { CREDENTIALS } from '../oauth/credentials.ts';
import { PENDING_GRANTS } from '../oauth/pending-grants.ts';
import { ORGS } from '../orgs/collection.ts';
import { OUTREACH_CODES, OUTREACH_LINKS } from '../outreach-links/collection.ts';
import { APPOINTMENTS, PEOPLE, PERSON_LINKS } from '../people/collection.ts';
import { SHARED_LIMITS } from '../rate-limits/collection.ts';
import { SECRETS } from '../secrets/secret-store.ts';
import type { CollectionSpec } from '../store/port.ts';
import { CONVERSATIONS, LOGS, MESSAGES, USERS } from '../traffic/collections.ts';
import { TRAFFIC_HOURS } from '../traffic/hours.ts';
import { CONVERSATION_VERSIONS, VERSION_USES } from '../traffic/version-usage.ts';
import { DELIVERIES, WEBHOOK_RESULTS, WEBHOOKS } from '../webhooks/collection.ts';

/** Every collection of a store; a test compares it with a store. */
export const COLLECTIONS: readonly CollectionSpec[] = [
  AGENTS,
  AGENT_NUMBERS,
  API_KEYS,
  API_KEY_USES,
  APPOINTMENTS,
  CHANGES,
  CONVERSATIONS,
  CONVERSATION_VERSIONS,
  CREDENTIALS,
  DELIVERIES,
  IDEMPOTENCY,
  JOBS,
  LOGS,
  MEMBERS,
  MESSAGES,
  ORGS,
  OUTREACH_CODES,
  OUTREACH_LINKS,
  OWNER_LOCKS,
  PENDING_GRANTS,
  PEOPLE,
  PERSON_LINKS,
  SHARED_LIMITS,
  SECRETS,
  USERS,
  VERSIONS,
  TRAFFIC_HOURS,
  VERSION_USES,
  WEBHOOKS,
  WEBHOOK_RESULTS,
];

/** The collections of sealed documents. */
export const SEALED = [SECRETS, CREDENTIALS] as const;

/** The indexes of work that waits for a running server. */
export const BACKLOG_INDEXES: ReadonlySet<string> = new Set(['pending', 'due']);
