import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHANNEL_STATUSES,
  type ChannelBinding,
  type ChannelBindingStatus,
  disableChannelBinding,
  enableChannelBinding,
  moveChannelBinding,
} from '../../src/domain/channels.ts';
import { refusalOf } from '../kit/refusal.ts';

const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T00:00:00.000Z';

function binding(status: ChannelBindingStatus): ChannelBinding {
  const events = [{ at, to: status, actor: 'operator' as const }];
  return { id: 'chan_1', channel: 'rcs', mode: 'managed', status, events };
}

function move(to: ChannelBindingStatus) {
  return { to, detail: 'Because.', actor: 'sysop' as const, at: later };
}

/** As in decisions, "Channels": Requested → Provisioning → … */
const ALLOWED = new Set([
  'Requested→Provisioning',
  'Requested→Failed',
  'Provisioning→ActionRequired',
  'Provisioning→Active',
  'Provisioning→Failed',
  'ActionRequired→Provisioning',
  'ActionRequired→Failed',
  'Active→Disabled',
  'Active→Failed',
  'Disabled→Active',
]);
const PAIRS = CHANNEL_STATUSES.flatMap((from) => CHANNEL_STATUSES.map((to) => [from, to] as const));

describe('moveChannelBinding', () => {
  it.each(PAIRS)('moves from %s to %s, or refuses it, as documented', (from, to) => {
    const attempt = () => moveChannelBinding(binding(from), move(to));
    if (ALLOWED.has(`${from}→${to}`)) {
      const { status, events } = attempt();
      expect(status).toBe(to);
      expect(events.at(-1)).toEqual({ at: later, from, to, note: 'Because.', actor: 'sysop' });
    } else {
      expect(refusalOf(attempt).code).toBe('channel.move_refused');
    }
  });

  it('sets the detail of the status, until the next move', () => {
    const asked = moveChannelBinding(binding('Provisioning'), move('ActionRequired'));
    expect(asked.statusDetail).toBe('Because.');
    const { statusDetail, events } = moveChannelBinding(asked, {
      to: 'Provisioning',
      actor: 'sysop',
      note: 'Papers came.',
      at: later,
    });
    expect(statusDetail).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ note: 'Papers came.' });
  });

  it('keeps the detail in the history, in front of the note', () => {
    const asked = { ...move('ActionRequired'), note: 'Ticket 7.' };
    const { events } = moveChannelBinding(binding('Provisioning'), asked);
    expect(events.at(-1)?.note).toBe('Because.\nTicket 7.');
  });

  it.each(['ActionRequired', 'Failed'] as const)('requires a detail for %s', (to) => {
    const silent = { ...move(to), detail: ' ' };
    const { problems } = refusalOf(() => moveChannelBinding(binding('Provisioning'), silent));
    expect(problems.map(({ path }) => path)).toEqual(['detail']);
  });

  it.each(['detail', 'note', 'routingId'])('bounds the length of %s', (field) => {
    const long = { ...move('Failed'), [field]: 'x'.repeat(1_001) };
    const { problems } = refusalOf(() => moveChannelBinding(binding('Active'), long));
    expect(problems.map(({ path }) => path)).toEqual([field]);
  });

  it('keeps the routing id', () => {
    const active = moveChannelBinding(binding('Provisioning'), {
      ...move('Active'),
      routingId: 'r1',
    });
    expect(moveChannelBinding(active, move('Disabled')).routingId).toBe('r1');
  });
});

describe('disabling and enabling', () => {
  it('restores the status, and changes nothing the second time', () => {
    const off = disableChannelBinding(binding('Active'), later);
    expect(off.status).toBe('Disabled');
    expect(disableChannelBinding(off, later)).toBe(off);
    const on = enableChannelBinding(off, later);
    expect(on.status).toBe('Active');
    expect(enableChannelBinding(on, later)).toBe(on);
    expect(on.events.map(({ to }) => to)).toEqual(['Active', 'Disabled', 'Active']);
  });

  it.each(['Requested', 'Provisioning', 'ActionRequired', 'Failed'] as const)(
    'is refused if the binding is %s',
    (status) => {
      expect(refusalOf(() => disableChannelBinding(binding(status), at)).code).toBe(
        'channel.move_refused',
      );
      expect(refusalOf(() => enableChannelBinding(binding(status), at)).code).toBe(
        'channel.move_refused',
      );
    },
  );
});

it('after any moves, the events are a path from the first status to the current one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...CHANNEL_STATUSES)), (targets) => {
      let now = binding('Requested');
      for (const to of targets) {
        if (ALLOWED.has(`${now.status}→${to}`)) now = moveChannelBinding(now, move(to));
      }
      const path = now.events.map((event, i) => event.from ?? now.events[i]?.to);
      expect(path.slice(1)).toEqual(now.events.slice(0, -1).map(({ to }) => to));
      expect(now.events.at(-1)?.to).toBe(now.status);
    }),
  );
});

it('a long list of events keeps the first one and the latest ones', () => {
  let now = binding('Active');
  for (let i = 0; i < 150; i += 1)
    now = enableChannelBinding(disableChannelBinding(now, later), later);
  expect(now.events).toHaveLength(200);
  expect(now.events.at(0)).toEqual({ at, to: 'Active', actor: 'operator' });
  expect(now.events.at(-1)).toMatchObject({ from: 'Disabled', to: 'Active' });
});
