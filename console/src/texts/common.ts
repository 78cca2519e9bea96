/** Texts that several screens share. */
export const common = {
  product: 'Agent API console',
  retry: 'Try again',
  cancel: 'Cancel',
  save: 'Save',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  never: 'Never',
  create: 'Create',
  add: 'Add',
  remove: 'Remove',
  done: 'Done',
  actions: 'Actions',
  refused: 'The server refused this',
  none: '—',
  person: 'Person',
  nobodyFound: 'Nobody found',
  days: { from: 'From', to: 'Until' },
  firstPage: 'First page',
  nextPage: 'Next page',
  denied: {
    title: 'You may not see this',
    body: 'Your role or your key lacks the right. An admin of the org can grant it.',
  },
  failed: {
    title: 'This could not be loaded',
  },
  notFound: {
    title: 'Not found',
    body: 'It does not exist, or it was removed.',
    back: 'Go to the agents',
  },
  broken: {
    title: 'This view has an error',
    body: 'Nothing that you saved is lost. Try again, or reload the page.',
  },
  through: (door: string) => `through ${door}`,
  count: (count: number, one: string, many: string) =>
    `${count.toLocaleString()} ${count === 1 ? one : many}`,
};
