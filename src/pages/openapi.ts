import type { IncomingMessage } from 'node:http';
import type { OpenApi } from '../../rest-compat/openapi/operation.ts';
import { PREFIX } from '../../rest-compat/router.ts';
import type { Answer } from '../http/answer.ts';
import { digestOf, encoded } from './encode.ts';
import type { Served } from './pages.ts';
import {
  type EncodedContent,
  type LateContent,
  NOTHING_ALLOWED,
  StaticFile,
} from './static-file.ts';

export const OPENAPI = `${PREFIX}/openapi.json`;

const DESCRIPTION = {
  path: OPENAPI,
  type: 'application/json',
  policy: NOTHING_ALLOWED,
  immutable: false,
} as const;

/** The description of the REST paths. It follows from the schema in the code, so it is not built. */
export class OpenApiFile implements Served {
  readonly path = OPENAPI;
  readonly type = DESCRIPTION.type;
  readonly #describe: () => OpenApi;
  #made: Promise<StaticFile> | undefined;

  /** @param describe called once, on the first request */
  constructor(describe: () => OpenApi) {
    this.#describe = describe;
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    this.#made ??= this.#make();
    return (await this.#made).answer(request);
  }

  async #make(): Promise<StaticFile> {
    const content = Buffer.from(JSON.stringify(this.#describe()));
    return new StaticFile(DESCRIPTION, digestOf(content), late(await encoded(content)));
  }
}

function late(content: EncodedContent): LateContent {
  return {
    encodings: [...content.keys()],
    read(encoding) {
      const bytes = content.get(encoding);
      if (!bytes) throw new RangeError(`the description does not exist as ${encoding}`);
      return bytes;
    },
  };
}
