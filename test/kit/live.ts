import type { Client } from './client.ts';

/** The results of a subscription, as server-sent events. */
export async function* results(client: Client, query: string, signal: AbortSignal) {
  const response = await fetch(`${client.url}/graphql`, {
    method: 'POST',
    signal,
    headers: {
      Authorization: `Bearer ${client.token}`,
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
    },
    body: JSON.stringify({ query }),
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, at))?.[1];
      text = text.slice(at + 2);
      if (data) yield JSON.parse(data);
    }
  }
}
