import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base';

/*
 * The tokenizer takes time in the square of the length of a word, and its words have no greatest
 * length. Longer runs are cut: a text of 768 KiB then takes about a second at worst.
 */
const MAX_RUN = 64;
const LONG_RUNS = new RegExp(`\\s{${MAX_RUN},}|\\S{${MAX_RUN},}`, 'g');
/** A text may contain the names of special tokens: they are text here. */
const PLAIN = { disallowedSpecial: new Set<string>() };
setMergeCacheSize(10_000);

/** The tokens of a text in the encoding `o200k_base`. */
export function tokensIn(text: string): number {
  let tokens = 0;
  let from = 0;
  for (const { 0: run, index } of text.matchAll(LONG_RUNS)) {
    tokens += countTokens(text.slice(from, index), PLAIN);
    for (let at = 0; at < run.length; at += MAX_RUN) {
      tokens += countTokens(run.slice(at, at + MAX_RUN), PLAIN);
    }
    from = index + run.length;
  }
  return tokens + countTokens(text.slice(from), PLAIN);
}
