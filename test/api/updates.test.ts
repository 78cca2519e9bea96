import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import type { DerivedFrom } from '../../src/domain/derived-from.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let id: string;
let agent: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  id = await server.owner.createAgent();
  agent = `/orgs/acme/agents/${id}`;
  await server.owner.post(`${agent}/apply-template`, {
    templateId: '@anychat/agent-template.sales-development',
  });
});

const PINNED: readonly string[] = [
  '@anychat/personality-template.professional',
  '@anychat/objective-template.book-qualified-meetings',
  '@anychat/skill-template.call-booking',
  '@anychat/playbook-template.product-questions',
];

interface Piece {
  readonly derivedFrom?: DerivedFrom;
}

/** Changes the agent as if its copies were made from an earlier version of the catalog. */
async function age(templates: readonly string[], version: string, templateId?: string) {
  const aged = <T extends Piece>(piece: T): T =>
    piece.derivedFrom && templates.includes(piece.derivedFrom.templateId)
      ? {
          ...piece,
          derivedFrom: {
            templateId: piece.derivedFrom.templateId,
            version,
            ...(templateId && { templateId }),
          },
        }
      : piece;
  await server.services.agents.change(
    WORK,
    { org: 'acme', id },
    undefined,
    (it): Agent => ({
      ...it,
      ...(it.personality && { personality: aged({ ...it.personality, text: 'Old.' }) }),
      objectives: (it.objectives ?? []).map(aged),
      skills: (it.skills ?? []).map(aged),
      playbooks: (it.playbooks ?? []).map(aged),
    }),
  );
}

const updates = async () => (await server.owner.get(`${agent}/updates`)).body;
const apply = (body: object) => server.owner.post(`${agent}/updates/apply`, body);

describe('updates', () => {
  it('list every piece that was copied from the catalog', async () => {
    await server.owner.post(`${agent}/skills`, { name: 'Mine', body: 'b' });
    const { data, updateCount } = await updates();
    const pieces = data as Record<string, unknown>[];
    expect(updateCount).toBe(0);
    expect(pieces.map(({ kind }) => kind)).toEqual([
      'personality',
      ...Array(4).fill('objective'),
      ...Array(6).fill('skill'),
      ...Array(6).fill('playbook'),
    ]);
    expect(pieces.some((piece) => piece.id === 'mine')).toBe(false);
  });

  it('show which pieces have a newer version', async () => {
    await age(PINNED.slice(0, 3), '1');
    const { data, updateCount } = await updates();
    expect(updateCount).toBe(3);
    expect(data).toContainEqual({
      kind: 'skill',
      id: 'call-booking',
      name: (await server.owner.get(`${agent}/skills/call-booking`)).body.name,
      templateId: '@anychat/skill-template.call-booking',
      currentVersion: '1',
      latestVersion: '2',
      updateAvailable: true,
      templateMissing: false,
    });
    expect(data).toContainEqual(
      expect.objectContaining({ kind: 'personality', updateAvailable: true }),
    );
  });

  it.each([
    ['skill', 'skills', 'call-booking', { enabled: false }],
    ['objective', 'objectives', 'book-qualified-meetings', { priority: 7 }],
    ['playbook', 'playbooks', 'product-questions', { isDefault: true, isOutbound: true }],
  ])('bring a %s up to date, and keep its own settings', async (kind, part, piece, own) => {
    const path = `${agent}/${part}/${piece}`;
    const { body: latest } = await server.owner.get(path);
    await server.owner.patch(path, { ...own, name: 'Mine', body: 'Mine.' });
    await age(PINNED, '0');
    const { status, headers, body } = await apply({ kind, id: piece });
    expect({ status, body }).toEqual({ status: 200, body: { ...latest, ...own } });
    const read = await server.owner.get(path);
    expect(read.body).toEqual(body);
    expect(headers.get('etag')).toBe(read.headers.get('etag'));
    expect((await updates()).updateCount).toBe(PINNED.length - 1);
  });

  it('bring the personality up to date, without an id', async () => {
    const { body: latest } = await server.owner.get(`${agent}/personality`);
    await age(PINNED, '1');
    const { status, body } = await apply({ kind: 'personality' });
    expect({ status, body }).toEqual({ status: 200, body: latest });
    expect((await server.owner.get(`${agent}/personality`)).body).toEqual(latest);
  });

  it('change nothing, not even edits, when there is no newer version', async () => {
    const path = `${agent}/skills/call-booking`;
    const { body: edited, headers } = await server.owner.patch(path, { body: 'Mine.' });
    const { status, body } = await apply({ kind: 'skill', id: 'call-booking' });
    expect({ status, body }).toEqual({ status: 200, body: edited });
    expect((await server.owner.get(path)).headers.get('etag')).toBe(headers.get('etag'));
  });

  it.each(['3', '10', '99.1'])(
    'are none for version %s of a newer catalog, and apply nothing',
    async (version) => {
      await age(PINNED, version);
      const { data, updateCount } = await updates();
      expect(updateCount).toBe(0);
      expect(data).toContainEqual(
        expect.objectContaining({
          id: 'call-booking',
          currentVersion: version,
          latestVersion: '2',
          updateAvailable: false,
        }),
      );
      const { body: before } = await server.owner.get(`${agent}/skills/call-booking`);
      const { status, body } = await apply({ kind: 'skill', id: 'call-booking' });
      expect({ status, body }).toEqual({ status: 200, body: before });
    },
  );

  it('report a template that no longer exists, and refuse to apply it', async () => {
    await age(PINNED, '1', '@anychat/skill-template.gone');
    const { data, updateCount } = await updates();
    expect(updateCount).toBe(0);
    const gone = (data as Record<string, unknown>[]).find((piece) => piece.id === 'call-booking');
    expect(gone).toMatchObject({ updateAvailable: false, templateMissing: true });
    expect(gone).not.toHaveProperty('latestVersion');
    const answer = await apply({ kind: 'skill', id: 'call-booking' });
    expectRefusal(answer, 409, 'update.template_missing');
  });

  it.each([
    [{ kind: 'skill', id: 'mine' }, 409, 'update.not_derived', undefined],
    [{ kind: 'skill', id: 'escalate-to-human' }, 409, 'update.not_derived', undefined],
    [{ kind: 'skill', id: 'nobody' }, 404, 'skill.not_found', undefined],
    [{ kind: 'objective', id: 'nobody' }, 404, 'objective.not_found', undefined],
    [{ kind: 'playbook', id: 'nobody' }, 404, 'playbook.not_found', undefined],
    [{ kind: 'skill' }, 400, 'request.invalid', ['id']],
    [{ id: 'call-booking' }, 400, 'request.invalid', ['kind']],
    [{ kind: 'guardrail', id: 'x' }, 400, 'request.invalid', ['kind']],
  ])('refuse %j', async (body, status, code, paths) => {
    await server.owner.post(`${agent}/skills`, { name: 'Mine', body: 'b' });
    expectRefusal(await apply(body), status, code, paths);
  });

  it('refuse the personality when none is set', async () => {
    const bare = `/orgs/acme/agents/${await server.owner.createAgent()}`;
    const answer = await server.owner.post(`${bare}/updates/apply`, { kind: 'personality' });
    expectRefusal(answer, 404, 'personality.not_set');
  });
});
