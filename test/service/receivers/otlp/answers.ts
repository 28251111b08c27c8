/** Reads answers by the field numbers of google.rpc.Status and metrics_service.proto, apart from the code that wrote them. */
import assert from 'node:assert/strict';

type Fields = Record<number, number | Buffer>;

/** Fields of a flat message; varints below 2^31. */
export function fieldsOf(bytes: Buffer): Fields {
  const fields: Fields = {};
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      assert.ok(byte !== undefined, 'cut off');
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const length = varint();
    if (tag % 8 === 0) fields[tag >> 3] = length;
    else {
      assert.equal(tag % 8, 2);
      assert.ok(at + length <= bytes.length, 'cut off');
      fields[tag >> 3] = bytes.subarray(at, at + length);
      at += length;
    }
  }
  return fields;
}

/** `google.rpc.Status`: code 1, message 2. */
export function statusOf(type: string, body: Buffer): { code: number; message: string } {
  if (type === 'application/json') return JSON.parse(body.toString());
  const { 1: code = 0, 2: message = '' } = fieldsOf(body);
  return { code: Number(code), message: String(message) };
}

/** `ExportMetricsServiceResponse.partial_success` 1: `rejected_data_points` 1, `error_message` 2. */
export function partialOf(type: string, body: Buffer): { rejected: number; message: string } | undefined {
  if (type === 'application/json') {
    const { partialSuccess } = JSON.parse(body.toString());
    return (
      partialSuccess && { rejected: Number(partialSuccess.rejectedDataPoints ?? 0), message: partialSuccess.errorMessage ?? '' }
    );
  }
  const partial = fieldsOf(body)[1];
  if (!Buffer.isBuffer(partial)) return undefined;
  const { 1: rejected = 0, 2: message = '' } = fieldsOf(partial);
  return { rejected: Number(rejected), message: String(message) };
}
