/** The address of a list: the page that it shows. */
export interface PageSearch {
  readonly after?: string;
}

export function pageSearch({ after }: Readonly<Record<string, unknown>>): PageSearch {
  return typeof after === 'string' ? { after } : {};
}
