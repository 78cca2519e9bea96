/*
 * A runtime that knows only REST: reads an agent from stdin, as REST shows it, and prints the
 * prompt that the built package entry assembles.
 */
import { promptOf, toolProblem } from 'agent-api/prompt';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { name, definition, skills, toolBindings, catalogTools, conversation } = JSON.parse(
  Buffer.concat(chunks).toString(),
);
const known = new Set(catalogTools.map(({ id }) => id));
const bound = new Map(
  toolBindings.map(({ toolId, enabled, configStatus, oauth }) => {
    const isReady = configStatus === 'complete' && (!oauth || oauth.state === 'connected');
    return [toolId, { enabled, isReady }];
  }),
);
const prompt = promptOf({
  agent: { ...definition, name },
  systemSkills: skills.filter(({ source }) => source === 'system'),
  guardrailTemplates: [],
  problemOfTool: (id) => toolProblem(known.has(id), bound.get(id)),
  ...conversation,
});
process.stdout.write(JSON.stringify(prompt));
