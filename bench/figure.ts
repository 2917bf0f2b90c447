// What a measurement is and what it gives.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** the same work done another way, measured in the same run: name and value in the same unit */
  readonly against?: { readonly name: string; readonly value: number };
}

export interface Bench {
  readonly name: string;
  /** why it cannot run here, or undefined */
  readonly refusal?: () => string | undefined;
  readonly run: () => Promise<readonly Figure[]>;
}
