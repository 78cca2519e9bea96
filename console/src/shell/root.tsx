import { Alert } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useObservable } from '../observable.ts';
import { reachable } from '../session/connection.ts';
import { session } from '../session/session.ts';
import { shell } from '../texts/shell.ts';

/** Loaded apart: the first screen of a signed-in operator does not need it. */
const SignIn = lazy(() => import('./sign-in.tsx').then((it) => ({ default: it.SignIn })));

/** Every view: the sign-in at any address, until somebody is signed in. */
export function Root() {
  const current = useObservable(session);
  const isReachable = useObservable(reachable);
  return (
    <>
      {current.state === 'signed-in' ? (
        <Outlet />
      ) : (
        <Suspense>
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
