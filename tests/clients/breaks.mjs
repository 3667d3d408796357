// Breaking changes of the schema against the last released one, and the file in which each must be marked with its reason.
import { findBreakingChanges } from 'graphql';

/** The breaking changes from one schema to another, each as one line. */
export function breaks(before, after) {
  return findBreakingChanges(before, after).map(({ type, description }) => `${type} ${description}`);
}

/**
 * What is wrong with the marks: a break that is not marked, a mark without a reason, a mark of a break that is not there (any
 * more). A mark is a line with the break, ` | ` and the reason; empty lines and lines that begin with `#` count for nothing.
 */
export function faults(found, marks) {
  const lines = marks.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  const marked = new Map(lines.map((line) => line.split(/ \|(?: |$)/, 2)));
  return [
    ...found.filter((change) => !marked.has(change)).map((change) => `not marked: ${change}`),
    ...[...marked].filter(([, reason]) => !reason?.trim()).map(([change]) => `no reason: ${change}`),
    ...[...marked.keys()].filter((change) => !found.includes(change)).map((change) => `no such break: ${change}`),
  ];
}
