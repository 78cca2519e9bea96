export const auditTexts = {
  title: 'Audit log',
  action: 'Action',
  resource: 'Resource',
  all: 'All actions',
  allResources: 'All resources',
  columns: { change: 'Change', author: 'Author', at: 'Time' },
  version: (version: number) => `version ${version}`,
  empty: { title: 'Nothing found', body: 'No change of this kind was made.' },
};
