/** What GraphiQL shows first; it works for any key. */
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
