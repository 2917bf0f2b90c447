// What a package is made of, and where it goes.

export interface PackageRequest {
  /** the source tree */
  readonly root: string;
  readonly executable: string;
  readonly version: string;
  /** the folder */
  readonly output: string;
  /** packed quickly instead of small, for tests */
  readonly isQuick: boolean;
}
