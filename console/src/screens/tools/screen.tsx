import { Button, Group, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { toolsTexts } from '../../texts/tools.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Panel } from '../../ui/panel.tsx';
import { fieldsOf } from '../../ui/schema-form/fields.ts';
import { Empty, Lines, Loaded } from '../../ui/states.tsx';
import { ToolBadge } from '../../ui/tool-badge.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { AddTool } from './add-tool.tsx';
import { ConfigureTool } from './configure-tool.tsx';
import { Grant } from './grant.tsx';
import { CATALOG_TOOLS, DISABLE_TOOL, ENABLE_TOOL, REMOVE_TOOL, TOOLS } from './queries.ts';
import type { Binding, ToolRef } from './refs.ts';

/** A grant changes at its provider; more often while one is being given. */
const RENEW_EVERY_MS = 30_000;
const RENEW_SOON_MS = 2_000;

export function ToolsScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: '/orgs/$org/agents/$agent/tools' });
  const [isConnecting, setConnecting] = useState(false);
  const query = useRead(
    TOOLS,
    { org: org.id, agent },
    { everyMs: isConnecting ? RENEW_SOON_MS : RENEW_EVERY_MS },
  );
  const catalog = useRead(CATALOG_TOOLS, {}, { enabled: org.can('Query.catalog') }).data?.data
    .catalog?.tools;
  return (
    <Loaded query={query} loading={<Lines count={4} height={140} />}>
      {(answer) => {
        const bindings = answer.data.org?.agent?.toolBindings;
        if (!bindings) return <FieldFailure answer={answer} field="org" />;
        const bound = new Set(bindings.map(({ toolId }) => toolId));
        return (
          <Stack gap="md">
            <Group justify="flex-end" mih={36}>
              {org.can('replaceToolBinding') && catalog && (
                <AddTool
                  org={org.id}
                  agent={agent}
                  tools={catalog.filter(({ id }) => !bound.has(id))}
                />
              )}
            </Group>
            {bindings.length === 0 && <Empty {...toolsTexts.empty} />}
            <div className="overview">
              {bindings.map((it) => (
                <ToolPanel
                  key={it.toolId}
                  of={{ org: org.id, agent, tool: it.toolId }}
                  binding={it}
                  onConnecting={() => setConnecting(true)}
                />
              ))}
            </div>
          </Stack>
        );
      }}
    </Loaded>
  );
}

interface ToolPanelProps {
  readonly of: ToolRef;
  readonly binding: Binding;
  readonly onConnecting: () => void;
}

function ToolPanel({ of, binding, onConnecting }: ToolPanelProps) {
  const { name, missing, oauth, tool } = binding;
  return (
    <Panel title={name} aside={<ToolBadge {...binding} />}>
      <Stack gap={4}>
        <Text size="sm" c="dimmed">
          {tool?.description ?? toolsTexts.unknown}
        </Text>
        {missing.length > 0 && (
          <Text size="sm" fw={600}>
            {toolsTexts.missing(labelsOf(binding).join(', '))}
          </Text>
        )}
        {oauth && <Grant of={of} name={name} grant={oauth} onStarted={onConnecting} />}
      </Stack>
      <Actions of={of} binding={binding} />
    </Panel>
  );
}

/** The missing fields as their form names them. */
function labelsOf({ missing, tool }: Binding): readonly string[] {
  const fields = tool?.configSchema ? fieldsOf(tool.configSchema) : [];
  return missing.map((name) => fields.find((it) => it.name === name)?.label ?? name);
}

function Actions({ of, binding }: Omit<ToolPanelProps, 'onConnecting'>) {
  const org = useOrg();
  const { name, enabled, tool } = binding;
  const enable = useWrite(ENABLE_TOOL);
  const disable = useWrite(DISABLE_TOOL);
  const remove = useWrite(REMOVE_TOOL);
  const label = enabled ? toolsTexts.disable : toolsTexts.enable;
  return (
    <>
      <Group gap="xs" mt="sm">
        {org.can('updateToolBinding') && tool?.configSchema && (
          <ConfigureTool of={of} binding={binding} schema={tool.configSchema} />
        )}
        {org.can(enabled ? 'disableToolBinding' : 'enableToolBinding') && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${label}: ${name}`}
            loading={enable.isPending || disable.isPending}
            onClick={() => (enabled ? disable : enable).mutate(of)}
          >
            {label}
          </Button>
        )}
        {org.can('deleteToolBinding') && (
          <ConfirmButton
            label={toolsTexts.remove}
            about={name}
            question={toolsTexts.removeQuestion(name)}
            consequence={toolsTexts.removeConsequence}
            write={remove}
            onConfirm={(close) => remove.mutate(of, { onSuccess: close })}
          />
        )}
      </Group>
      <WriteError error={enable.error ?? disable.error} />
    </>
  );
}
