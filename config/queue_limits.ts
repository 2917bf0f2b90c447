// What may wait for one sink in memory, in bytes: the alerts themselves and what they were made of.

export const MAX_QUEUE_BYTES = 128 << 20;
