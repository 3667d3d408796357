// What the tests of live clients do in the demo: an officer listens, and logs contacts to hear of them.
export const CHANGED = 'subscription { contactChanged { act contact { reference } } }';

/** Hands on the contacts that are logged, without what the demo tells by itself of those that are due. */
export const changes = (heard) => ({ data }) => { if (data.contactChanged.act === 'LOG') heard.push(data.contactChanged); };

/** Runs a document with a token and answers its data. */
export async function graphql(demo, token, query, variables = {}) {
  const response = await fetch(demo.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Logs a contact as the officer and answers its reference. */
export async function logContact(demo) {
  const token = await demo.token('ELECTORAL_BODY_OFFICER');
  const services = await graphql(demo, token, '{ platformServices(filter: { search: "agora" }, first: 1) { nodes { id } } }');
  const input = {
    platformServiceId: services.platformServices.nodes[0].id,
    kind: 'ESCALATION',
    legalBasis: 'PLATFORM_TERMS',
    sentAt: new Date().toISOString(),
    items: [{ url: 'https://agora.example/post/1' }],
  };
  const mutation = 'mutation($input: ContactLogInput!) { contactLog(input: $input) { contact { reference } userErrors { message } } }';
  const { contactLog } = await graphql(demo, token, mutation, { input });
  if (contactLog.userErrors.length) throw new Error(JSON.stringify(contactLog.userErrors));
  return contactLog.contact.reference;
}

/** Ends the session of a token. */
export async function signOut(demo, token) {
  const response = await fetch(`${demo.url}/v1/session`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 204) throw new Error(`sign-out answered ${response.status}`);
}

/** A list that is pushed to, and whose next item can be waited for. */
export function queue() {
  const items = [];
  let wake = () => {};
  return {
    push(item) {
      items.push(item);
      wake();
    },
    async next() {
      while (!items.length) await new Promise((resolve) => { wake = resolve; });
      return items.shift();
    },
  };
}
