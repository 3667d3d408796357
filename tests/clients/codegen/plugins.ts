// How a page uses the plugins: the schema's types and the documents' types, each in its own module.
import type { Contact } from './schema';
import type { ContactsQuery, MeetingsQueryVariables } from './operations';

export const month: MeetingsQueryVariables = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', timeZone: 'America/Lima' };

export function urgent(answer: ContactsQuery): Array<Pick<Contact, 'reference'>> {
  return answer.contacts?.nodes.filter(({ urgency }) => urgency === 'CRITICAL') ?? [];
}
