import { Fragment } from 'react';

const AFTER = /(?<=[@/._-])(?=\w)/;

/** An address that breaks between its parts where the screen is narrow. */
export function Breakable({ text }: { readonly text: string }) {
  return text.split(AFTER).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts have an order and no ids
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
