// Compares two files of events field by field: node compare-events.mjs <theirs> <ours>. What must differ (ids, times,
// ports) is checked for its form and made equal first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function checked(value, form, what) {
  assert.match(value, form, what);
  return what;
}

function read(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const ids = new Set(lines.map(({ event }) => event.id));
  assert.equal(ids.size, lines.length, `${file}: each event has an id of its own`);
  return lines.map(({ type, event }) => {
    const host = event.request.host;
    const text = JSON.stringify({ type, event }).replaceAll(host, '<host>');
    const result = JSON.parse(text);
    result.event.id = checked(event.id, UUID, '<id>');
    result.event.timestamp = checked(event.timestamp, TIME, '<time>');
    result.event.request.id = checked(event.request.id, UUID, '<request id>');
    result.event.request.addr = checked(event.request.addr, /^127\.0\.0\.1:\d+$/, '<client>');
    result.event.source.addr = checked(event.source.addr, /^[^:]+:\d+$/, event.source.addr.split(':')[0]);
    result.event.source.instanceID = checked(event.source.instanceID, UUID, '<instance>');
    return result;
  });
}

const [theirs, ours] = process.argv.slice(2).map(read);
// Each end sends one after the other, but pulls are written behind the answer: order is compared within an action.
const sorted = (events) =>
  events.toSorted((a, b) => (a.event.action < b.event.action ? -1 : a.event.action > b.event.action ? 1 : 0));
assert.deepEqual(sorted(ours), sorted(theirs));
console.log(`${theirs.length} events are the same`);
