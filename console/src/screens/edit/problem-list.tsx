import { Anchor } from '@mantine/core';
import { fieldNames } from '../../texts/fields.ts';
import { sectionNames } from '../../texts/names.ts';
import { type Definition, SECTIONS } from './definition.ts';
import { type EditPlace, fieldNameOf } from './place.ts';
import { itemNameOf, type PlacedProblem } from './problems.ts';

interface ProblemListProps {
  readonly definition: Definition;
  readonly problems: readonly PlacedProblem[];
  readonly onGo: (place: EditPlace) => void;
}

/** The problems of a draft. Each leads to its place in the form. */
export function ProblemList({ definition, problems, onGo }: ProblemListProps) {
  return (
    <ul className="edit-problems">
      {problems.map(({ place, message }) => {
        const name = place && placeName(definition, place);
        return (
          <li key={`${name} ${message}`}>
            {place && (
              <Anchor component="button" type="button" size="sm" onClick={() => onGo(place)}>
                {name}
              </Anchor>
            )}
            {place ? `: ${message}` : message}
          </li>
        );
      })}
    </ul>
  );
}

/** Section, item and field in words, e.g. `Skills · Call booking · Text`. */
function placeName(definition: Definition, place: EditPlace): string {
  const name = fieldNameOf(place);
  const parts = [
    sectionNames[place.section],
    itemNameOf(definition, place),
    // The only field of a list of texts is the section.
    name === '' || name === SECTIONS[place.section].key ? null : (fieldNames[name] ?? name),
  ];
  return parts.filter((it) => it !== null).join(' · ');
}
