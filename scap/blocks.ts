// The frame of blocks of the `.scap` file format, and what readers bear. Block types are in schema/wire.ts.
// Data only. Elsewhere: writing blocks (block_writer.ts and the files named after the lists), walking them in replay
// (the matcher's `ingest`), the records inside event blocks (schema/events.ts).
//
//   u32 type · u32 total length · body, padded with zeros to 4 bytes · u32 total length

/** type and length before the body, length after it */
export const BLOCK_HEADER_BYTES = 8;
export const BLOCK_TRAILER_BYTES = 4;

/** Longer texts make readers give up on the file; some of them want room for a NUL after a path. */
export const TEXT_LIMIT = { PATH: 1023, LIST: 4096, NAME: 255 } as const;

/** A list is cut into blocks of about this size, so that a reader with a small buffer can take them. */
export const LIST_BLOCK_BYTES = 1 << 20;
