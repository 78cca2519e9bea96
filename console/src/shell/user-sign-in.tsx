import { Alert, Button, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import type { SignInFailed } from '../session/oidc.ts';
import type { Provider } from '../session/provider.ts';
import { signIn } from '../session/session.ts';
import { signInTexts } from '../texts/sign-in.ts';

/** The address to which the provider returns, below the console's. */
const RETURN_PATH = '/sign-in';

/** Signs a user in at the provider, also when the provider returns to this page. */
export function UserSignIn({ provider }: { readonly provider: Provider }) {
  const router = useRouter();
  const isReturning = router.state.location.pathname === RETURN_PATH;
  const [isBusy, setBusy] = useState(isReturning && hasAnswer());
  const [failure, setFailure] = useState<SignInFailed>();

  function failed(error: unknown): void {
    setBusy(false);
    setFailure(error as SignInFailed);
  }

  const end = useEffectEvent((ended: Ending) => {
    ended.then(({ token, grant, from }) => {
      router.history.replace(from);
      signIn(token, grant);
    }, failed);
  });
  useEffect(() => {
    if (isReturning && hasAnswer()) end(endOnce(provider));
  }, [isReturning, provider]);

  function start(): void {
    setBusy(true);
    setFailure(undefined);
    const { pathname, search } = window.location;
    const from = isReturning ? '/console' : pathname + search;
    void import('../session/oidc.ts')
      .then(({ startSignIn }) => startSignIn(provider, from))
      .catch(failed);
  }

  return (
    <>
      {failure && (
        <Alert color="red" title={signInTexts.failed[failure.problem]} role="alert">
          {signInTexts.why[failure.problem](failure.message)}
        </Alert>
      )}
      <Button onClick={start} loading={isBusy}>
        {signInTexts.withProvider(new URL(provider.issuer).host)}
      </Button>
      <Text c="dimmed" size="sm" ta="center">
        {signInTexts.or}
      </Text>
    </>
  );
}

type Ending = ReturnType<typeof import('../session/oidc.ts')['endSignIn']>;

/** By its address: the effects of a view may run twice, and a code is for one use. */
const endings = new Map<string, Ending>();

function endOnce(provider: Provider): Ending {
  const { href } = window.location;
  const known = endings.get(href);
  if (known) return known;
  const ending = import('../session/oidc.ts').then(({ endSignIn }) =>
    endSignIn(provider, new URL(href)),
  );
  endings.set(href, ending);
  return ending;
}

function hasAnswer(): boolean {
  const parameters = new URLSearchParams(window.location.search);
  return parameters.has('code') || parameters.has('error');
}
