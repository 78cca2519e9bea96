/** The tags of the OpenAPI document: one per resource, in the order of the document. */
const TAGS = {
  org: 'The org: its metadata and preferences.',
  'audit-log': 'Every change in the org.',
  'api-keys': 'Bearer tokens of the org, limited by their scopes.',
  members: 'Users who can sign in, with their roles in the org.',
  webhooks: "Endpoints that receive the org's events.",
  agents: 'Conversational agents. Every other resource of an agent is under its path.',
  identity: "The agent's branding and contact details.",
  personality: "The agent's voice and tone.",
  objectives: 'The goals that the agent works toward.',
  skills: 'Instruction fragments that the agent uses to pursue its objectives.',
  playbooks: "The agent's modes of operation.",
  guardrails: 'Constraints on what the agent says and does.',
  'message-templates': 'Prepared messages with slots.',
  outreach: 'The configuration of the conversations that the agent opens.',
  'outreach-links': 'Links where people ask the agent to start an RCS conversation with them.',
  'tool-bindings': 'Catalog tools that are bound to the agent, with their configs.',
  tools: 'OAuth grants of bound tools.',
  channels: 'Messaging channels that are bound to the agent.',
  people: "The agent's CRM: one record per end user.",
  'apply-template': 'Applies an agent template to the agent.',
  updates: 'Newer versions of the templates that the agent was built from.',
  export: 'Exports the agent as a definition.',
  history: 'Every version of the agent: who made it, what it changed, and the way back.',
  import: 'Imports a definition into the agent.',
  prompt: 'The system prompt that the model sees, with the origin of each part.',
  messages: 'Messages to and from the agent.',
  conversations: "Summaries of the agent's conversations.",
  users: "Summaries of the agent's users.",
  logs: "The log of the agent's runtime.",
  catalogs: 'Read-only starter content and manifests, the same for every caller.',
} as const;

export const TAG_OBJECTS = Object.entries(TAGS).map(([name, description]) => ({
  name,
  description,
}));

/**
 * The tag of the resource that a path belongs to.
 *
 * @throws Error when the resource has no tag yet
 */
export function tagOf(path: string): string {
  const tag = resourceOf(path);
  if (tag in TAGS) return tag;
  throw new Error(`${path}: describe the tag '${tag}' in rest-compat/openapi/tags.ts`);
}

function resourceOf(path: string): string {
  const names = path.split('/').filter((part) => part && !part.startsWith('{'));
  if (names[0] === 'catalogs') return 'catalogs';
  const [, second, third] = names;
  if (second !== 'agents') return second ?? 'org';
  return third ?? 'agents';
}
