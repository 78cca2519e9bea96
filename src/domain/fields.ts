/**
 * Every field of `T`, and of the objects within, in the order of an export. A field that is
 * missing does not compile. `json` is a free-form object, which is at least empty;
 * `optional json` is one that may be unset.
 */
export type Fields<T> = {
  readonly [F in keyof Required<T>]: Field<
    Required<T>[F],
    Record<string, never> extends Pick<T, F> ? 'optional json' : 'json'
  >;
};
type Field<V, FreeForm> = V extends readonly (infer E)[]
  ? Field<E, FreeForm>
  : V extends object
    ? string extends keyof V
      ? FreeForm
      : Fields<V>
    : true;

/** The fields of a type that is not known at compile time. */
export interface FieldTable {
  readonly [name: string]: true | 'json' | 'optional json' | FieldTable;
}

/** Returns the value with the table's fields alone, in their order. Of a list, orders each item. */
export function inOrder(value: unknown, fields: FieldTable): unknown {
  if (Array.isArray(value)) return value.map((one) => inOrder(one, fields));
  const set = value as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const name in fields) {
    const inner = set[name];
    if (inner === undefined) continue;
    const within = fields[name];
    ordered[name] = typeof within === 'object' ? inOrder(inner, within) : inner;
  }
  return ordered;
}

/** The names of the free-form fields. Such a field is never absent; it may be an empty object. */
export function freeFormFields(fields: FieldTable): string[] {
  return Object.keys(fields).filter((name) => fields[name] === 'json');
}
