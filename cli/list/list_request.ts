// What a listing is asked for.

import type { LoadResult } from "../../rules/mod.ts";
import type { Page } from "../terminal/page.ts";
import type { FilterCounts } from "./filter_counts.ts";

export interface ListRequest {
  readonly patterns: readonly string[];
  readonly json: boolean;
  readonly page: Page;
  /** reads and checks the rules */
  readonly loaded: () => LoadResult;
  /** of the falco that runs, for `filters`; absent where none answers */
  readonly counts?: ReadonlyMap<string, FilterCounts> | undefined;
}
