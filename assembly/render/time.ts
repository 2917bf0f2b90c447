// Times inside of parameters: `2026-11-21 10:59:02.457417438` and `1.5s`.
// In: nanoseconds. Puts into the open text. Always UTC, without a zone: the fields evt.time and
// so on, which are written in the user's zone, leave the matcher as numbers.

import { putByte, putPadded, putUnsigned } from "../strings/writer";
import { putLiteral } from "../strings/literal";

/** Point in time, nanoseconds since the epoch. */
export function putTime(ns: u64): void {
  const seconds = ns / 1_000_000_000;
  const days = seconds / 86400, second = seconds % 86400;
  // civil date from days since 1970, by eras of 400 years beginning on 1 March
  const shifted = days + 719468;
  const era = shifted / 146097, dayOfEra = shifted % 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthShifted = (5 * dayOfYear + 2) / 153;
  const month = monthShifted < 10 ? monthShifted + 3 : monthShifted - 9;
  putPadded(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), 4);
  putByte(45);
  putPadded(month, 2);
  putByte(45);
  putPadded(dayOfYear - (153 * monthShifted + 2) / 5 + 1, 2);
  putByte(32);
  putPadded(second / 3600, 2);
  putByte(58);
  putPadded(second / 60 % 60, 2);
  putByte(58);
  putPadded(second % 60, 2);
  putByte(46);
  putPadded(ns % 1_000_000_000, 9);
}

/** Length of time in seconds with six significant digits, as printf's %g writes it, and `s`. */
export function putDuration(ns: u64): void {
  putSignificant(ns);
  putByte(115);
}

/** ns / 10⁹ with six significant digits, trailing zeros left out, small values with an exponent. */
function putSignificant(ns: u64): void {
  if (ns == 0) return putByte(48);
  let digits: i32 = 1;
  for (let n = ns; n >= 10; n /= 10) digits++;
  let exponent = digits - 10;
  let mantissa = ns;
  for (let i = digits; i > 6; i--) {
    const half = i == 7;
    mantissa = (mantissa + (half ? 5 : 0)) / 10;
  }
  if (mantissa >= 1_000_000) {
    mantissa /= 10;
    exponent++;
  }
  let kept = min(digits, 6);
  while (mantissa % 10 == 0) {
    mantissa /= 10;
    kept--;
  }
  if (exponent < -4 || exponent >= 6) {
    putScaled(mantissa, kept, 1);
    putByte(101);
    putByte(exponent < 0 ? 45 : 43);
    putPadded(<u64>abs(exponent), 2);
  } else putScaled(mantissa, kept, exponent + 1);
}

/** `kept` digits with the point after the first `whole` of them. */
function putScaled(mantissa: u64, kept: i32, whole: i32): void {
  if (whole <= 0) {
    putLiteral("0.");
    for (let i = whole; i < 0; i++) putByte(48);
    return putUnsigned(mantissa);
  }
  if (whole >= kept) {
    for (let i = kept; i < whole; i++) mantissa *= 10;
    return putUnsigned(mantissa);
  }
  let divisor: u64 = 1;
  for (let i = whole; i < kept; i++) divisor *= 10;
  putUnsigned(mantissa / divisor);
  putByte(46);
  putPadded(mantissa % divisor, kept - whole);
}
