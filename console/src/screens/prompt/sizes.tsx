import { UnstyledButton } from '@mantine/core';
import { promptSections } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { type ItemNames, itemName, type Prompt } from './origins.ts';

interface SizesProps {
  readonly sections: Prompt['sections'];
  readonly names: ItemNames;
  readonly onShow: (section: string, itemId?: string) => void;
}

/** The size of each section and item; also the key of the colours. */
export function Sizes({ sections, names, onShow }: SizesProps) {
  const largest = Math.max(1, ...sections.map((it) => it.estimatedTokens));
  return (
    <ul className="prompt-sizes">
      {sections.map(({ section, estimatedTokens, items }) => (
        <li key={section}>
          <UnstyledButton className="prompt-size" onClick={() => onShow(section)}>
            <span className="prompt-key" data-section={section} />
            <span className="prompt-size-name">{promptSections[section]}</span>
            <span className="prompt-tokens">{promptTexts.tokens(estimatedTokens)}</span>
          </UnstyledButton>
          <div
            className="prompt-bar"
            data-section={section}
            style={{ width: `${(estimatedTokens / largest) * 100}%` }}
          />
          {items.length > 1 && (
            <ul className="prompt-items" aria-label={promptTexts.items(promptSections[section])}>
              {items.map((it) => (
                <li key={it.itemId}>
                  <UnstyledButton
                    className="prompt-size"
                    onClick={() => onShow(section, it.itemId)}
                  >
                    <span className="prompt-size-name">{itemName(names, section, it.itemId)}</span>
                    <span className="prompt-tokens">{promptTexts.tokens(it.estimatedTokens)}</span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
