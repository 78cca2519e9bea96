/** A finding of Spectral, as `--format json` prints it. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** In an answer: its length depends on the content. Types of bodies are called `…Input`. */
const ANSWER =
  /\.responses\.|^components\.(?:headers|responses)\.|^components\.schemas\.(?!\w*Input\b)/;
const ANYWHERE = /^/;

/**
 * The OWASP rules that report something which is right for this API, each with the places where it
 * may. docs/rest.md gives the reasons; a test compares its list with this one.
 */
export const ACCEPTED: Readonly<Record<string, readonly RegExp[]>> = {
  'owasp:api2:2023-no-credentials-in-url': [/\.parameters\.\d+\.name$/],
  'owasp:api4:2023-array-limit': [ANSWER],
  'owasp:api4:2023-integer-limit': [ANSWER],
  'owasp:api4:2023-rate-limit': [ANYWHERE],
  'owasp:api4:2023-rate-limit-responses-429': [ANYWHERE],
  'owasp:api4:2023-string-limit': [ANSWER, /^components\.parameters\.If(?:None)?Match\./],
  'owasp:api4:2023-string-restricted': [ANYWHERE],
  'owasp:api8:2023-define-cors-origin': [ANYWHERE],
  'owasp:api8:2023-define-error-validation': [/\.get\.responses/],
};

/** The findings that are not accepted, as lines of text. */
export function unaccepted(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ code, message, path }) => {
      const place = path.join('.');
      if (code.endsWith('no-credentials-in-url') && !message.includes('pageToken')) return true;
      return !ACCEPTED[code]?.some((pattern) => pattern.test(place));
    })
    .map(({ code, message, path }) => `${code} at ${path.join('.')}: ${message}`);
}
