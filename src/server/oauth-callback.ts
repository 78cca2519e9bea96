import type { Catalog } from '../catalog/catalog.ts';
import { escaped, type PageAnswer } from '../http/page.ts';
import type { OAuthGrantService } from '../oauth/grant-service.ts';
import type { Work } from '../work.ts';

/** What the operator can do about it; what is not here is the provider's own word. */
const ADVICE: Readonly<Record<string, string>> = {
  access_denied: 'The access was not granted.',
  state_unknown: 'This link was used already, or is not one of ours. Start again.',
  state_expired: 'The grant took longer than ten minutes. Start again.',
  issuer_mismatch: 'The answer did not come from the provider that was asked.',
  provider_unavailable: 'The provider does not answer. Try again later.',
  'tool_binding.not_found': 'The tool is no longer bound to the agent.',
  'agent.not_found': 'The agent is gone.',
};

/** Answers the browser that a provider sent back: on to `returnTo`, or a page where that is not allowed. */
export function oauthCallback(
  grants: OAuthGrantService,
  tools: Catalog['tools'],
): (work: Work, query: URLSearchParams) => Promise<PageAnswer> {
  return async (work, query) => {
    const { toolId, reason, redirectTo } = await grants.complete(work, query);
    if (redirectTo !== undefined) return { redirectTo };
    const tool = (toolId && tools.get(toolId)?.name) || 'The tool';
    return reason === undefined
      ? { status: 200, html: page(`${tool} is connected`, 'You can close this window.') }
      : {
          status: 400,
          html: page(`${tool} is not connected`, ADVICE[reason] ?? `The reason: ${reason}`),
        };
  };
}

function page(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
</html>
`;
}
