import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import createCompletion from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { AGENTS_FOLDER } from './project.ts';

/**
 * Adds `complete SHELL`, which prints the completion script of a shell. The script asks the program
 * itself, so it knows every command and option. Called once every other command exists.
 */
export function addCompletion(program: Command): void {
  const { commands } = createCompletion(program);
  for (const command of commands.values()) {
    // A candidate is one line.
    command.description = command.description.split('\n', 1)[0] ?? '';
    const argument = command.arguments.get('agent') ?? command.arguments.get('agents');
    if (argument) {
      argument.handler = (complete) => {
        for (const agent of agentsInFolder()) complete(agent, '');
      };
    }
  }
}

/** Of the current folder: completion must be quick, and asks no server. */
function agentsInFolder(): string[] {
  try {
    return readdirSync(join(process.cwd(), AGENTS_FOLDER))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => file.slice(0, -'.yaml'.length));
  } catch {
    return [];
  }
}
