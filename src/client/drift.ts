import { printable } from '../terminal/change-text.ts';
import type { AgentVersion } from './remote.ts';

const MAX_LINES = 10;

/** Who changed an agent on the server: one line for each version, newest first. */
export function driftText(versions: readonly AgentVersion[], now = new Date()): string[] {
  const lines = versions.slice(0, MAX_LINES).map((it) => versionText(it, now));
  const more = versions.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more versions`] : lines;
}

function versionText({ version, at, actor, door, message, sections }: AgentVersion, now: Date) {
  const who = actor.name ?? actor.id;
  const why = message === null ? '' : `: ${message.replace(/\s+/g, ' ')}`;
  const what = sections.map(sectionText).join(', ');
  return printable(
    `${who} changed ${what} through ${door.toLowerCase()}, ${agoText(at, now)} (version ${version})${why}`,
  );
}

/** `MESSAGE_TEMPLATES` as files spell it: `messageTemplates`. */
export function sectionText(section: string): string {
  return section.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** `2 days ago`. */
export function agoText(at: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 1_000));
  const [unit, size] = UNITS.find(([, it]) => seconds >= it) ?? ['second', 1];
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  return format.format(-Math.floor(seconds / size), unit);
}
