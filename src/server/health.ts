import { DomainError, type Problem } from '../domain/errors.ts';
import { type Answer, jsonAnswer } from '../http/answer.ts';
import type { Deadlines } from '../http/deadlines.ts';
import { orAbandoned } from '../store/bounds.ts';
import { type Store, StoreUnavailable } from '../store/port.ts';
import { OpenWork, type Work } from '../work.ts';

/** Bounds that refuse requests of everybody while they are full, and the reason to give. */
const FULL = {
  requests: 'too many requests are under way',
  bodies: 'the bodies that are being read have too many bytes',
  outgoing: 'the answers that clients do not read have too many bytes',
} as const;

const SILENT = 'the store does not answer';
const LATE = 'the event loop is late: tokens and orgs that used more than their share are refused';

export interface HealthParts {
  readonly store: Pick<Store, 'ping'>;
  /** The ids of keys that sealed secrets need and no setting gives, see `missingKeys`. */
  missingKeys(work: Work): Promise<readonly string[]>;
  readonly loop: { readonly saturated: boolean };
  readonly full: Readonly<Record<keyof typeof FULL, { readonly full: boolean }>>;
  readonly deadlines: Deadlines;
  isStopping(): boolean;
}

const READY_TIMEOUT_MS = 2_000;
/** Probes ask every few seconds, several of them, and keys change with a restart. */
const KEYS_MS = 10_000;

/** Whether the process can serve, for load balancers and people on call. */
export class Health {
  readonly #parts: HealthParts;
  #keys: { readonly at: number; readonly missing: Promise<readonly string[]> } | undefined;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /**
   * The answer of `/readyz`, with every reason. It is 503 if requests of everybody are refused: a
   * late event loop serves those who use their share, and an unreadable secret concerns one agent.
   *
   * @throws DomainError `store.unavailable`, `server.busy`
   */
  async ready(): Promise<Answer> {
    const { loop, full, isStopping } = this.#parts;
    const isLate = loop.saturated;
    const keys = await this.#keysIfAnswered();
    const isSilent = keys === undefined;
    const problems: Problem[] = [
      ...(isStopping() ? [{ path: 'server', message: 'the server is stopping' }] : []),
      ...(isSilent ? [{ path: 'store', message: SILENT }] : []),
      ...Object.entries(FULL).flatMap(([path, message]) =>
        full[path as keyof typeof FULL].full ? [{ path, message }] : [],
      ),
    ];
    const warnings: Problem[] = [
      ...(isLate ? [{ path: 'eventLoop', message: LATE }] : []),
      ...(keys?.length
        ? [{ path: 'secrets', message: `no given key opens secrets of the key ${keys.join(', ')}` }]
        : []),
    ];
    if (problems.length === 0) {
      return jsonAnswer(200, { status: 'ready', ...(warnings.length > 0 && { warnings }) });
    }
    const reasons = problems.map(({ message }) => message).join(', ');
    throw new DomainError(
      isSilent ? 'store.unavailable' : 'server.busy',
      `the server is not ready: ${reasons}`,
      [...problems, ...warnings],
    );
  }

  /** The ids of missing keys; undefined if the store does not answer in time. */
  async #keysIfAnswered(): Promise<readonly string[] | undefined> {
    const { store, deadlines } = this.#parts;
    const origin = { actor: { kind: 'system', id: 'health' }, door: 'system' } as const;
    const deadline = performance.now() + READY_TIMEOUT_MS;
    const work = new OpenWork({ origin, deadline });
    const cancel = deadlines.add(deadline, () => work.end(new StoreUnavailable(SILENT)));
    try {
      await orAbandoned(work, store.ping());
      return await orAbandoned(work, this.#missing(work));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return undefined;
    } finally {
      cancel();
    }
  }

  #missing(work: Work): Promise<readonly string[]> {
    const now = performance.now();
    if (this.#keys && now - this.#keys.at < KEYS_MS) return this.#keys.missing;
    const missing = this.#parts.missingKeys(work);
    const asked = { at: now, missing };
    this.#keys = asked;
    missing.catch(() => {
      if (this.#keys === asked) this.#keys = undefined;
    });
    return missing;
  }
}
