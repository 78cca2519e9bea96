import type { Command } from 'commander';
import { askSecret, isInteractive, readStdin } from '../../terminal/ask.ts';
import { printTable } from '../../terminal/table.ts';
import { Api } from '../api.ts';
import { type Connection, connectionOf, serverUrl } from '../connection.ts';
import { ClientError, EXIT, type ExitCode } from '../failure.ts';
import {
  DEFAULT_PROFILE,
  profilesFile,
  readProfiles,
  removeProfile,
  saveProfile,
} from '../profiles.ts';
import { findProject } from '../project.ts';
import { type Viewer, viewerOf } from '../remote.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';

interface LoginOptions extends CommonOptions {
  readonly url: string;
  readonly token?: string;
  readonly org?: string;
}

const ABOUT_LOGIN = `Store the address of a server, an org and a token as a profile.

The token is asked for on a terminal, and read from stdin otherwise:
  agent-api login --url https://api.example.com < token.txt
It is checked on the server, and stored in a file that only you can read.`;

export function addSession(program: Command): void {
  program.addCommand(
    remoteCommand('login', ABOUT_LOGIN)
      .summary('Store the address of a server, an org and a token as a profile.')
      .requiredOption('--url <url>', 'the address of the server')
      .option(
        '--token <token>',
        'the token; other users of the machine can see it in the list of processes',
      )
      .option('--org <org>', 'the org; only needed if the token is for several')
      .action((options: LoginOptions) => running(options, () => login(options))),
  );
  program.addCommand(
    remoteCommand('logout', 'Remove a profile and its token from this machine.').action(
      (options: CommonOptions) => running(options, () => logout(options)),
    ),
  );
  program.addCommand(
    remoteCommand('whoami', 'Show the server, the org and the rights of the token.').action(
      (options: CommonOptions) => running(options, () => whoami(options)),
    ),
  );
}

async function login({ url: given, token, org, profile, json }: LoginOptions): Promise<ExitCode> {
  const url = serverUrl(given);
  const name = profile ?? process.env.AGENT_API_PROFILE ?? DEFAULT_PROFILE;
  const secret = (token ?? (await givenToken())).trim();
  if (secret === '') throw new ClientError('there is no token: give it on stdin');
  const viewer = await viewerOf(new Api({ url, token: secret }));
  const file = profilesFile(process.env);
  const connection = { url, org: orgOf(viewer, org), token: secret };
  await saveProfile(file, name, connection);
  print(shown({ ...connection, profile: name }, viewer), json);
  if (!json) process.stderr.write(`Stored as the profile '${name}' in ${file}.\n`);
  return EXIT.done;
}

function givenToken(): Promise<string> {
  return isInteractive() ? askSecret('Token: ') : readStdin();
}

/** @throws ClientError if the caller does not belong to the org, or if it is not clear which one is meant */
function orgOf({ memberships }: Viewer, named: string | undefined): string {
  const orgs = memberships.map(({ orgId }) => orgId);
  if (named !== undefined) {
    if (orgs.includes(named)) return named;
    throw new ClientError(`the token is not for the org '${named}', but for: ${orgs.join(', ')}`);
  }
  const [org, another] = orgs;
  if (org === undefined) throw new ClientError('the token is for no org');
  if (another === undefined) return org;
  throw new ClientError(`the token is for several orgs, choose one with --org: ${orgs.join(', ')}`);
}

async function logout({ profile, json }: CommonOptions): Promise<ExitCode> {
  const file = profilesFile(process.env);
  const named = profile ?? process.env.AGENT_API_PROFILE ?? (await readProfiles(file)).current;
  const name = named ?? DEFAULT_PROFILE;
  const isRemoved = await removeProfile(file, name);
  if (json) printJson({ profile: name, removed: isRemoved });
  else if (isRemoved)
    process.stdout.write(`Removed the profile '${name}'. The token remains valid.\n`);
  else process.stdout.write(`There is no profile '${name}'.\n`);
  return EXIT.done;
}

async function whoami({ profile, json }: CommonOptions): Promise<ExitCode> {
  const project = await findProject(process.cwd());
  const connection = await connectionOf(process.env, profile, project);
  const viewer = await viewerOf(new Api(connection));
  print(shown(connection, viewer), json);
  return EXIT.done;
}

type Shown = ReturnType<typeof shown>;

function shown({ url, org, profile }: Connection, viewer: Viewer) {
  const { id, kind, name, memberships } = viewer;
  const membership = memberships.find(({ orgId }) => orgId === org);
  return {
    url,
    org: org || null,
    profile: profile ?? null,
    viewer: { kind, id, name },
    role: membership?.role ?? null,
    scopes: membership?.scopes ?? [],
  };
}

function print(it: Shown, json: true | undefined): void {
  if (json) {
    printJson(it);
    return;
  }
  const { url, org, profile, viewer, role, scopes } = it;
  const who = viewer.name === null ? viewer.id : `${viewer.name} (${viewer.id})`;
  printTable(
    ['server', url],
    [
      ['org', org ?? '(none: set AGENT_API_ORG)'],
      ['profile', profile ?? '(from the environment)'],
      ['caller', `${viewer.kind === 'USER' ? 'user' : 'API key'} ${who}`],
      ['role', role ?? '(none in this org)'],
      ['scopes', scopes.join(', ')],
    ],
  );
}
