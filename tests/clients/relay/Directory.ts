// Lists within objects, and every kind of object fetched again by its id.
import { graphql } from 'relay-runtime';

export const query = graphql`
  query DirectoryQuery($code: CountryCode!) {
    country(code: $code) { ...Directory_country }
    electoralBodies(first: 10, filter: { country: $code }) @connection(key: "Directory_electoralBodies") {
      edges { node { id ...Directory_body } }
    }
  }
`;

export const country = graphql`
  fragment Directory_country on Country @refetchable(queryName: "DirectoryCountryQuery") { code name region { code name } }
`;

export const body = graphql`
  fragment Directory_body on ElectoralBody
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" })
  @refetchable(queryName: "DirectoryBodyQuery") {
    name
    elections(first: $count, after: $cursor) @connection(key: "Directory_elections") {
      edges { node { id type pollingDays { date precision } } }
    }
  }
`;

export const any = graphql`
  fragment Directory_any on Node @refetchable(queryName: "DirectoryAnyQuery") {
    id
    ... on Platform { name services { id name } }
    ... on Membership { role organisation { id name } }
    ... on AuditEntry { act objectId }
    ... on Meeting { startsAt dialogue { id title } }
  }
`;
