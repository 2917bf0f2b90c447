// The one call that the matcher makes to its host.
// In: the number of a rule, or a HOST_ number of generated/wire.ts; an address and a length, which the number gives a
// meaning. Out: nothing; a question (HOST_LOOK_UP) is answered by calls back before it returns.

@external("host", "on_alert")
export declare function on_alert(rule: i32, at: i32, bytes: i32): void;
