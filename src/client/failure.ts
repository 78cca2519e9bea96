/** The exit codes of the commands that work on a server. */
export const EXIT = {
  /** Nothing to do, or done. */
  done: 0,
  error: 1,
  /** Changes are pending. */
  pending: 2,
  /** Nothing was written, because both sides changed the same. */
  conflict: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that the user can fix: one sentence. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.error) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** No answer: the outcome of a write is unknown. */
export class Unreachable extends ClientError {
  override readonly name = 'Unreachable';
}

export interface Detail {
  readonly path: string;
  readonly message: string;
}

/** The server's refusal. */
export class ServerError extends ClientError {
  override readonly name = 'ServerError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly details: readonly Detail[];
  /** The whole answer; its fields depend on the code. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, requestId: string | null, body: Readonly<Record<string, unknown>>) {
    const { message, code } = body;
    super(typeof message === 'string' ? message : `the server answered with status ${status}`);
    this.status = status;
    this.code = typeof code === 'string' ? code : '';
    this.requestId = typeof body.requestId === 'string' ? body.requestId : (requestId ?? undefined);
    this.details = Array.isArray(body.details) ? (body.details as readonly Detail[]) : [];
    this.body = body;
  }
}
