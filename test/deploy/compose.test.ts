import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSettings } from '../../src/server/settings.ts';

interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly build?: string;
  readonly command?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  readonly services: Readonly<Record<'mongodb' | 'gateway' | 'prometheus' | 'grafana', Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};
const { mongodb, gateway, prometheus, grafana } = compose.services;
const dockerfile = readFileSync('Dockerfile', 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the gateway's settings as the gateway does, with a secret from the test's folder. */
function settings(secret: string) {
  const file = join(folder, 'secrets_key');
  writeFileSync(file, secret);
  const environment = Object.fromEntries(
    Object.entries(gateway.environment ?? {}).map(([name, value]) => [
      name,
      name.endsWith('_FILE') ? file : value,
    ]),
  );
  return readSettings(environment);
}

describe('docker-compose.yml', () => {
  it('contains only settings that the gateway accepts and reads', () => {
    const key = Buffer.alloc(32, 5).toString('base64');
    const read = settings(`${key}\n`);
    expect(read).toMatchObject({
      host: '0.0.0.0',
      port: 4000,
      store: { kind: 'mongodb' },
      publicUrl: 'http://localhost:4000',
    });
    expect(read.secretsKey?.toString('base64')).toBe(key);
    const source = readFileSync('src/server/settings.ts', 'utf8');
    const names = Object.keys(gateway.environment ?? {}).map((name) => name.replace(/_FILE$/, ''));
    expect(names.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });

  it('connects the gateway to its MongoDB, once that accepts writes', () => {
    const url = new URL(gateway.environment?.STORE_URL ?? '');
    const [, , replicaSet] = mongodb.command ?? [];
    expect(url.hostname).toBe('mongodb');
    expect(url.searchParams.get('replicaSet')).toBe(replicaSet);
    expect(mongodb.command).toContain('--replSet');
    const check = mongodb.healthcheck?.test.join(' ') ?? '';
    expect(check).toContain(`_id: '${replicaSet}'`);
    expect(check).toContain(`host: '${url.host}'`);
    expect(check).toContain('isWritablePrimary');
    expect(gateway.depends_on?.mongodb?.condition).toBe('service_healthy');
    expect(mongodb.networks.some((network) => gateway.networks.includes(network))).toBe(true);
  });

  it('pins versions, does not publish the store, and keeps its data', () => {
    expect(mongodb.image).toMatch(/^mongo:8/);
    expect(mongodb.ports).toBeUndefined();
    expect(mongodb.networks.every((name) => compose.networks[name]?.internal)).toBe(true);
    for (const volume of mongodb.volumes ?? []) {
      const [name = '', path] = volume.split(':');
      expect(compose.volumes).toHaveProperty(name);
      expect(path).toBe('/data/db');
    }
    expect(mongodb.volumes).toHaveLength(1);
  });

  it('runs the gateway without capabilities, on a read-only file system', () => {
    expect(gateway.read_only).toBe(true);
    expect(gateway.cap_drop).toEqual(['ALL']);
    expect(gateway.security_opt).toContain('no-new-privileges:true');
  });

  it('publishes the port that the gateway listens on', () => {
    const port = gateway.environment?.PORT;
    expect(gateway.ports?.map((published) => published.split(':').at(-1))).toEqual([port]);
    expect(dockerfile).toContain(`EXPOSE ${port}`);
  });

  it('passes secrets as files that git ignores', () => {
    for (const name of gateway.secrets ?? []) {
      expect(Object.values(gateway.environment ?? {})).toContain(`/run/secrets/${name}`);
      expect(compose.secrets[name]?.file).toBe(`./secrets/${name}`);
    }
    expect(gateway.secrets).toHaveLength(1);
    expect(readFileSync('.gitignore', 'utf8')).toMatch(/^\/secrets\/$/m);
  });
});

describe('the profile with metrics', () => {
  const read = (path: string) => parse(readFileSync(path, 'utf8'));
  const mounted = ({ volumes = [] }: Service) =>
    volumes.map((volume) => volume.split(':')).map(([from = '', to = '']) => [from, to] as const);

  it('starts only where it is asked for, with versions that are pinned', () => {
    const optional = [prometheus, grafana];
    expect(optional.map(({ profiles }) => profiles)).toEqual([['metrics'], ['metrics']]);
    for (const { image } of optional) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect([mongodb, gateway].map(({ profiles }) => profiles)).toEqual([undefined, undefined]);
  });

  it('scrapes the gateway, whose metrics have no public port', () => {
    const { scrape_configs, rule_files } = read('examples/prometheus/prometheus.yml') as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
      rule_files: string[];
    };
    const port = gateway.environment?.METRICS_PORT;
    const [target] = scrape_configs.flatMap((it) => it.static_configs.flatMap((of) => of.targets));
    expect(target).toBe(`gateway:${port}`);
    expect(gateway.ports?.some((it) => it.includes(String(port)))).toBe(false);
    const shared = prometheus.networks.filter((it) => gateway.networks.includes(it));
    expect(shared.some((network) => compose.networks[network]?.internal)).toBe(true);
    expect(mounted(prometheus)).toContainEqual(['./examples/prometheus', '/etc/prometheus']);
    for (const file of rule_files) expect(existsSync(`examples/prometheus/${file}`)).toBe(true);
  });

  it('provisions the dashboard and its data source', () => {
    const volumes = mounted(grafana);
    for (const [from] of volumes) if (from.startsWith('./')) expect(existsSync(from)).toBe(true);
    const { providers } = read('examples/grafana-provisioning/dashboards.yml') as {
      providers: { options: { path: string } }[];
    };
    expect(volumes).toContainEqual(['./examples/grafana', providers[0]?.options.path]);
    const { datasources } = read('examples/grafana-provisioning/datasources.yml') as {
      datasources: { type: string; url: string }[];
    };
    expect(datasources).toMatchObject([{ type: 'prometheus', url: 'http://prometheus:9090' }]);
    expect(grafana.networks.some((it) => prometheus.networks.includes(it))).toBe(true);
  });

  it('publishes its ports on this machine alone, and keeps its data', () => {
    for (const service of [prometheus, grafana]) {
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      const kept = mounted(service).filter(([from]) => !from.startsWith('.'));
      expect(kept).toHaveLength(1);
      for (const [name] of kept) expect(compose.volumes).toHaveProperty(name);
    }
  });
});

/** The files of the bundle that a file reaches, itself included, each with its imports. */
function bundleOf(file: string, seen = new Map<string, readonly string[]>()) {
  if (seen.has(file)) return seen;
  const imports = /^(?:import .*|\} )from "([^"\n]+)";$|\bimport\("([^"\n]+)"\)/gm;
  const names = [...readFileSync(file, 'utf8').matchAll(imports)].map(
    ([, whole, late]) => whole ?? late ?? '',
  );
  seen.set(file, names);
  for (const name of names) if (name.startsWith('./')) bundleOf(join(dirname(file), name), seen);
  return seen;
}

describe('the image', () => {
  const { bin, dependencies, version, description } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as {
    version: string;
    description: string;
    bin: Record<string, string>;
    dependencies: Record<string, string>;
  };
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const last = stages.at(-1) ?? '';

  it('runs on a Node version that the suite runs on, as an unprivileged user with a number', () => {
    const [image = ''] = last.split('\n');
    expect(stages.every((stage) => stage.startsWith(image))).toBe(true);
    const major = /^node:(\d+)-slim$/.exec(image)?.[1];
    expect(readFileSync('.ci/run', 'utf8')).toContain(`npm run test:node -- ${major}`);
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  });

  it('has labels of the Open Container Initiative, with the version of the package', () => {
    const labels = Object.fromEntries(
      [...last.matchAll(/org\.opencontainers\.image\.([\w.]+)="([^"]*)"/g)].map(
        ([, name = '', value]) => [name, value],
      ),
    );
    expect(labels).toEqual({
      title: 'agent-api',
      description,
      version,
      revision: '$REVISION',
      created: '$CREATED',
      'base.name': `docker.io/library/${last.split('\n')[0]}`,
    });
  });

  it('contains the bundle and the production dependencies only', () => {
    expect(dockerfile).toContain('npm ci --omit=dev');
    expect(last).toContain('COPY --from=build /app/dist dist');
    expect(last).toContain('COPY --from=modules /app/node_modules node_modules');
    expect(last).toContain(`CMD ["node", "${bin['agent-api']}", "serve"]`);
  });

  it('contains everything that the bundle imports', () => {
    const imported = [...bundleOf(bin['agent-api'] ?? '').values()]
      .flat()
      .filter((name) => !name.startsWith('./'))
      .map((name) => name.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? '')
      .filter((name) => !isBuiltin(name));
    const outside = ['lmdb', 'mongodb', 'pino'];
    expect([...new Set(imported)].sort()).toEqual(outside);
    expect(imported.filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('loads OpenTelemetry only where a server traces', () => {
    const all = [...bundleOf(bin['agent-api'] ?? '').keys()];
    const exports = (file: string) => readFileSync(file, 'utf8').includes('BatchSpanProcessor');
    const [exporter, ...others] = all.filter(exports).map((file) => basename(file));
    expect(others).toEqual([]);
    const importers = all.filter((file) =>
      new RegExp(`from "\\./${exporter}"`).test(readFileSync(file, 'utf8')),
    );
    expect(importers).toEqual([]);
  });

  it('contains one copy of graphql', () => {
    const copies = [...bundleOf(bin['agent-api'] ?? '').keys()].flatMap(
      (file) => readFileSync(file, 'utf8').match(/\bGraphQLSchema\d* = class\b/g) ?? [],
    );
    expect(copies).toHaveLength(1);
  });

  it('is healthy while /readyz answers 200, and starts no Node to find out', async () => {
    expect(last).toMatch(/^HEALTHCHECK .* CMD \["healthcheck"\]$/m);
    expect(last).toContain('COPY deploy/healthcheck.sh /usr/local/bin/healthcheck\n');
    expect(statSync('deploy/healthcheck.sh').mode & 0o111).toBe(0o111);
    let status = 200;
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(status).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    // As the image runs it: without the variables and programs of this process.
    const check = () =>
      new Promise<number | null>((resolve) => {
        const child = spawn('/bin/bash', ['deploy/healthcheck.sh'], {
          env: { PORT: String(port), PATH: '' },
          stdio: 'ignore',
        });
        child.on('exit', resolve);
      });
    expect(await check()).toBe(0);
    expect(asked).toEqual(['GET /readyz']);
    status = 503;
    expect(await check()).toBe(1);
    await new Promise((resolve) => server.close(resolve));
    expect(await check()).toBe(1);
  });

  it('copies only files of the build context', () => {
    const context = readFileSync('.dockerignore', 'utf8').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
      .flatMap(([, sources = '']) => sources.split(' '))
      .map((source) => source.split('/')[0]);
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((source) => !context.includes(`!${source}`))).toEqual([]);
  });
});
