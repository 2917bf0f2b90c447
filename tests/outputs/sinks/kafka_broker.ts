// A Kafka broker on loopback, as far as a producer needs one: ApiVersions, Metadata, Produce (v7) and SASL PLAIN. It
// checks what it is sent as a broker does, and misbehaves when told to.
// In: how to answer. Out: the records that it has acknowledged.
// Elsewhere: the encoding (kafka_wire.ts).

import { readRecordBatch, type RecordBatch, WireReader, WireWriter } from "./kafka_wire.ts";

const PRODUCE = 0;
const METADATA = 3;
const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;
/** key, lowest and highest version */
const APIS = [[PRODUCE, 7, 7], [METADATA, 6, 6], [SASL_HANDSHAKE, 1, 1], [API_VERSIONS, 0, 2], [
  SASL_AUTHENTICATE,
  1,
  1,
]];

export const KAFKA_ERRORS = {
  none: 0,
  corrupt: 2,
  unknownTopic: 3,
  notLeader: 6,
  tooLarge: 10,
  saslFailed: 58,
} as const;

export type ProduceAnswer = keyof typeof KAFKA_ERRORS | "silence" | "hang up";

export interface Received extends RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly acks: number;
}

export class KafkaBroker implements Disposable {
  readonly acknowledged: Received[] = [];
  readonly clientIds = new Set<string>();
  /** how many requests for metadata there were */
  metadataRequests = 0;
  /** how the next batches are answered; the ones after those as usual */
  answers: ProduceAnswer[] = [];
  /** batches with a value longer than this are too large */
  maxValueBytes = Infinity;
  topicExists = true;
  readonly #listener: Deno.Listener<Deno.TcpConn | Deno.TlsConn, Deno.NetAddr>;
  readonly #connections = new Set<Deno.Conn>();
  readonly #login: string | undefined;

  /**
   * @param login user and password, without which nobody is served
   * @param at a port, or who listens in its place
   */
  constructor(
    login?: { readonly user: string; readonly password: string },
    at: number | Deno.TlsListener = 0,
  ) {
    this.#listener = typeof at === "number" ? Deno.listen({ hostname: "127.0.0.1", port: at }) : at;
    this.#login = login === undefined ? undefined : `\0${login.user}\0${login.password}`;
    this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get bodies(): string[] {
    return this.acknowledged.flatMap(({ records }) => records.map(({ value }) => value));
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) this.#serve(connection);
    } catch {
      // closed
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    this.#connections.add(connection);
    const session = { isKnown: this.#login === undefined };
    try {
      for (;;) {
        const size = new WireReader(await readExactly(connection, 4)).int32();
        const answer = this.#answer(new WireReader(await readExactly(connection, size)), session);
        if (answer === "hang up") break;
        if (answer !== "silence") await writeAll(connection, new WireWriter().block(answer).done());
      }
    } catch {
      // the client has gone
    }
    if (this.#connections.delete(connection)) {
      try {
        connection.close();
      } catch {
        // it was closed by the test's end
      }
    }
  }

  #answer(request: WireReader, session: { isKnown: boolean }): Uint8Array | "silence" | "hang up" {
    const api = request.int16();
    const version = request.int16();
    const answer = new WireWriter().int32(request.int32()); // correlation
    this.clientIds.add(request.string() ?? "");
    if (api === API_VERSIONS) return answerApiVersions(answer, version);
    if (api === SASL_HANDSHAKE) return answer.int16(0).array(["PLAIN"], (name) => answer.string(name)).done();
    if (api === SASL_AUTHENTICATE) {
      session.isKnown = new TextDecoder().decode(request.block()) === this.#login;
      const error = session.isKnown ? KAFKA_ERRORS.none : KAFKA_ERRORS.saslFailed;
      const words = session.isKnown ? null : "Authentication failed: Invalid username or password";
      return answer.int16(error).string(words).block(new Uint8Array()).int64(0n).done();
    }
    if (!session.isKnown) return "hang up";
    if (api === METADATA) return this.#answerMetadata(answer, request);
    if (api === PRODUCE) return this.#answerProduce(answer, request);
    return "hang up";
  }

  #answerMetadata(answer: WireWriter, request: WireReader): Uint8Array {
    this.metadataRequests++;
    const topics = request.array(() => request.string());
    const error = this.topicExists ? KAFKA_ERRORS.none : KAFKA_ERRORS.unknownTopic;
    answer.int32(0); // throttled for
    answer.array([0], () => answer.int32(0).string("127.0.0.1").int32(this.port).string(null));
    answer.string("cluster").int32(0);
    answer.array(topics, (topic) => {
      answer.int16(error).string(topic).int8(0).array(this.topicExists ? [0, 1, 2] : [], (partition) => {
        answer.int16(0).int32(partition).int32(0);
        for (const replicas of [[0], [0], []]) answer.array(replicas, (node) => answer.int32(node));
      });
    });
    return answer.done();
  }

  #answerProduce(answer: WireWriter, request: WireReader): Uint8Array | "silence" | "hang up" {
    request.string(); // transaction
    const acks = request.int16();
    request.int32(); // timeout
    const told = this.answers.shift() ?? "none";
    const batches = request.array(() => {
      const topic = request.string() ?? "";
      return request.array(() => ({ topic, partition: request.int32(), bytes: request.block() }));
    }).flat();
    if (told === "silence" || told === "hang up") return told;
    const results = batches.map(({ topic, partition, bytes }) => {
      const error = this.#take(topic, partition, acks, bytes, told);
      return { topic, partition, error: KAFKA_ERRORS[error] };
    });
    answer.array(results, ({ topic, partition, error }) => {
      answer.string(topic).array(
        [0],
        () => answer.int32(partition).int16(error).int64(0n).int64(-1n).int64(0n),
      );
    });
    return answer.int32(0).done();
  }

  #take(
    topic: string,
    partition: number,
    acks: number,
    bytes: Uint8Array,
    told: keyof typeof KAFKA_ERRORS,
  ): keyof typeof KAFKA_ERRORS {
    if (told !== "none") return told;
    let batch: RecordBatch;
    try {
      batch = readRecordBatch(bytes);
    } catch {
      return "corrupt";
    }
    if (batch.records.some(({ value }) => value.length > this.maxValueBytes)) return "tooLarge";
    this.acknowledged.push({ ...batch, topic, partition, acks });
    return "none";
  }
}

function answerApiVersions(answer: WireWriter, version: number): Uint8Array {
  answer.int16(0).array(APIS, (numbers) => numbers.forEach((number) => answer.int16(number)));
  return version === 0 ? answer.done() : answer.int32(0).done();
}

async function readExactly(connection: Deno.Conn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) throw new Error("end of the connection");
    at += count;
  }
  return bytes;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
