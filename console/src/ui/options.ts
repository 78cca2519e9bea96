interface Option {
  readonly value: string;
  readonly label: string;
}

/** The options of a choice: the values that have a name, in the order of the names. */
export function optionsOf(names: Readonly<Record<string, string>>): readonly Option[] {
  return Object.entries(names).map(([value, label]) => ({ value, label }));
}
