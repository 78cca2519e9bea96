export const overviewTexts = {
  readiness: 'Readiness',
  ready: 'Nothing keeps this agent from working.',
};
