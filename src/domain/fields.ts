/**
 * Every field of `T` and of the objects within it, in the order of an export. `'json'` marks
 * a free-form field. A field that is missing does not compile.
 */
export type Fields<T> = { readonly [F in keyof Required<T>]: Field<Required<T>[F]> };
type Field<V> = V extends readonly (infer E)[]
  ? Field<E>
  : V extends object
    ? string extends keyof V
      ? 'json'
      : Fields<V>
    : true;

/** The fields of a type that is not known at compile time. */
export interface FieldTable {
  readonly [name: string]: true | 'json' | FieldTable;
}

/** Returns the value with the table's fields alone, in their order. Of a list, orders each item. */
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

/** The names of the free-form fields. Such a field is never absent; it may be an empty object. */
export function freeFormFields(fields: FieldTable): string[] {
  return Object.keys(fields).filter((name) => fields[name] === 'json');
}
