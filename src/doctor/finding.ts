/** The result of one check of a store. */
export interface Finding {
  readonly check: 'format' | 'keys' | 'indexes' | 'orphans' | 'backlog' | 'readers' | 'size';
  /** A problem needs the operator; a warning may pass by itself. */
  readonly level: 'ok' | 'warning' | 'problem';
  readonly message: string;
  /** What to do. */
  readonly advice?: string;
}
