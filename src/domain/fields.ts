/**
 * Every field of `T`, and of the objects within, in the order of an export. `json` is
 * free-form. A field that is missing does not compile.
 */
export type Fields<T> = { readonly [F in keyof Required<T>]: Field<Required<T>[F]> };
type Field<V> = V extends readonly (infer E)[]
  ? Field<E>
  : V extends object
    ? string extends keyof V
      ? 'json'
      : Fields<V>
    : true;

/** `Fields` of any type. */
export interface FieldTable {
  readonly [name: string]: true | 'json' | FieldTable;
}

/** The value with its fields in the table's order, without any others; of a list, each item. */
export function inOrder(value: unknown, fields: FieldTable): unknown {
  if (Array.isArray(value)) return value.map((one) => inOrder(one, fields));
  const set = new Map(Object.entries(value as object));
  return Object.fromEntries(
    Object.keys(fields).flatMap((name) => {
      const inner = set.get(name) as unknown;
      if (inner === undefined) return [];
      const within = fields[name];
      return [[name, typeof within === 'object' ? inOrder(inner, within) : inner]];
    }),
  );
}

/** Free-form fields, which always exist, if only as an empty object. */
export function freeFormFields(fields: FieldTable): string[] {
  return Object.keys(fields).filter((name) => fields[name] === 'json');
}
