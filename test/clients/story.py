"""The client of openapi-python-client: creates an agent, applies a template, exports it."""

import sys

from agent_api_client import AuthenticatedClient
from agent_api_client.api.agents import create_agent, get_agent
from agent_api_client.api.apply_template import apply_agent_template
from agent_api_client.api.export import get_export
from agent_api_client.api.import_ import import_agent
from agent_api_client.models import (
    Agent,
    AgentDefinitionInput,
    CreateAgentInput,
    Error,
    ExportFormat,
    ImportTemplateInput,
)

url, token = sys.argv[1:]
api = AuthenticatedClient(base_url=url, token=token)

agent = create_agent.sync("acme", client=api, body=CreateAgentInput(id="snake", name="Snake"))
assert isinstance(agent, Agent), agent
applied = apply_agent_template.sync(
    "acme",
    agent.id,
    client=api,
    body=ImportTemplateInput(template_id="@anychat/agent-template.sales-development"),
)
assert applied.applied_from.template_name == "Sales Development Agent", applied

definition = get_export.sync("acme", agent.id, client=api, format_=ExportFormat.JSON)
assert isinstance(definition, AgentDefinitionInput), definition
assert len(definition.playbooks) > 1, definition
imported = import_agent.sync("acme", agent.id, client=api, body=definition)
assert imported.agent.id == agent.id, imported

missing = get_agent.sync("acme", "none", client=api)
assert isinstance(missing, Error) and missing.code == "agent.not_found", missing
