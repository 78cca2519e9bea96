import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { promptOf } from '../../src/domain/prompt.ts';
import { countedTexts, promptSize } from '../../src/domain/prompt-size.ts';
import {
  type Finding,
  READINESS_CODES,
  readinessOf,
  severityOf,
} from '../../src/domain/readiness.ts';
import { promptFindings } from '../../src/domain/readiness-prompt.ts';
import { isSmall, longestPlaybook, sizeFindings } from '../../src/domain/readiness-size.ts';
import { problemOfTool } from '../../src/domain/readiness-tools.ts';
import { tokensIn } from '../../src/tokens/count.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';
import { SHIPPED_TEMPLATES, templateAgent } from '../kit/templates.ts';

const { systemSkills, tools } = loadCatalog();
const context = {
  tools,
  systemSkills,
  grants: new Map(),
  unreadable: new Set<string>(),
  links: [],
};
const now = new Date('2026-06-01T00:00:00.000Z');
const MAX_TOKENS = 16_000;

function sourcesOf(agent: Agent) {
  return {
    agent,
    systemSkills: systemSkills.list(),
    guardrailTemplates: [],
    problemOfTool: () => undefined,
  };
}

function sizesOf(agent: Agent, maxTokens: number): readonly Finding[] {
  const sources = sourcesOf(agent);
  const prompt = promptOf({ ...sources, playbookId: longestPlaybook(sources) });
  return sizeFindings(prompt, promptSize(prompt, tokensIn), maxTokens);
}

const shownOf = (findings: readonly Finding[]) =>
  findings.map(({ code, field }) => `${code} ${field}`);
const warnings = (parts: Partial<Agent>) => shownOf(promptFindings(agentWith(parts)));

describe.each(SHIPPED_TEMPLATES.map((one) => [one.id, templateAgent(one)] as const))(
  'the shipped template %s',
  (_, agent) => {
    it('has no warning', () => {
      const found = readinessOf(agent, context, now);
      expect(found.filter(({ code }) => severityOf(code) === 'warning')).toEqual([]);
      expect(sizesOf(agent, MAX_TOKENS)).toEqual([]);
    });
  },
);

it('withholds exactly the skills that readiness finds unusable', () => {
  fc.assert(
    fc.property(agents(), (agent) => {
      const problem = problemOfTool(agent, context);
      const found = readinessOf(agent, context, now).filter(({ code }) =>
        code.startsWith('skill.'),
      );
      for (const { id: playbookId, skillRefs = [] } of agent.playbooks ?? []) {
        const { withheld } = promptOf({
          ...sourcesOf(agent),
          problemOfTool: problem,
          playbookId,
        });
        for (const id of skillRefs) {
          const reason = withheld.find((one) => one.kind === 'skill' && one.id === id)?.reason;
          const [first] = found.filter((finding) => finding.id === id);
          const enabled = agent.skills?.find((one) => one.id === id)?.enabled;
          expect(reason).toBe(enabled ? first?.code.replace('skill.', '') : 'disabled');
        }
      }
    }),
  );
});

it('has a severity for each code', () => {
  expect(READINESS_CODES.filter((code) => severityOf(code) === 'warning')).toHaveLength(9);
});

const body = 'B';
const main = { id: 'main', name: 'Main', body, isDefault: true };
const other = { ...main, id: 'other', name: 'Other', isDefault: false, whenToUse: 'Later.' };
const skill = { id: 'faq', name: 'FAQ', body, enabled: true };
const objective = { id: 'sell', name: 'Sell', body, priority: 1 };
const PARAGRAPH =
  'Ask one question per message, and only after you have given something useful in return.';

describe('contradictions', () => {
  it('finds a topic that is avoided and required', () => {
    const guardrails = {
      topicsToAvoid: ['Prices', 'sell. '],
      claimsNotToMake: ['This is no advice'],
      requiredDisclaimers: ['This is  no advice.', 'Say who you are.'],
    };
    expect(warnings({ guardrails, objectives: [objective] })).toEqual([
      'prompt.topic_contradicted guardrails.topicsToAvoid[1]',
      'prompt.topic_contradicted guardrails.claimsNotToMake[0]',
    ]);
  });

  it.each([
    ['Always ask for a budget.', 'Never ask for  a budget!', 1],
    ['Do not greet people twice.', 'Hello. Always greet people\ntwice.', 1],
    ["Don't greet people twice.", 'Never greet people twice.', 0],
    ['Always ask for\nthe full name.', 'Never ask for\nthe card number.', 0],
    ['Always name the U.S. office.', 'Never name the U.S. team.', 0],
    ['Always name him Dr. Smith.', 'Never name him Dr. No.', 0],
    ['If they agree, always ask for a date.', 'Never ask for a date.', 0],
    ['Always ask for a budget.', 'Never ask for a budget in writing.', 0],
    ['Always answer.', 'Never answer.', 0],
  ])('compares %j with %j', (one, two, count) => {
    const found = warnings({
      personality: { text: one },
      objectives: [{ ...objective, body: two }],
    });
    expect(found).toEqual(Array(count).fill('prompt.rule_contradicted objectives[sell].body'));
  });

  it('does not compare playbooks with each other, which no prompt contains together', () => {
    const playbooks = [
      { ...main, body: `Always offer a call.\n\n${PARAGRAPH}` },
      { ...other, body: `Never offer a call.\n\n${PARAGRAPH}` },
    ];
    expect(warnings({ playbooks })).toEqual([]);
  });

  it('compares a skill with the playbooks that use it', () => {
    const playbooks = [
      { ...main, body: PARAGRAPH },
      { ...other, skillRefs: ['faq'] },
    ];
    const skills = [{ ...skill, body: PARAGRAPH }];
    expect(warnings({ playbooks, skills })).toEqual([]);
    const used = [{ ...main, body: PARAGRAPH, skillRefs: ['faq'] }];
    expect(warnings({ playbooks: used, skills })).toEqual([
      'prompt.paragraph_repeated skills[faq].body',
    ]);
    expect(warnings({ playbooks: used, skills: [{ ...skill, enabled: false }] })).toEqual([]);
  });
});

it('finds a paragraph that is repeated within one text', () => {
  expect(warnings({ personality: { text: `${PARAGRAPH}\n\nAnd.\n \n${PARAGRAPH}` } })).toEqual([
    'prompt.paragraph_repeated personality.text',
  ]);
});

it.each([
  ['Hi {person.firstName}', 1],
  ['Hi { agent.companyName | "us" }', 1],
  ['Hi {person.nothing}', 0],
  ['Hi {{person.firstName}}', 0],
  ['Send {"person": 1}', 0],
])('finds slots that are not filled in %j', (text, count) => {
  expect(warnings({ personality: { text } })).toEqual(
    Array(count).fill('prompt.slot_unresolved personality.text'),
  );
});

it('finds a tool that a text names and that is not bound', () => {
  const toolId = '@anychat/tool.calendly';
  const skills = [{ ...skill, body: `Use ${toolId}. Then ask.` }];
  expect(warnings({ skills })).toEqual(['prompt.tool_not_bound skills[faq].body']);
  expect(warnings({ skills, toolBindings: [{ toolId, enabled: true, config: {} }] })).toEqual([]);
  // `skill.tool_not_bound` is the finding of a reference.
  expect(warnings({ skills: skills.map((it) => ({ ...it, requiredTools: [toolId] })) })).toEqual(
    [],
  );
});

it('finds a playbook that nothing leads to', () => {
  const lost = { ...other, whenToUse: ' ' };
  expect(warnings({ playbooks: [main, lost] })).toEqual([
    'playbook.unreachable playbooks[other].whenToUse',
  ]);
  expect(warnings({ playbooks: [main, { ...lost, isOutbound: true }] })).toEqual([]);
  expect(warnings({ playbooks: [{ ...main, body: 'Continue with Other.' }, lost] })).toEqual([]);
});

it('finds a message template of a playbook that cannot be sent', () => {
  const messageTemplates = [{ id: 'hi', name: 'Hi', body: 'At {agent.websiteUrl | block-send}' }];
  expect(warnings({ messageTemplates, playbooks: [main] })).toEqual([]);
  const playbooks = [{ ...main, messageTemplateRefs: ['hi'] }];
  expect(warnings({ messageTemplates, playbooks })).toEqual([
    'playbook.message_template_blocked identity.websiteUrl',
  ]);
});

it('has at most ten findings of a code', () => {
  const objectives = Array.from({ length: 50 }, (_, i) => ({
    ...objective,
    id: `o${i}`,
    body: PARAGRAPH,
  }));
  expect(warnings({ objectives })).toHaveLength(10);
});

describe('the size of the longest prompt', () => {
  const long = { ...other, body: 'word '.repeat(3_000) };
  const agent = agentWith({ playbooks: [main, long] });

  it('is measured with the playbook that makes it longest', () => {
    expect(longestPlaybook(sourcesOf(agent))).toBe('other');
    fc.assert(
      fc.property(agents(), (any) => {
        const sources = sourcesOf(any);
        const lengths = (any.playbooks ?? []).map(
          ({ id }) => promptOf({ ...sources, playbookId: id }).characters,
        );
        const { characters } = promptOf({ ...sources, playbookId: longestPlaybook(sources) });
        // The heading of the index is not counted: it may be missing for one playbook.
        if (lengths.length > 0) expect(Math.max(...lengths) - characters).toBeLessThan(100);
      }),
    );
  });

  it('is a warning if it exceeds the setting', () => {
    expect(shownOf(sizesOf(agent, 10_000))).toEqual([]);
    const [finding, ...others] = sizesOf(agent, 4_000);
    expect(finding).toMatchObject({
      code: 'prompt.too_long',
      id: 'other',
      field: 'playbooks[other]',
    });
    expect(finding?.message).toMatch(
      /^with 'other', the prompt has about \d+ tokens, more than 4000; /,
    );
    expect(others).toEqual([]);
  });

  it('is a warning if one section dominates a large prompt', () => {
    const heavy = agentWith({ playbooks: [{ ...long, body: 'word '.repeat(8_000) }] });
    expect(shownOf(sizesOf(heavy, 12_000))).toEqual(['prompt.section_dominates playbooks']);
    expect(shownOf(sizesOf(heavy, 100_000))).toEqual([]);
  });

  it('is not counted if there is no finding at any number of tokens', () => {
    fc.assert(
      fc.property(agents(), fc.integer({ min: 1, max: 4_000 }), (any, maxTokens) => {
        const sources = sourcesOf(any);
        const prompt = promptOf({ ...sources, playbookId: longestPlaybook(sources) });
        if (!isSmall(prompt, maxTokens)) return;
        expect(sizeFindings(prompt, promptSize(prompt, tokensIn), maxTokens)).toEqual([]);
      }),
    );
    const prompt = promptOf(sourcesOf(agent));
    expect(countedTexts(prompt).join('')).toBe(prompt.text);
  });
});
