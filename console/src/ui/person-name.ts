interface Named {
  readonly id: string;
  readonly fullName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** What a person is called: the first that is known of name, address, number and id. */
export function personNameOf({ fullName, email, phone, id }: Named): string {
  return fullName ?? email ?? phone ?? id;
}
