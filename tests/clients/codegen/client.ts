// How a page uses the client preset: variables and answers are typed by the document.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ContactLogDocument, ContactsDocument, type ContactsQuery } from './gql/graphql';

declare function ask<Answer, Variables>(document: TypedDocumentNode<Answer, Variables>, variables: Variables): Promise<Answer>;

export async function references(): Promise<string[]> {
  const answer: ContactsQuery = await ask(ContactsDocument, { first: 10, filter: { status: ['SENT'] } });
  return answer.contacts?.nodes.map(({ reference }) => reference) ?? [];
}

export async function log(platformServiceId: string): Promise<string | undefined> {
  const { contactLog } = await ask(ContactLogDocument, { input: { platformServiceId, kind: 'ESCALATION', legalBasis: 'PLATFORM_TERMS' } });
  return contactLog?.contact?.reference ?? contactLog?.userErrors[0]?.message;
}
