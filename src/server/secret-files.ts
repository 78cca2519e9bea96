import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that are or may hold a secret. */
const SECRET =
  /^(STORE_URL|SECRETS_KEY|SECRETS_KEYS_OLD|BOOTSTRAP_API_KEY|OTEL_EXPORTER_OTLP_(?:TRACES_)?HEADERS|OAUTH_[A-Z0-9_]+_CLIENT_SECRET)$/;
const SUFFIX = '_FILE';

/**
 * The environment with its secrets read from files: `SECRETS_KEY_FILE` names the
 * file that holds `SECRETS_KEY`, as containers are given secrets.
 *
 * @param problems gains a line for each file that cannot be used
 */
export function withSecretFiles(environment: Environment, problems: string[]): Environment {
  const read: Record<string, string> = {};
  for (const [name, file] of Object.entries(environment)) {
    const setting = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
    if (!file || !SECRET.test(setting)) continue;
    if (environment[setting]) {
      problems.push(`${setting} and ${name} must not be given both`);
      continue;
    }
    try {
      read[setting] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      problems.push(`${name} must name a readable file: ${(error as Error).message}`);
      continue;
    }
    if (read[setting] === '') problems.push(`${name} must name a file that is not empty`);
  }
  return { ...environment, ...read };
}
