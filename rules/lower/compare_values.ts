// Comparisons of two constants.
// In: two values of one kind, an operator. Out: the answer; undefined for operators that are no comparison.

/** @param operator of rules */
export function compareValues<T extends string | bigint>(
  left: T,
  operator: string,
  right: T,
): boolean | undefined {
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return undefined;
  }
}
