import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { givenData, listensAt } from './peer.ts';

/** The answer of each row, by the row's id, as the project gives it. */
export type BareAnswers = Readonly<Record<string, unknown>>;

/** The least that Node can do for each answer. */
export const BARE_WAYS = ['stringify', 'ready', 'not-modified', 'write'] as const;
export type BareWay = (typeof BARE_WAYS)[number];

type Way = (request: IncomingMessage, response: ServerResponse, row: string) => void;

/**
 * `node:http` and nothing else, at `/WAY/ROW`: stringifies the row's answer from memory, sends
 * its ready bytes, answers 304, or reads a JSON body and stringifies the answer.
 */
export async function serveBare(): Promise<void> {
  const answers = await givenData<BareAnswers>();
  const ready = new Map(
    Object.entries(answers).map(([row, answer]) => [row, Buffer.from(JSON.stringify(answer))]),
  );
  const ways: Readonly<Record<BareWay, Way>> = {
    stringify: (_, response, row) => sendText(response, JSON.stringify(answers[row])),
    ready: (_, response, row) => {
      const bytes = ready.get(row);
      response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Content-Length': bytes?.length ?? 0 });
      response.end(bytes);
    },
    'not-modified': (_, response) => {
      response.writeHead(304, { ETag: '"1"' });
      response.end();
    },
    write: (request, response, row) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        JSON.parse(Buffer.concat(chunks).toString());
        sendText(response, JSON.stringify(answers[row]));
      });
    },
  };
  const server = createServer((request, response) => {
    const [, way = '', row = ''] = (request.url ?? '').split('/');
    if (isWay(way)) ways[way](request, response, row);
    else sendText(response, 'live');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  listensAt((server.address() as AddressInfo).port);
}

const JSON_TYPE = 'application/json; charset=utf-8';

function isWay(text: string): text is BareWay {
  return BARE_WAYS.some((way) => way === text);
}

function sendText(response: ServerResponse, text: string): void {
  const headers = { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(200, headers);
  response.end(text);
}
