import { UnstyledButton } from '@mantine/core';
import { promptSections } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import type { Prompt } from './origins.ts';

interface SizeKeyProps {
  readonly sections: Prompt['sections'];
  readonly onShow: (section: string) => void;
}

/** The size of each section in little room: one bar, and the key of its colours. */
export function SizeKey({ sections, onShow }: SizeKeyProps) {
  return (
    <div>
      <div className="prompt-parts" aria-hidden="true">
        {sections.map(({ section, estimatedTokens }) => (
          <div key={section} data-section={section} style={{ flexGrow: estimatedTokens }} />
        ))}
      </div>
      <ul className="prompt-legend" aria-label={promptTexts.sizes}>
        {sections.map(({ section, estimatedTokens }) => (
          <li key={section}>
            <UnstyledButton className="prompt-legend-button" onClick={() => onShow(section)}>
              <span className="prompt-key" data-section={section} />
              {promptSections[section]}{' '}
              <span className="prompt-tokens">{promptTexts.tokens(estimatedTokens)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
