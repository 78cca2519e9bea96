import { OAuthFailure } from './failure.ts';
import {
  type OAuthClientSettings,
  ProviderClient,
  type ProviderClientOptions,
} from './provider-client.ts';
import { PROVIDERS } from './providers.ts';

/** A client of every provider that has settings. */
export class ProviderClients {
  readonly #clients: ReadonlyMap<string, ProviderClient>;

  /** @param settings by provider */
  constructor(
    settings: Readonly<Record<string, OAuthClientSettings>>,
    options: ProviderClientOptions,
  ) {
    this.#clients = new Map(
      Object.entries(settings).map(([id, of]) => {
        const provider = PROVIDERS.find((row) => row.id === id);
        return [id, new ProviderClient(of, provider, options)];
      }),
    );
  }

  find(provider: string): ProviderClient | undefined {
    return this.#clients.get(provider);
  }

  /** @throws OAuthFailure `provider_not_configured` */
  require(provider: string): ProviderClient {
    const client = this.#clients.get(provider);
    if (client) return client;
    throw new OAuthFailure('provider_not_configured', 'the provider is not configured here');
  }
}
