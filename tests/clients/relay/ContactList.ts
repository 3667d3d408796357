// A page of contacts as a Relay front end writes it: fragments, pagination, one row that fetches itself again.
import { graphql } from 'relay-runtime';

export const query = graphql`
  query ContactListQuery($count: Int!, $cursor: String, $filter: ContactFilter) {
    viewer { user { id name } }
    ...ContactList_page @arguments(count: $count, cursor: $cursor, filter: $filter)
  }
`;

export const page = graphql`
  fragment ContactList_page on Query
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" }, filter: { type: "ContactFilter" })
  @refetchable(queryName: "ContactListPaginationQuery") {
    contacts(first: $count, after: $cursor, filter: $filter, orderBy: SENT_AT_DESC)
    @connection(key: "ContactList_contacts", filters: ["filter"]) {
      edges { node { id ...ContactList_row } }
    }
  }
`;

export const row = graphql`
  fragment ContactList_row on Contact @refetchable(queryName: "ContactListRowQuery") {
    reference status version
    electoralBody { ...ContactList_organisation }
    platformService { name platform { ...ContactList_organisation } }
    transitions { id to occurredAt supersedes { id to } }
  }
`;

export const organisation = graphql`
  fragment ContactList_organisation on Organisation { __typename id name }
`;

export const changed = graphql`
  subscription ContactListSubscription($after: String) {
    contactChanged(after: $after) { cursor act contact { ...ContactList_row } }
  }
`;
