import { Alert, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { failureOf } from '../../graphql/send.ts';
import { useOrg } from '../../session/viewer.tsx';
import { editTexts } from '../../texts/edit.ts';
import { Panel } from '../../ui/panel.tsx';
import { PersonSelect } from '../../ui/person-select/person-select.tsx';
import { PEOPLE_BY_NAME } from '../../ui/person-select/queries.ts';
import { Lines } from '../../ui/states.tsx';
import type { Fields } from './definition.ts';
import { MESSAGE_PREVIEW } from './queries.ts';

const texts = editTexts.preview;
const ASK_AFTER_MS = 300;

/** By the words of a document. */
const POLICIES: Readonly<Record<string, 'BLOCK_SEND' | 'OMIT_MESSAGE' | 'OMIT_SENTENCE'>> = {
  'block-send': 'BLOCK_SEND',
  'omit-message': 'OMIT_MESSAGE',
  'omit-sentence': 'OMIT_SENTENCE',
};

type Agent = NonNullable<NonNullable<ResultOf<typeof MESSAGE_PREVIEW>['org']>['agent']>;
type Preview = NonNullable<Agent['messagePreview']>;

interface MessagePreviewProps {
  readonly agent: string;
  readonly template: Fields;
  /** The id of the chosen person; the first one if undefined. */
  readonly person: string | undefined;
  readonly onPerson: (person: string | undefined) => void;
}

/** A message template as a person would get it, as one types. */
export function MessagePreview({ agent, template, person, onPerson }: MessagePreviewProps) {
  const org = useOrg();
  const people = useRead(PEOPLE_BY_NAME, { org: org.id, agent, q: null }).data?.data.org?.activity
    ?.people?.nodes;
  const to = person ?? people?.[0]?.id;
  return (
    <Panel title={texts.title}>
      {people?.length === 0 ? (
        <Text c="dimmed">{texts.nobody}</Text>
      ) : (
        <>
          <PersonSelect agent={agent} person={to} onChoose={onPerson} />
          <div className="edit-preview">
            {to === undefined ? (
              <Lines count={2} />
            ) : (
              <Rendered agent={agent} template={template} person={to} />
            )}
          </div>
        </>
      )}
    </Panel>
  );
}

interface RenderedProps {
  readonly agent: string;
  readonly template: Fields;
  readonly person: string;
}

function Rendered({ agent, template, person }: RenderedProps) {
  const org = useOrg();
  const body = String(template.body ?? '');
  const policy = POLICIES[String(template.defaultOnMissingSlot)] ?? null;
  const typed = useMemo(() => ({ body, policy }), [body, policy]);
  const [settled] = useDebouncedValue(typed, ASK_AFTER_MS);
  const isBlank = body.trim() === '';
  const query = useRead(
    MESSAGE_PREVIEW,
    { org: org.id, agent, person, ...settled },
    { keepPrevious: true, enabled: settled.body.trim() !== '' },
  );
  if (isBlank) return <Text c="dimmed">{texts.blank}</Text>;
  const preview = query.data?.data.org?.agent?.messagePreview;
  if (preview) return <Message preview={preview} />;
  const failure = (query.data && failureOf(query.data, 'org')) ?? query.error;
  return failure ? (
    <Alert color="yellow" p="xs">
      {failure.message}
    </Alert>
  ) : (
    <Lines count={2} />
  );
}

function Message({ preview }: { readonly preview: Preview }) {
  const { blocked, renderedText, missingSlots } = preview;
  // A text can have a slot more than once.
  const missing = [
    ...new Set(missingSlots.map(({ path, action }) => texts.slot(path, texts.actions[action]))),
  ];
  return (
    <>
      {blocked && (
        <Alert color="red" p="xs">
          {texts.blocked}
        </Alert>
      )}
      {!blocked && !renderedText && (
        <Alert color="yellow" p="xs">
          {texts.omitted}
        </Alert>
      )}
      {renderedText && <div className="edit-message">{renderedText}</div>}
      {missing.length > 0 && (
        <ul className="edit-problems" aria-label={texts.missing}>
          {missing.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  );
}
