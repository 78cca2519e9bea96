import type { IncomingMessage } from 'node:http';
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

/** Describes the REST paths. */
export const OPENAPI = `${PREFIX}/openapi.json`;
/** Describes an agent as a document, for editors. */
export const AGENT_SCHEMA = `${PREFIX}/schemas/agent.json`;

const TYPE = 'application/json';

/** A description for tools. It follows from the schema in the code, so it is not built. */
export class DescriptionFile implements Served {
  readonly path: string;
  readonly type = TYPE;
  readonly #describe: () => object;
  #made: Promise<StaticFile> | undefined;

  /** @param describe called once, on the first request */
  constructor(path: string, describe: () => object) {
    this.path = path;
    this.#describe = describe;
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    this.#made ??= this.#make();
    return (await this.#made).answer(request);
  }

  async #make(): Promise<StaticFile> {
    const content = Buffer.from(JSON.stringify(this.#describe()));
    const description = {
      path: this.path,
      type: TYPE,
      policy: NOTHING_ALLOWED,
      immutable: false,
    } as const;
    return new StaticFile(description, digestOf(content), late(await encoded(content)));
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
