import { Alert } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useObservable } from '../observable.ts';
import { reachable } from '../session/connection.ts';
import { session } from '../session/session.ts';
import { shell } from '../texts/shell.ts';
import { SignIn } from './sign-in.tsx';

/** Every view: the sign-in at any address, until somebody is signed in. */
export function Root() {
  const current = useObservable(session);
  const isReachable = useObservable(reachable);
  return (
    <>
      {current.state === 'signed-in' ? <Outlet /> : <SignIn reason={current.reason} />}
      {!isReachable && (
        <Alert className="banner" color="red.9" variant="filled" radius={0} role="alert">
          {shell.unreachable}
        </Alert>
      )}
    </>
  );
}
