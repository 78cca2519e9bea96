export const signInTexts = {
  title: 'Sign in',
  intro: "See and change your organisation's agents.",
  key: 'API key',
  keyHint: 'The key stays in this browser tab until you close it or sign out.',
  submit: 'Sign in',
  keyForm: 'An API key starts with “sk-any-api01-”.',
  refused: 'This key does not work. It may be mistyped, expired or deleted.',
  signedOut: 'You were signed out',
  reasons: {
    refused:
      'The server no longer accepts your key. It was deleted or has expired. Sign in with another key.',
    ended: 'Your session has ended, or the server does not accept your account. Sign in again.',
  },
  withProvider: (host: string) => `Sign in with ${host}`,
  or: 'or',
  withKey: 'Sign in with the key',
  failed: {
    refused: 'You were not signed in',
    lost: 'This sign-in cannot be completed',
    unavailable: 'The sign-in service does not answer',
  },
  why: {
    refused: (message: string) => `The sign-in service says: ${message}`,
    lost: () => 'It was started in another tab, or its answer was changed. Start it again.',
    unavailable: () => 'Try again in a moment. Ask an admin if it lasts.',
  },
  unreachable: 'The server does not answer. Try again in a moment.',
};
