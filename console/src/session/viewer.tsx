import { createContext, type ReactNode, useContext } from 'react';
import { useRead } from '../graphql/client.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import { can, type Guarded } from '../rights/can.ts';
import { VIEWER } from './queries.ts';

export type Viewer = NonNullable<ResultOf<typeof VIEWER>['viewer']>;
export type Membership = Viewer['memberships'][number];

export function orgNameOf({ org, orgId }: Membership): string {
  return org?.name ?? orgId;
}

export function useViewer() {
  return useRead(VIEWER, {}, { everyMs: 60_000 });
}

/** The org that the view is about, and the caller's rights in it. */
export interface OrgOfView {
  readonly id: string;
  readonly name: string;
  readonly membership: Membership;
  can(field: Guarded): boolean;
}

const OrgContext = createContext<OrgOfView | undefined>(undefined);

export function OrgProvider({
  membership,
  children,
}: {
  readonly membership: Membership;
  readonly children: ReactNode;
}) {
  const org: OrgOfView = {
    id: membership.orgId,
    name: orgNameOf(membership),
    membership,
    can: (field) => can(membership, field),
  };
  return <OrgContext value={org}>{children}</OrgContext>;
}

/** @throws Error outside of a view of an org */
export function useOrg(): OrgOfView {
  const org = useContext(OrgContext);
  if (!org) throw new Error('the view belongs to no org');
  return org;
}
