export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one setting after the other and gathers what is wrong. An empty value counts as unset. */
export class Reader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  has(name: string): boolean {
    return (this.#environment[name] ?? '') !== '';
  }

  read<T>(
    name: string,
    parse: (text: string) => T | undefined,
    expected: string,
    secret = false,
  ): T | undefined {
    const text = this.#environment[name];
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) {
      const shown = secret ? '' : `, not ${JSON.stringify(text)}`;
      this.problems.push(`${name} must be ${expected}${shown}`);
    }
    return value;
  }
}
