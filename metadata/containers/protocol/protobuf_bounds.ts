// How much a protobuf message would take when it is read, found out before: two bytes can become an object of many
// fields.
// In: a message's type and bytes. Out: nothing, or an error. Texts and numbers that lie in unknown fields are skipped, as
// readers do; groups, which nobody uses and which can be nested without end, are refused.

import type protobuf from "protobufjs";

const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;
/** The message as it is decoded, and the plain object made of it. */
const COPIES = 2;

/** @throws when it would have more than so many values */
export function checkMessage(type: protobuf.Type, bytes: Uint8Array, most: number): void {
  let left = most;
  const walk = (type: protobuf.Type, from: number, to: number): void => {
    left -= COPIES * (type.fieldsArray.length + 1);
    for (let at = from; at < to;) {
      if (left < 0) throw new Error(`a message has more than ${most} values`);
      const [key, afterKey] = varint(bytes, at, to);
      at = afterKey;
      const wire = key & 7;
      left--;
      if (wire === WIRE.varint) at = varint(bytes, at, to)[1];
      else if (wire === WIRE.eight) at += 8;
      else if (wire === WIRE.four) at += 4;
      else if (wire === WIRE.bytes) {
        const [length, start] = varint(bytes, at, to);
        at = start + length;
        if (at > to) throw new Error("a message is cut off");
        const field = type.fieldsById[key >>> 3]?.resolve();
        // a packed list of numbers, of which each takes a byte
        if (field?.repeated && field.packed) left -= length;
        if (field !== undefined && !field.map && isType(field.resolvedType)) {
          walk(field.resolvedType, start, at);
        }
      } else throw new Error("a message has fields of an unknown kind");
    }
  };
  walk(type, 0, bytes.length);
}

function isType(type: protobuf.Type | protobuf.Enum | null): type is protobuf.Type {
  return type !== null && "fieldsArray" in type;
}

/** Its value, as far as 32 bits go, and where it ends. */
function varint(bytes: Uint8Array, from: number, to: number): [value: number, end: number] {
  let value = 0;
  for (let at = from, shift = 0; at < to && shift < 70; at++, shift += 7) {
    const byte = bytes[at]!;
    if (shift < 35) value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
  throw new Error("a message is cut off");
}
