import { common } from './common.ts';

export const agentsTexts = {
  title: 'Agents',
  search: 'Search by name or id',
  sort: 'Sort by',
  sorts: {
    UPDATED_AT_DESC: 'Last changed',
    NAME: 'Name, A to Z',
    NAME_DESC: 'Name, Z to A',
    CREATED_AT_DESC: 'Newest',
    CREATED_AT: 'Oldest',
  },
  columns: {
    agent: 'Agent',
    readiness: 'Readiness',
    change: 'Last change',
    conversation: 'Last conversation',
  },
  create: 'Create an agent',
  creating: {
    template: 'Template',
    noTemplate: 'None: an empty agent',
    name: 'Name',
    id: 'Id',
    idHint: 'Part of the addresses of the API. It cannot be changed later.',
    idForm: 'At most 80 of a to z, 0 to 9 and -, which starts and ends with a letter or digit.',
    description: 'Description',
    undecided: 'With a name and an id, this shows what will be created.',
  },
  ready: 'Ready',
  problems: (count: number) => common.count(count, 'problem', 'problems'),
  warnings: (count: number) => common.count(count, 'warning', 'warnings'),
  by: (author: string) => `by ${author}`,
  noConversation: 'None yet',
  empty: { title: 'No agents yet', body: 'Agents of this org appear here.' },
  nothingFound: {
    title: 'Nothing found',
    body: 'No agent has a name or id that starts with this.',
  },
  actors: {
    SYSTEM: 'the system',
    OPERATOR: 'the command line',
    API_KEY: 'an API key',
    USER: 'a user',
  },
};
