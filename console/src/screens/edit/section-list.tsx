import { NativeSelect, VisuallyHidden } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { editTexts } from '../../texts/edit.ts';
import { sectionNames } from '../../texts/names.ts';
import {
  type Definition,
  idOf,
  itemName,
  itemsOf,
  SECTION_LIST,
  type Section,
} from './definition.ts';
import { itemsWithProblems, type PlacedProblem } from './problems.ts';

const FROM = '/orgs/$org/agents/$agent/edit';

interface SectionListProps {
  readonly definition: Definition;
  readonly changed: readonly Section[];
  readonly problems: readonly PlacedProblem[];
  readonly section: Section;
  /** The id of the item that is edited. */
  readonly item: string | undefined;
}

/** Chooses what to edit: a section, and an item of it. */
export function SectionList({ definition, changed, problems, section, item }: SectionListProps) {
  const navigate = useNavigate({ from: FROM });
  const items = itemsOf(definition, section);
  const wrong = itemsWithProblems(problems, section);
  const go = (search: { section: Section; item?: string }) => void navigate({ search });
  return (
    <>
      <nav aria-label={editTexts.sections} className="edit-sections wide-only">
        {SECTION_LIST.map((it) => (
          <div key={it}>
            <Link
              from={FROM}
              to={FROM}
              search={{ section: it }}
              className="edit-link"
              data-current={it === section}
            >
              {sectionNames[it]}
              {problems.some(({ place }) => place?.section === it) ? (
                <Mark text={editTexts.hasProblems} isProblem />
              ) : (
                changed.includes(it) && <Mark text={editTexts.changed} />
              )}
            </Link>
            {it === section && items.length > 0 && (
              <ul aria-label={editTexts.items(sectionNames[it])}>
                {items.map((one) => {
                  const id = idOf(it, one);
                  return (
                    <li key={id}>
                      <Link
                        from={FROM}
                        to={FROM}
                        search={{ section: it, item: id }}
                        className="edit-link"
                        data-current={id === item}
                      >
                        {itemName(it, one)}
                        {wrong.includes(id) && <Mark text={editTexts.hasProblems} isProblem />}
                      </Link>
                    </li>
                  );
                })}
              </ul>
            )}
          </div>
        ))}
      </nav>
      <div className="narrow-only edit-choose">
        <NativeSelect
          label={editTexts.section}
          data={SECTION_LIST.map((it) => ({ value: it, label: sectionNames[it] }))}
          value={section}
          onChange={({ currentTarget: { value } }) => go({ section: value as Section })}
        />
        {items.length > 0 && (
          <NativeSelect
            label={editTexts.item}
            data={items.map((it) => ({ value: idOf(section, it), label: itemName(section, it) }))}
            value={item ?? ''}
            onChange={({ currentTarget: { value } }) => go({ section, item: value })}
          />
        )}
      </div>
    </>
  );
}

interface MarkProps {
  readonly text: string;
  readonly isProblem?: boolean;
}

function Mark({ text, isProblem = false }: MarkProps) {
  return (
    <span className="edit-mark" data-problem={isProblem} title={text}>
      <VisuallyHidden>{text}</VisuallyHidden>
    </span>
  );
}
