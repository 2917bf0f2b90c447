// How long JSON events and requests with them are by default. The API server of Kubernetes takes objects of 1.5 MB, which an
// audit event may hold twice, and sends up to 400 events at once: anyone who may create objects decides how large a request
// is. Events are taken from a request while it arrives, so that its length costs no memory.

/** Also the most that the matcher's memory has room for (REGION.INGEST of schema/layout.ts). */
export const MAX_EVENT_BYTES = 8_000_000;
export const MAX_BATCH_BYTES = 1_073_741_824;
