import { readFileSync } from 'node:fs';
import type { Prepared } from '../operations/documents.ts';
import { documentHash } from '../operations/operation-note.ts';
import { SettingsError } from './settings.ts';

/**
 * Reads a manifest as GraphQL Code Generator writes it: a JSON object of documents by their
 * SHA-256.
 *
 * @param prepare validates a document
 * @returns the documents by their hash
 * @throws SettingsError that names the documents that cannot be used
 */
export function readTrustedDocuments(
  file: string,
  prepare: (text: string) => Prepared,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const problems: string[] = [];
  for (const [id, text] of Object.entries(manifestIn(file))) {
    const problem = problemOf(id, text, prepare);
    if (problem === undefined) found.set(documentHash(text as string), text as string);
    else problems.push(`${id}: ${problem}`);
  }
  if (problems.length > 0) throw unusable(file, ...problems);
  return found;
}

function manifestIn(file: string): object {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unusable(file, error instanceof Error ? error.message : String(error));
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw unusable(file, 'must be a JSON object of documents by their SHA-256');
  }
  return manifest;
}

function problemOf(
  id: string,
  text: unknown,
  prepare: (text: string) => Prepared,
): string | undefined {
  if (typeof text !== 'string') return 'must be a string';
  if (id.replace('sha256:', '').toLowerCase() !== documentHash(text)) return 'is not its SHA-256';
  return prepare(text)
    .errors?.map(({ message }) => message)
    .join(', ');
}

function unusable(file: string, ...reasons: readonly string[]): SettingsError {
  return new SettingsError(reasons.map((reason) => `TRUSTED_DOCUMENTS, ${file}: ${reason}`));
}
