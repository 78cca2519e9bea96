import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import type { AuditEntry } from '../audit/entries.ts';
import { parseInstant } from '../domain/time.ts';
import { withServices } from './run.ts';

const ABOUT_EXPORT = `Print the audit log of an org as NDJSON, oldest entry first.

It is read page by page and needs little memory, also while a server runs.
Times are ISO-8601 with an offset, a date alone (in UTC), or milliseconds.`;

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('Export the audit log of an org.');
  audit
    .command('export')
    .summary('Print the audit log of an org as NDJSON.')
    .description(ABOUT_EXPORT)
    .argument('<org>')
    .option('--start <time>', 'the first entry, inclusive', instant)
    .option('--end <time>', 'the end of the time range, exclusive', instant)
    .action((org: string, range: { start?: string; end?: string }) =>
      withServices(async ({ orgs, auditLog }, work) => {
        await orgs.get(work, org);
        for await (const entry of auditLog.all(work, org, range)) await print(entry);
      }),
    );
}

function instant(text: string): string {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new InvalidArgumentError('It must be a point in time.');
  return parsed;
}

/** The entry as REST shows it. Waits for a slow reader. */
async function print(entry: AuditEntry): Promise<void> {
  const { key: _, version: __, resourceVersion: version, ...shown } = entry;
  const line = JSON.stringify({ ...shown, ...(version !== undefined && { version }) });
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
