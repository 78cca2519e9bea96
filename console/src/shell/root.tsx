import { Alert } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useObservable } from '../observable.ts';
import { reachable } from '../session/connection.ts';
import { session } from '../session/session.ts';
import { shell } from '../texts/shell.ts';
import { withMoreStyles } from '../ui/more-styles.ts';

/** Apart: who is signed in does not load it. */
const SignIn = lazy(async () => {
  const { SignIn } = await withMoreStyles(import('./sign-in.tsx'));
  return { default: SignIn };
});

/** Every view: the sign-in at any address, until somebody is signed in. */
export function Root() {
  const current = useObservable(session);
  const isReachable = useObservable(reachable);
  return (
    <>
      {current.state === 'signed-in' ? (
        <Outlet />
      ) : (
        <Suspense fallback={<main className="sign-in" aria-busy="true" />}>
          <SignIn reason={current.reason} />
        </Suspense>
      )}
      {!isReachable && (
        <Alert className="banner" color="red.9" variant="filled" radius={0} role="alert">
          {shell.unreachable}
        </Alert>
      )}
    </>
  );
}
