// The schema is a contract: what front ends of the last release rely on stays, unless a break is marked with its reason.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { breaks, faults } from './breaks.mjs';

const read = (path) => readFile(new URL(path, import.meta.url), 'utf8');

test('every breaking change since the last release is marked, and nothing else is', async () => {
  const [released, current] = [await read('../schema-baseline.graphql'), await read('../../schema.graphql')].map((text) => buildSchema(text));
  assert.deepEqual(faults(breaks(released, current), await read('../schema-breaks.txt')), []);
});

const before = buildSchema('type Query { a(first: Int): String b: Int } enum E { ONE TWO } input I { x: E } scalar S');
const after = {
  'a field removed': ['type Query { a(first: Int): String } enum E { ONE TWO } input I { x: E } scalar S', 'FIELD_REMOVED Query.b was removed.'],
  'a type changed': ['type Query { a(first: Int): String b: String } enum E { ONE TWO } input I { x: E } scalar S', 'FIELD_CHANGED_KIND Query.b changed type from Int to String.'],
  'a new required argument': ['type Query { a(first: Int, of: ID!): String b: Int } enum E { ONE TWO } input I { x: E } scalar S', 'REQUIRED_ARG_ADDED A required arg of on Query.a was added.'],
  'a new required input field': ['type Query { a(first: Int): String b: Int } enum E { ONE TWO } input I { x: E y: Int! } scalar S', 'REQUIRED_INPUT_FIELD_ADDED A required field y on input type I was added.'],
  'an enum value removed': ['type Query { a(first: Int): String b: Int } enum E { ONE } input I { x: E } scalar S', 'VALUE_REMOVED_FROM_ENUM TWO was removed from enum type E.'],
  'a type removed': ['type Query { a(first: Int): String b: Int } enum E { ONE TWO } input I { x: E }', 'TYPE_REMOVED S was removed.'],
};

for (const [name, [text, change]] of Object.entries(after)) {
  test(`${name} is refused until it is marked`, () => {
    const found = breaks(before, buildSchema(text));
    assert.deepEqual(faults(found, '# nothing is marked'), [`not marked: ${change}`]);
    assert.deepEqual(faults(found, `${change} |`), [`no reason: ${change}`]);
    assert.deepEqual(faults(found, `${change} | Nobody used it.`), []);
  });
}

test('what only adds is no break, and a mark of it is refused', () => {
  const more = buildSchema('type Query { a(first: Int, last: Int): String b: Int! c: S } enum E { ONE TWO THREE } input I { x: E y: Int } scalar S');
  assert.deepEqual(breaks(before, more), []);
  assert.deepEqual(faults([], 'FIELD_REMOVED Query.b was removed. | It came back.'), ['no such break: FIELD_REMOVED Query.b was removed.']);
});
