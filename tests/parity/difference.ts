// A value that Falco printed and the one that we print in its place.

export interface Difference {
  readonly trace: string;
  readonly event: string;
  /** evt.type */
  readonly type: string;
  /** undefined: there is no value */
  readonly falco: string | undefined;
  readonly ours: string | undefined;
  /** of fields: all that Falco printed of the event */
  readonly recorded?: ReadonlyMap<string, string>;
}
