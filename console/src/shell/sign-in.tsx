import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { TokenRefused } from '../graphql/errors.ts';
import { send } from '../graphql/send.ts';
import { type Provider, providerOf } from '../session/provider.ts';
import { VIEWER } from '../session/queries.ts';
import { type Session, signIn } from '../session/session.ts';
import { common } from '../texts/common.ts';
import { signInTexts } from '../texts/sign-in.ts';
import { useTabTitle } from '../ui/page.tsx';
import { UserSignIn } from './user-sign-in.tsx';

const KEY_FORM = /^sk-any-api01-\w+$/;

/** @param reason why nobody is signed in */
export function SignIn({
  reason,
}: {
  readonly reason: (Session & { state: 'signed-out' })['reason'];
}) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [ways, setWays] = useState<{ readonly provider?: Provider | undefined }>();
  useEffect(() => void providerOf().then((provider) => setWays({ provider })), []);
  useTabTitle(signInTexts.title);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const given = key.trim();
    if (!KEY_FORM.test(given)) {
      setProblem(signInTexts.keyForm);
      return;
    }
    setBusy(true);
    try {
      await send(VIEWER, {}, { key: given });
      signIn(given);
    } catch (error) {
      setProblem(error instanceof TokenRefused ? signInTexts.refused : signInTexts.unreachable);
      setBusy(false);
    }
  }

  // Nothing may move when the answer is there.
  if (!ways) return <main className="sign-in" aria-busy="true" />;
  const { provider } = ways;
  return (
    <main className="sign-in">
      <Paper component="form" withBorder p="xl" radius="lg" w="100%" maw={420} onSubmit={submit}>
        <Stack>
          <div>
            <Text c="dimmed" size="sm" fw={600}>
              {common.product}
            </Text>
            <Title order={1} size="h2">
              {signInTexts.title}
            </Title>
            <Text c="dimmed">{signInTexts.intro}</Text>
          </div>
          {(reason === 'refused' || reason === 'ended') && (
            <Alert color="yellow" title={signInTexts.signedOut} role="status">
              {signInTexts.reasons[reason]}
            </Alert>
          )}
          {provider && <UserSignIn provider={provider} />}
          <PasswordInput
            label={signInTexts.key}
            description={signInTexts.keyHint}
            autoComplete="off"
            spellCheck={false}
            autoFocus={!provider}
            required
            withAsterisk={false}
            value={key}
            error={problem}
            onChange={({ currentTarget }) => {
              setKey(currentTarget.value);
              setProblem(undefined);
            }}
          />
          <Button type="submit" loading={isBusy} {...(provider && { variant: 'default' })}>
            {provider ? signInTexts.withKey : signInTexts.submit}
          </Button>
        </Stack>
      </Paper>
    </main>
  );
}
