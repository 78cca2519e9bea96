import { chmod, mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { ClientError } from './failure.ts';
import { readIfExists, replaceFile } from './files.ts';

/** A server, an org and a token for both. */
export interface Profile {
  readonly url: string;
  readonly org: string;
  readonly token: string;
}

interface Profiles {
  /** The name of the profile that was logged in last. */
  readonly current: string | undefined;
  readonly profiles: Readonly<Record<string, Profile>>;
}

export const DEFAULT_PROFILE = 'default';
const NONE: Profiles = { current: undefined, profiles: {} };

/** The file of profiles, in the user's folder of settings (XDG Base Directory Specification). */
export function profilesFile(env: NodeJS.ProcessEnv): string {
  const config = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return join(config, 'agent-api', 'profiles.json');
}

/** @throws ClientError if the file is not readable, or if others than its owner can read it */
export async function readProfiles(file: string): Promise<Profiles> {
  const text = await readIfExists(file);
  if (text === undefined) return NONE;
  if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
    throw new ClientError(`other users can read the tokens in ${file}: run chmod 600 on it`);
  }
  try {
    const { current, profiles } = JSON.parse(text) as Partial<Profiles>;
    return { current, profiles: { ...profiles } };
  } catch {
    throw new ClientError(`${file} is not JSON: remove it and log in again`);
  }
}

/** Stores a profile and makes it the current one. */
export async function saveProfile(file: string, name: string, profile: Profile): Promise<void> {
  const { profiles } = await readProfiles(file);
  await writeProfiles(file, { current: name, profiles: { ...profiles, [name]: profile } });
}

/** @returns false if there is no such profile */
export async function removeProfile(file: string, name: string): Promise<boolean> {
  const { current, profiles } = await readProfiles(file);
  const { [name]: removed, ...others } = profiles;
  if (!removed) return false;
  const next = current === name ? Object.keys(others)[0] : current;
  await writeProfiles(file, { current: next, profiles: others });
  return true;
}

async function writeProfiles(file: string, profiles: Profiles): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await replaceFile(file, `${JSON.stringify(profiles, null, 2)}\n`, 0o600);
}
