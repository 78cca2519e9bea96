import { ClientError } from './failure.ts';
import { DEFAULT_PROFILE, type Profile, profilesFile, readProfiles } from './profiles.ts';

/** A server, an org and a token, and the profile that they are from. */
export interface Connection extends Profile {
  /** Undefined if the environment names the server and the token. */
  readonly profile: string | undefined;
}

/** The server and the org that a folder of agents belongs to. */
export interface Target {
  readonly url: string;
  readonly org: string;
}

/**
 * The connection of a command: `AGENT_API_URL`, `AGENT_API_TOKEN` and `AGENT_API_ORG`, or else a
 * profile. That is the one that is named, or else the one of the folder's server, or else the
 * current one. A token is sent to no other server than the one that it was given for: a folder
 * of somebody else could name any.
 *
 * @throws ClientError
 */
export async function connectionOf(
  env: NodeJS.ProcessEnv,
  named: string | undefined,
  target: Target | undefined,
): Promise<Connection> {
  const { AGENT_API_URL: url, AGENT_API_TOKEN: token, AGENT_API_ORG: org } = env;
  if (url && token) {
    const ofTarget = target && isSameUrl(target.url, url) ? target.org : undefined;
    return { url: serverUrl(url), token, org: org || ofTarget || '', profile: undefined };
  }
  const { name, ...profile } = await profileOf(env, named, target);
  if (url && !isSameUrl(url, profile.url)) {
    throw new ClientError(
      `AGENT_API_URL names another server than the profile '${name}': set AGENT_API_TOKEN too, or choose a profile of it`,
    );
  }
  return {
    url: profile.url,
    token: token || profile.token,
    org: org || target?.org || profile.org,
    profile: name,
  };
}

async function profileOf(
  env: NodeJS.ProcessEnv,
  named: string | undefined,
  target: Target | undefined,
): Promise<Profile & { readonly name: string }> {
  const { current, profiles } = await readProfiles(profilesFile(env));
  const name = named || env.AGENT_API_PROFILE;
  if (name) {
    const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
    if (!profile)
      throw new ClientError(`there is no profile '${name}': log in with --profile ${name}`);
    return { ...profile, name };
  }
  const all = Object.entries(profiles).map(([it, profile]) => ({ ...profile, name: it }));
  if (!target) {
    const profile = all.find((it) => it.name === (current ?? DEFAULT_PROFILE));
    if (profile) return profile;
    throw new ClientError('you are not logged in: run agent-api login --url URL');
  }
  const ofServer = all.filter((it) => isSameUrl(it.url, target.url));
  const profile =
    ofServer.find((it) => it.org === target.org && it.name === current) ??
    ofServer.find((it) => it.org === target.org) ??
    ofServer[0];
  if (profile) return profile;
  throw new ClientError(
    `you are not logged in to ${target.url}, the server of this folder: run agent-api login --url ${target.url}`,
  );
}

/** @throws ClientError if it is no address of a server */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isHttp || url.username || url.password || url.search || url.hash) {
    throw new ClientError(
      `'${text}' is not the address of a server, such as https://api.example.com`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

export function isSameUrl(one: string, other: string): boolean {
  return serverUrl(one) === serverUrl(other);
}
