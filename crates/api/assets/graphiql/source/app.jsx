// GraphiQL against the server that serves this page. In a demo, a link's fragment (`#link=…`) signs in as the account that the
// link is for; it stays in this tab, and nothing of it is kept when the tab is closed.
import { createRoot } from 'react-dom/client';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import 'graphiql/style.css';

const KEPT = 'tertulia-link';
/** Renewed so long before its end, in milliseconds. */
const EARLY = 60_000;

const link = new URLSearchParams(location.hash.slice(1)).get('link');
if (link) {
  sessionStorage.setItem(KEPT, link);
  // Out of the address bar and the history, where somebody could copy it from.
  history.replaceState(null, '', location.pathname);
}

let session = null;

async function post(path, body, headers = {}) {
  const json = { 'content-type': 'application/json', ...headers };
  const response = await fetch(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
  return response.ok ? response.json() : null;
}

/** Signs in with the link of this tab, if it has one; answers whether that was refused. */
async function signIn() {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return false;
  const answer = await post('/demo/session', { link: kept });
  if (!answer) return true;
  session = { ...answer, until: Date.now() + answer.expiresIn * 1000 };
  return false;
}

/** The access token, renewed when it is about to end; null for a reader who has not signed in. */
async function token() {
  if (session && Date.now() > session.until - EARLY) await signIn();
  return session?.accessToken ?? null;
}

/** The header that the reader typed, else the session's. */
let typed = null;
const authorization = async () => typed ?? ((await token()) && `Bearer ${await token()}`);

const plain = createGraphiQLFetcher({
  url: '/graphql',
  enableIncrementalDelivery: false,
  fetch: async (url, options) => {
    const headers = new Headers(options.headers);
    const value = await authorization();
    if (value) headers.set('authorization', value);
    return fetch(url, { ...options, headers });
  },
  wsClient: createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: async () => {
      const value = await authorization();
      return value ? { authorization: value } : {};
    },
  }),
});

function fetcher(parameters, options) {
  const found = Object.entries(options?.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization');
  typed = found ? found[1] : null;
  return plain(parameters, options);
}

const WELCOME = `# The book on the left documents the schema.
{
  service {
    version
    now
  }
  viewer {
    user {
      name
    }
    memberships {
      role
      organisation {
        name
      }
    }
  }
}
`;

/** The reader's name, as the server knows it. */
async function name() {
  if (!session) return 'not signed in';
  const answer = await post('/graphql', { query: '{ viewer { user { name } } }' }, { authorization: `Bearer ${session.accessToken}` });
  return answer?.data?.viewer?.user?.name ?? 'signed in';
}

async function show() {
  const who = (await signIn()) ? 'this link is no longer good' : await name();
  document.title = `Tertulia: ${who}`;
  createRoot(document.getElementById('graphiql')).render(
    <GraphiQL fetcher={fetcher} defaultQuery={WELCOME} shouldPersistHeaders={false} inputValueDeprecation schemaDescription>
      <GraphiQL.Logo>Tertulia · {who}</GraphiQL.Logo>
    </GraphiQL>,
  );
}

show();
