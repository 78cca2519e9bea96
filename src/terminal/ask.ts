import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Whether questions can be answered: both ends are a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks for a secret: what is typed is not shown. @returns an empty text on Ctrl+C and Ctrl+D */
export async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asked = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Only now does the terminal no longer show what is typed or pasted.
  process.stderr.write(question);
  try {
    return await answer(asked, '');
  } finally {
    asked.close();
    process.stderr.write('\n');
  }
}

/** Everything on stdin. */
export async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

/** Asks a question. Anything but yes is no, also Ctrl+C and Ctrl+D. */
export async function confirmed(question: string): Promise<boolean> {
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await answer(asked, `${question} [y/N] `)).trim());
  } finally {
    asked.close();
  }
}

/** @returns an empty text if the question is left without an answer */
async function answer(asked: Interface, question: string): Promise<string> {
  try {
    return await asked.question(question);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    process.stderr.write('\n');
    return '';
  }
}
