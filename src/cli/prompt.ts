import { type Command, Option } from 'commander';
import type { Agent } from '../domain/agents.ts';
import { CHANNEL_NAMES } from '../domain/channels.ts';
import type { PromptQuery, PromptService } from '../prompts/service.ts';
import { COLOURED, hasColours } from '../terminal/change-text.ts';
import { hunkText } from '../terminal/hunk-text.ts';
import { printTable } from '../terminal/table.ts';
import type { Work } from '../work.ts';
import { withServices } from './run.ts';
import { versionNumber } from './version-number.ts';

interface PromptOptions {
  readonly playbook?: string;
  readonly person?: string;
  readonly channel?: string;
  readonly version?: number;
  readonly diff?: number;
  readonly json?: boolean;
}

const ABOUT = `Print the system prompt that the model sees.

Prints the text on stdout, and on stderr its size by section, with an estimate
of the tokens, and the parts that the model does not get.

With --diff, prints the lines that differ from the prompt of another version,
and on stderr what the change adds to each section.`;

export function addPrompt(program: Command): void {
  program
    .command('prompt')
    .summary('Print the system prompt that the model sees.')
    .description(ABOUT)
    .argument('<org>')
    .argument('<agent>')
    .option('--playbook <id>', 'the active playbook; default: the default playbook')
    .option('--person <id>', 'the person to render message templates for')
    .addOption(
      new Option('--channel <name>', 'the channel of the conversation').choices(CHANNEL_NAMES),
    )
    .option(
      '--version <number>',
      'the version of the agent; default: the current one',
      versionNumber,
    )
    .option('--diff <number>', 'compare with the prompt of this version', versionNumber)
    .option('--json', 'print everything as JSON on stdout, with the origin of each part')
    .action((org: string, id: string, { diff, json = false, ...options }: PromptOptions) =>
      withServices(async ({ agents, prompts }, work) => {
        const agent = await agents.get(work, { org, id });
        const query: PromptQuery = {
          playbookId: options.playbook,
          personId: options.person,
          channel: options.channel,
          version: options.version,
        };
        if (diff === undefined) await printPrompt(prompts, work, agent, query, json);
        else await printDiff(prompts, work, agent, query, diff, json);
      }),
    );
}

async function printPrompt(
  prompts: PromptService,
  work: Work,
  agent: Agent,
  query: PromptQuery,
  json: boolean,
): Promise<void> {
  const prompt = await prompts.of(work, agent, query);
  const size = await prompts.size(work, prompt);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...prompt, ...size })}\n`);
    return;
  }
  process.stdout.write(`${prompt.text}\n`);
  const { characters, withheld } = prompt;
  const rows = [...size.sections, { section: 'total', ...size, characters }];
  printTable(
    ['section', 'characters', 'tokens (estimate)'],
    rows.map((row) => [row.section, `${row.characters}`, `${row.estimatedTokens}`]),
    process.stderr,
  );
  printTable(
    ['withheld', 'id', 'reason', 'tool'],
    withheld.map(({ kind, id: part, reason, toolId = '' }) => [kind, part, reason, toolId]),
    process.stderr,
  );
}

async function printDiff(
  prompts: PromptService,
  work: Work,
  agent: Agent,
  { version, ...conversation }: PromptQuery,
  from: number,
  json: boolean,
): Promise<void> {
  const versions = { from, to: version ?? agent.version };
  const diff = await prompts.between(work, agent, versions, conversation);
  if (json) {
    process.stdout.write(`${JSON.stringify(diff)}\n`);
    return;
  }
  const marks = hasColours(process.stdout) ? COLOURED : undefined;
  for (const hunk of diff.hunks) process.stdout.write(`${hunkText(hunk, marks)}\n`);
  if (!diff.isComplete) process.stderr.write('The rest is left out: too many lines differ.\n');
  const rows = [...diff.sections, { ...diff, section: 'total' }];
  printTable(
    ['section', 'added characters', 'added tokens (estimate)'],
    rows.map((row) => [row.section, signed(row.addedCharacters), signed(row.addedTokens)]),
    process.stderr,
  );
}

function signed(count: number): string {
  return count > 0 ? `+${count}` : `${count}`;
}
