import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleOf } from '../../rest-compat/openapi/error-examples.ts';
import { refusalOf as translated } from '../../schema/errors.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import { type Agent, assertAgentFits } from '../../src/domain/agents.ts';
import { applyTemplate } from '../../src/domain/apply-template.ts';
import { DomainError, type ErrorCode } from '../../src/domain/errors.ts';
import { mergeDefinition } from '../../src/domain/merge-import.ts';
import { accepted } from '../../src/domain/outcome.ts';
import {
  assertPlanFor,
  assertPlanHolds,
  type PlanClaims,
  planUsed,
} from '../../src/domain/plans.ts';
import type { DefinitionInput } from '../../src/domain/sections.ts';
import { Shares } from '../../src/fairness/shares.ts';
import { timedOut } from '../../src/http/exchange.ts';
import { tooLong } from '../../src/http/json.ts';
import { assertRoom } from '../../src/orgs/room.ts';
import { type Store, StoreUnavailable } from '../../src/store/port.ts';
import { agentWith } from '../kit/agent.ts';
import { openLog } from '../kit/changes.ts';
import { refusalOf } from '../kit/refusal.ts';
import { openTestStore } from '../kit/store.ts';
import { THINGS, thing, thingRecords } from '../kit/things.ts';
import { WORK } from '../kit/work.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** @returns the DomainError that the promise rejects with */
async function rejection(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.catch((it: unknown) => it);
  if (error instanceof DomainError) return error;
  throw new Error('the call was not refused');
}

/** The refusal of a definition whose agent and base have these parts. */
function mergeRefusal(base: Partial<Agent>, theirs: Partial<Agent>, yours: DefinitionInput) {
  const request = { base: agentWith(base), onConflict: undefined, shapeProblems: () => [] };
  return refusalOf(() =>
    accepted(mergeDefinition(agentWith(theirs), yours, request, loadCatalog())),
  );
}

const ASKED = { org: 'acme', agent: 'acme-sdr', caller: 'user 1', change: 'change' };
const ATTEMPT = { ...ASKED, now: new Date(0) };
const PLAN: PlanClaims = {
  ...ASKED,
  id: 'plan',
  uid: 'uid',
  version: 7,
  result: 'after',
  expires: 1,
};

const MEBIBYTE = 1024 * 1024;
const EXAMPLE_BYTES = 812_019;
const WEBHOOKS = 100;

/** The refusals of a server that is full, slow or broken: other tests cause them over HTTP. */
const REFUSALS: Readonly<Partial<Record<ErrorCode, () => DomainError | Promise<DomainError>>>> = {
  'agent.too_large': () => {
    const empty = Buffer.byteLength(JSON.stringify(agentWith({ description: '' })));
    const description = 'x'.repeat(EXAMPLE_BYTES - empty);
    return refusalOf(() => assertAgentFits(agentWith({ description })));
  },
  internal: () => translated(new Error('a bug'), () => 'e11b0633-64b3-4b86-8f4a-4391ddf90c65'),
  'merge.conflict': () => {
    const of = (text: string) => ({ personality: { text } });
    return mergeRefusal(of('a'), of('b'), of('c'));
  },
  'merge.invalid': () => {
    const withDefault = (id: string) => ({
      playbooks: ['a', 'b', 'c'].map((it) => ({
        id: it,
        name: it,
        body: 'b',
        isDefault: it === id,
      })),
    });
    return mergeRefusal(withDefault('a'), withDefault('b'), withDefault('c'));
  },
  'org.limit_reached': async () => {
    const things = await store.collection(THINGS);
    const many = Array.from({ length: WEBHOOKS }, (_, i) => things.toInsert(thing(`w-${i}`)));
    await store.commit(WORK, many);
    return rejection(assertRoom(WORK, things, 'acme', 'webhooks'));
  },
  'plan.expired': () => refusalOf(() => assertPlanFor(PLAN, { ...ATTEMPT, now: new Date() })),
  'plan.foreign': () => refusalOf(() => assertPlanFor(PLAN, { ...ATTEMPT, caller: 'user 2' })),
  'plan.mismatch': () => refusalOf(() => assertPlanFor(PLAN, { ...ATTEMPT, change: 'other' })),
  'plan.stale': () => refusalOf(() => assertPlanHolds(PLAN, { uid: 'uid', version: 8 }, 'after')),
  'plan.used': () => planUsed(8),
  'request.timeout': () => timedOut(30_000),
  'request.too_complex': () => tooLong(16 * MEBIBYTE),
  'server.busy': () => refusalOf(() => new Shares(0, 'requests').enter()),
  'store.unavailable': () => translated(new StoreUnavailable('gone'), () => 'id'),
  'template.not_applicable': () => {
    const catalog = loadCatalog();
    const id = '@anychat/agent-template.sales-development';
    const bare = { id, version: '1', name: 'X', description: 'x', playbookTemplateIds: [] };
    return refusalOf(() => accepted(applyTemplate(agentWith(), bare, catalog)));
  },
  'version.contended': async () => {
    const things = await store.collection(THINGS);
    const { log } = await openLog(store);
    const made = thing('contended');
    await thingRecords(things, log).create(WORK, made);
    const count = (it: typeof made) => ({ ...it, n: it.n + 1 });
    // A write that conflicts at every attempt.
    const also = () => [things.toReplace({ ...made, key: 'acme/none' }, 1)];
    return rejection(thingRecords(things, log).change(WORK, made.key, undefined, count, { also }));
  },
};

it.each(Object.entries(REFUSALS))(
  'the documented example of %s is what is thrown',
  async (code, cause) => {
    const { message, problems } = await cause();
    expect(exampleOf(code as ErrorCode)).toMatchObject({
      value: { code, message, ...(problems.length > 0 && { details: problems }) },
    });
  },
);
