import { randomInt } from 'node:crypto';
import type { Effects } from '../domain/effects.ts';
import { ID_ALPHABET } from '../domain/ids.ts';

const TIME_LENGTH = 9;
const COUNTER_LENGTH = 4;
const RANDOM_LENGTH = 10;

/** The clock and randomness of the machine. */
export function systemEffects(): Effects {
  let last = 0;
  let counter = 0;
  return {
    now: () => new Date(),
    random,
    uid() {
      // Never behind the last one, also when the clock is set back.
      const time = Math.max(Date.now(), last);
      counter = time === last ? counter + 1 : 0;
      last = time;
      return (
        base36(time, TIME_LENGTH) +
        base36(counter, COUNTER_LENGTH) +
        random(ID_ALPHABET, RANDOM_LENGTH)
      );
    },
  };
}

function base36(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}

function random(alphabet: string, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}
