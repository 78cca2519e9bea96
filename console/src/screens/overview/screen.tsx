import { Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { channelNames, promptSections } from '../../texts/names.ts';
import { overviewTexts } from '../../texts/overview.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Lines, Loaded } from '../../ui/states.tsx';
import { ChannelBadge } from '../../ui/status-badge.tsx';
import { ToolBadge } from '../../ui/tool-badge.tsx';
import { OVERVIEW, PROMPT_SIZE, TRAFFIC } from './queries.ts';
import { type Agent, Findings } from './readiness.tsx';
import { TrafficChart } from './traffic.tsx';
import { Updates } from './updates.tsx';

/** The state of an agent at a glance. */
export function OverviewScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: '/orgs/$org/agents/$agent' });
  const variables = { org: org.id, agent };
  const query = useRead(OVERVIEW, variables);
  return (
    <div className="overview">
      <Loaded query={query} loading={<Outline />}>
        {(answer) => {
          const it = answer.data.org?.agent;
          if (!it) return <FieldFailure answer={answer} field="org" />;
          return (
            <>
              <div className="overview-wide">
                <Panel title={overviewTexts.readiness}>
                  {it.readiness ? (
                    <Findings findings={it.readiness} />
                  ) : (
                    <FieldFailure answer={answer} field="org.agent.readiness" />
                  )}
                </Panel>
              </div>
              <div className="overview-column">
                <Traffic {...variables} />
                <Channels channels={it.channels} />
              </div>
              <div className="overview-column">
                <PromptSize {...variables} />
                <Tools tools={it.toolBindings} />
                <Updates agent={agent} pieces={it.updates.pieces} />
              </div>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

interface OfAgent {
  readonly org: string;
  readonly agent: string;
}

function Traffic(variables: OfAgent) {
  const query = useRead(TRAFFIC, variables);
  return (
    <Panel title={overviewTexts.traffic}>
      <Loaded query={query} loading={<Lines count={1} height={192} />}>
        {(answer) => {
          const counts = answer.data.org?.activity?.trafficByHour;
          if (counts) return <TrafficChart counts={counts} />;
          return <FieldFailure answer={answer} field="org.activity" />;
        }}
      </Loaded>
    </Panel>
  );
}

function PromptSize(variables: OfAgent) {
  const query = useRead(PROMPT_SIZE, variables);
  const total = query.data?.data.org?.agent?.prompt?.estimatedTokens;
  return (
    <Panel
      title={overviewTexts.prompt}
      aside={
        total !== undefined && (
          <AnchorLink to="/orgs/$org/agents/$agent/prompt" params={variables} size="sm">
            {overviewTexts.promptTotal(total)}
          </AnchorLink>
        )
      }
    >
      <Loaded query={query} loading={<Lines count={7} height={18} />}>
        {(answer) => {
          const prompt = answer.data.org?.agent?.prompt;
          if (!prompt) return <FieldFailure answer={answer} field="org.agent" />;
          const largest = Math.max(1, ...prompt.sections.map((it) => it.estimatedTokens));
          return (
            <dl className="sizes">
              {prompt.sections.map(({ section, estimatedTokens }) => (
                <div key={section}>
                  <dt>{promptSections[section]}</dt>
                  <dd aria-hidden="true">
                    <div
                      className="size-bar"
                      style={{ width: `${(estimatedTokens / largest) * 100}%` }}
                    />
                  </dd>
                  <dd className="size-value">{overviewTexts.tokens(estimatedTokens)}</dd>
                </div>
              ))}
            </dl>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Channels({ channels }: Pick<Agent, 'channels'>) {
  return (
    <Panel title={overviewTexts.channels}>
      {channels.length === 0 && (
        <Text size="sm" c="dimmed">
          {overviewTexts.noChannels}
        </Text>
      )}
      <ul className="rows">
        {channels.map(({ id, channel, status, statusDetail }) => (
          <li key={id}>
            <div>
              <Text size="sm" fw={600}>
                {channelNames[channel]}
              </Text>
              {statusDetail && status !== 'ACTIVE' && (
                <Text size="sm" c="dimmed">
                  {statusDetail}
                </Text>
              )}
            </div>
            <ChannelBadge status={status} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Tools({ tools }: { readonly tools: Agent['toolBindings'] }) {
  return (
    <Panel title={overviewTexts.tools}>
      {tools.length === 0 && (
        <Text size="sm" c="dimmed">
          {overviewTexts.noTools}
        </Text>
      )}
      <ul className="rows">
        {tools.map((it) => (
          <li key={it.toolId}>
            <Text size="sm" fw={600}>
              {it.name}
            </Text>
            <ToolBadge {...it} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Outline() {
  return (
    <>
      <div className="overview-wide">
        <Panel title={overviewTexts.readiness}>
          <Lines count={5} height={24} />
        </Panel>
      </div>
      <Panel title={overviewTexts.traffic}>
        <Lines count={1} height={192} />
      </Panel>
      <Panel title={overviewTexts.prompt}>
        <Lines count={7} height={18} />
      </Panel>
    </>
  );
}
