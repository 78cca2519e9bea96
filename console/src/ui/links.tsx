import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { Ref } from 'react';

interface Linked {
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly href?: string;
}

/** A link to a view, as text. */
export const AnchorLink = createLink((props: AnchorProps & Linked) => <Anchor {...props} />);

/** A link to a view that looks like a button. */
export const ButtonLink = createLink((props: ButtonProps & Linked) => (
  <Button component="a" {...props} />
));

/** A link to a view in a navigation. */
export const SectionLink = createLink((props: NavLinkProps & Linked) => (
  <NavLink component="a" {...props} />
));
