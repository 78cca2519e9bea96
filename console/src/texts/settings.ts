export const settingsTexts = {
  title: 'Settings',
  name: 'Name',
  description: 'Description',
  timeZone: 'Time zone',
  timeZoneHint: 'Agents and appointments of the org use it.',
  noTimeZone: 'Not set',
  id: 'Id',
  features: 'Features',
  products: 'Products',
  none: 'None',
  saved: 'Saved',
};
