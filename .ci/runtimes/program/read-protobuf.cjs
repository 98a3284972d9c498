// Reads what is written in protobuf (Prometheus, "metrics.proto"), knowing only what a field's number means.
const LENGTH = 2;
const DOUBLE = 1;

const TYPES = ['COUNTER', 'GAUGE', 'SUMMARY', 'UNTYPED', 'HISTOGRAM', 'GAUGE_HISTOGRAM'];

/** The numbers of 64 bits that it writes are small enough to be exact. */
const unsigned = Number;
/** The sign is in the last bit. */
const signed = (value) => Number((value >> 1n) ^ -(value & 1n));
const text = (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const double = (value) => value;
const list = (read) => Object.assign((value) => read(value), { isList: true });

const seconds = (bytes) => {
  const { seconds: whole = 0, nanos = 0 } = message({ 1: ['seconds', unsigned], 2: ['nanos', unsigned] })(bytes);
  return whole + nanos / 1e9;
};
const label = list(message({ 1: ['name', text], 2: ['value', text] }));
const exemplar = message({ 1: ['labels', label], 2: ['value', double], 3: ['time', seconds] });
const span = list(message({ 1: ['offset', signed], 2: ['length', unsigned] }));
const delta = list(signed);

const metric = list(
  message({
    1: ['labels', label],
    2: ['gauge', message({ 1: ['value', double] })],
    3: ['counter', message({ 1: ['value', double], 2: ['exemplar', exemplar], 3: ['time', seconds] })],
    4: ['summary', message({ 1: ['count', unsigned], 2: ['sum', double], 4: ['time', seconds] })],
    7: [
      'histogram',
      message({
        1: ['count', unsigned],
        2: ['sum', double],
        3: ['buckets', list(message({ 1: ['count', unsigned], 2: ['upperBound', double] }))],
        5: ['schema', signed],
        6: ['zeroThreshold', double],
        7: ['zeroCount', unsigned],
        9: ['negativeSpans', span],
        10: ['negativeDeltas', delta],
        12: ['positiveSpans', span],
        13: ['positiveDeltas', delta],
        15: ['time', seconds],
      }),
    ],
  }),
);
const family = message({
  1: ['name', text],
  2: ['help', text],
  3: ['type', (number) => TYPES[unsigned(number)]],
  4: ['metrics', metric],
  5: ['unit', text],
});

/** All families, with labels as objects, and all times in them, in seconds, apart. */
exports.readFamilies = (bytes) => {
  const reader = readerOf(bytes);
  const families = [];
  const times = [];
  // What is empty isn't written.
  while (!reader.isOver()) families.push({ help: '', ...simple(family(reader.read(LENGTH)), times) });
  return { families, times };
};

function simple(value, times) {
  if (Array.isArray(value)) return value.map((each) => simple(each, times));
  if (typeof value !== 'object') return value;
  const { time, labels, ...rest } = value;
  if (time !== undefined) times.push(time);
  const result = {};
  if (labels !== undefined) result.labels = Object.fromEntries(labels.map((each) => [each.name, each.value]));
  for (const [name, each] of Object.entries(rest)) result[name] = simple(each, times);
  return result;
}

function message(fields) {
  return (bytes) => {
    const reader = readerOf(bytes);
    const result = {};
    while (!reader.isOver()) {
      const key = Number(reader.read(0));
      const [number, wireType] = [key >> 3, key & 7];
      const value = reader.read(wireType);
      if (!(number in fields)) throw new Error(`There is a field ${number} that was not to be there.`);
      const [name, read] = fields[number];
      if (read.isList) (result[name] ??= []).push(read(value));
      else result[name] = read(value);
    }
    return result;
  };
}

function readerOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length) => {
    at += length;
    if (at > bytes.length) throw new Error('It ends in the middle of a field.');
    return at - length;
  };
  function varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[take(1)];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  function read(wireType) {
    if (wireType === 0) return varint();
    if (wireType === DOUBLE) return view.getFloat64(take(8), true);
    if (wireType !== LENGTH) throw new Error(`There is a field of the wire type ${wireType}.`);
    const length = Number(varint());
    const begin = take(length);
    return bytes.subarray(begin, begin + length);
  }
  return { isOver: () => at >= bytes.length, read };
}
