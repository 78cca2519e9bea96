/** The query that GraphiQL shows first. Every key may run it. */
export const FIRST_QUERY = `# Paste your API key into the headers below, as
#   { "Authorization": "Bearer sk-any-api01-…" }
# and run this query (Ctrl-Enter).

{
  viewer {
    name
    memberships {
      orgId
      role
      scopes
    }
  }
}
`;
