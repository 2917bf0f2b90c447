// What a listing is asked for.

import type { LoadResult } from "../rules/load.ts";
import type { Page } from "./page.ts";

export interface ListRequest {
  readonly patterns: readonly string[];
  readonly json: boolean;
  readonly page: Page;
  /** reads and checks the rules */
  readonly loaded: () => LoadResult;
}
