export const settingsTexts = {
  title: 'Settings',
  name: 'Name',
  description: 'Description',
  timeZone: 'Time zone',
  noTimeZone: 'Not set',
  id: 'Id',
  features: 'Features',
  products: 'Products',
  none: 'None',
};
