/** The provider at which users sign in, as the server names it. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
}

const SETTINGS = '/console/sign-in.json';

let asked: Promise<Provider | undefined> | undefined;

/** The provider; undefined if there are API keys only, or the server does not answer. */
export function providerOf(): Promise<Provider | undefined> {
  asked ??= fetch(SETTINGS)
    .then(async (response) => {
      const { oidc } = (await response.json()) as { readonly oidc?: Provider };
      return oidc;
    })
    .catch(() => {
      // Asked again the next time.
      asked = undefined;
      return undefined;
    });
  return asked;
}
