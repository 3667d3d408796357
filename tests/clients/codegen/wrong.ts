import type { ContactsQuery } from './operations';

export const nothing = (answer: ContactsQuery) => answer.contacts?.nodes.map((contact) => contact.nothing);
