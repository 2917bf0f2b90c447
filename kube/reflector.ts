// Keeps up with one kind of object: lists them page by page, then watches them, for ever.
// In: a path of the API. Out: objects that are new, changed or gone; whether it works.
// Elsewhere: requests (api_client.ts), what becomes of the objects (metadata/kubernetes/cluster_view.ts).
//
// A watch goes on where the last one ended (resourceVersion), which bookmarks move on when nothing happens. Where the
// server says that this is too long ago, by status 410 or by an event, everything is listed again.

import { numberOf, objectAt, objectOf, pause, textOf } from "../base/mod.ts";
import { type ApiClient, ApiError, type Query, type Shape } from "./api_client.ts";
import { RetryPace } from "./retry_pace.ts";

export interface ReflectorOptions {
  readonly client: ApiClient;
  /** for the log */
  readonly what: string;
  readonly path: string;
  readonly query: Query;
  /** of a list */
  readonly shape: Shape;
  /** of a watch, whose events are about one object each */
  readonly watchShape: Shape;
  readonly onObject: (object: unknown) => void;
  readonly onRemoved: (object: unknown) => void;
  /** uids of all that there are */
  readonly onListed: (uids: ReadonlySet<string>) => void;
  /** what is wrong, at each failure that is worth telling; undefined once, when nothing is any more */
  readonly onState: (trouble: string | undefined) => void;
  readonly count: (what: "lists" | "watches" | "events" | "expired" | "errors") => void;
  readonly timing?: Partial<Timing>;
}

export interface Timing {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** how long the server may keep a watch open */
  readonly watchSeconds: number;
  /** how much longer it is waited for */
  readonly graceMs: number;
  /** how long a server that has come back may refuse what it used to allow */
  readonly warmUpMs: number;
}

export const USUAL_TIMING: Timing = {
  firstPauseMs: 1000,
  longestPauseMs: 60_000,
  watchSeconds: 290,
  graceMs: 15_000,
  warmUpMs: 10_000,
};
const NOTHING_SAID = "";
const PAGE = 100;
/** A server that repeats a page for ever must not fill the memory. */
const MAX_PAGES = 1000;
const MAX_OBJECTS = 65_536;
const LIST_TIMEOUT_MS = 120_000;
/** A watch that fails so often from the same version on may fail because of it. */
const MAX_FAILURES = 2;

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #timing: Timing;
  readonly #stop = new AbortController();
  #version = "";
  /** where a watch began that failed, and how often it did */
  #failedVersion = "";
  #failures = 0;
  readonly #pace: RetryPace;
  #trouble: string | undefined = NOTHING_SAID;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#timing = { ...USUAL_TIMING, ...options.timing };
    this.#pace = new RetryPace(this.#timing);
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (this.#version === "") await this.#list(signal);
        // after trouble only a watch that lasts shows that it is over
        if (this.#trouble === NOTHING_SAID) this.#say(undefined);
        await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = this.#failed(error);
        await pause(waitMs, signal);
      }
    }
  }

  close(): void {
    this.#stop.abort();
  }

  /** @returns how long to wait before the next attempt */
  #failed(error: unknown): number {
    const { count } = this.#options;
    const isSame = this.#version !== "" && this.#version === this.#failedVersion;
    this.#failures = isSame ? this.#failures + 1 : 1;
    this.#failedVersion = this.#version;
    if ((error instanceof ApiError && error.needsList) || this.#failures >= MAX_FAILURES) this.#version = "";
    const { waitMs, trouble } = this.#pace.failed(error);
    if (error instanceof ApiError && error.isExpired) {
      // nothing is wrong: this is how it is meant to be
      count("expired");
    } else {
      count("errors");
      if (trouble !== undefined) this.#say(trouble);
    }
    return waitMs;
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { count, onListed } = this.#options;
    count("lists");
    const uids = new Set<string>();
    let version: string;
    try {
      version = await this.#pages(uids, signal);
    } catch (error) {
      // the list has changed so much that its next page is no more: once more from the beginning
      if (!(error instanceof ApiError && error.isExpired)) throw error;
      uids.clear();
      version = await this.#pages(uids, signal);
    }
    if (version === "") throw new ApiError("the list has no version, so that it cannot be watched");
    onListed(uids);
    this.#version = version;
  }

  async #pages(uids: Set<string>, signal: AbortSignal): Promise<string> {
    const { client, path, query, shape, onObject } = this.#options;
    const bound = AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]);
    let next = "";
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await client.get(
        path,
        {
          ...query,
          limit: String(PAGE),
          ...next === "" ? {} : { continue: next },
        },
        shape,
        bound,
      );
      const items = objectOf(answer)["items"];
      // a list without objects may be null
      if (items !== null && !Array.isArray(items)) throw new ApiError("the answer is no list");
      if (uids.size + (items?.length ?? 0) > MAX_OBJECTS) {
        throw new ApiError(`the list has more than ${MAX_OBJECTS} objects`);
      }
      for (const item of items ?? []) {
        uids.add(textOf(objectAt(item, "metadata")["uid"]));
        onObject(item);
      }
      const metadata = objectAt(answer, "metadata");
      next = textOf(metadata["continue"]);
      if (next === "") return textOf(metadata["resourceVersion"]);
    }
    throw new ApiError(`the list has more than ${MAX_PAGES} pages`);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, path, query, watchShape, count } = this.#options;
    const { watchSeconds, graceMs, firstPauseMs } = this.#timing;
    count("watches");
    let hasWorked = false;
    // not all agents of a cluster at the same moment
    const seconds = Math.ceil(watchSeconds * (0.7 + Math.random() * 0.3));
    let holds: ReturnType<typeof setTimeout> | undefined;
    const worked = () => {
      hasWorked = true;
      this.#pace.worked();
      this.#say(undefined);
    };
    const watchQuery = {
      ...query,
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: this.#version,
      timeoutSeconds: String(seconds),
    };
    // one that lasts works, also where nothing happens for minutes
    const onOpen = () => holds = setTimeout(worked, firstPauseMs);
    const limits = { signal, timeoutMs: seconds * 1000 + graceMs, onOpen };
    try {
      await client.stream(path, watchQuery, watchShape, limits, (event) => {
        this.#take(event);
        worked();
      });
    } finally {
      clearTimeout(holds);
    }
    // a server that ends each watch at once is not asked again at once
    if (!hasWorked) await pause(this.#failed(new ApiError("watches end as soon as they begin")), signal);
  }

  #take(event: unknown): void {
    const { count, onObject, onRemoved } = this.#options;
    const { type, object } = objectOf(event);
    if (type === "ERROR") {
      const code = numberOf(objectOf(object)["code"]);
      const said = textOf(objectOf(object)["message"]).slice(0, 300);
      throw new ApiError(`the watch ended with ${code}: ${said}`, { status: code, needsList: true });
    }
    const version = textOf(objectAt(object, "metadata")["resourceVersion"]);
    if (type === "ADDED" || type === "MODIFIED") onObject(object);
    else if (type === "DELETED") onRemoved(object);
    else if (type !== "BOOKMARK") {
      throw new ApiError("the stream holds what is no event", { needsList: true });
    }
    count("events");
    if (version !== "") this.#version = version;
  }

  #say(trouble: string | undefined): void {
    if (trouble === undefined && this.#trouble === undefined) return;
    this.#trouble = trouble;
    this.#options.onState(trouble);
  }
}
