import { type Command, Option } from 'commander';
import { CHANNEL_NAMES } from '../domain/channels.ts';
import type { PromptQuery } from '../prompts/service.ts';
import { printTable } from './print.ts';
import { withServices } from './run.ts';

interface PromptOptions {
  readonly playbook?: string;
  readonly person?: string;
  readonly channel?: string;
  readonly json?: boolean;
}

const ABOUT = `Print the system prompt that the model sees.

Prints the text on stdout, and on stderr its size by section, with an estimate
of the tokens, and the parts that the model does not get.`;

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
    .option('--json', 'print everything as JSON on stdout, with the origin of each part')
    .action((org: string, id: string, options: PromptOptions) =>
      withServices(async ({ agents, prompts }, work) => {
        const agent = await agents.get(work, { org, id });
        const conversation: PromptQuery = {
          playbookId: options.playbook,
          personId: options.person,
          channel: options.channel,
        };
        const prompt = await prompts.of(work, agent, conversation);
        const size = await prompts.size(work, prompt);
        if (options.json) {
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
      }),
    );
}
