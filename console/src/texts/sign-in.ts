export const signInTexts = {
  title: 'Sign in',
  intro: "See and change your organisation's agents.",
  key: 'API key',
  keyHint: 'The key stays in this browser tab until you close it or sign out.',
  submit: 'Sign in',
  keyForm: 'An API key starts with “sk-any-api01-”.',
  refused: 'This key does not work. It may be mistyped, expired or deleted.',
  ended: {
    title: 'You were signed out',
    body: 'The server no longer accepts your key. It was deleted or has expired. Sign in with another key.',
  },
  unreachable: 'The server does not answer. Try again in a moment.',
};
