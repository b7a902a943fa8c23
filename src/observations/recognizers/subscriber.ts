/**
 * Recognises the numbers of a phone and its SIM: IMEI, IMSI, ICCID.
 *
 * Sources: 3GPP TS 23.003 §2.2, §6.2; GSMA TS.06 annex (reporting body identifiers, the first two digits
 * of the type allocation code); ITU-T E.212 (mobile country codes) and E.118 (ICCID).
 *
 * @module
 */
import { isLuhnValid } from "../luhn.ts";
import type { Key } from "../telling-keys.ts";
import {
  isWhole,
  nameBefore,
  type Recognized,
  type Recognizer,
  type ValueContext,
} from "./recognizer.ts";

export const subscriberRecognizer: Recognizer = {
  name: "subscriber-number",
  recognize(context) {
    const found: Recognized[] = [];
    for (const match of context.text.matchAll(/(?<![0-9A-Za-z.])[0-9]{14,20}(?![0-9A-Za-z.])/g)) {
      const start = match.index;
      const token = { digits: match[0], start, end: start + match[0].length };
      const one = recognizeDigits(context, token, nameBefore(context, start));
      if (one !== undefined) found.push(one);
    }
    return found;
  },
};

interface Token {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

function recognizeDigits(context: ValueContext, token: Token, key: Key): Recognized | undefined {
  const { digits, start, end } = token;
  const isAlone = isWhole(context.text, start, end);
  if (key.tellsOf("Imei") && /^0{14,16}$/.test(digits)) {
    const placeholder = "all zeros: no IMEI was given";
    return {
      property: "Imei",
      start,
      end,
      confidence: "certain",
      reason: `beside "${key.name}"`,
      placeholder,
    };
  }
  if (key.tellsOf("Imsi")) {
    if (!/^\d{14,15}$/.test(digits) || !isCountryCode(digits.slice(0, 3))) return undefined;
    const reason = `${digits.length} digits that begin with a mobile country code, beside "${key.name}"`;
    return { property: "Imsi", start, end, confidence: "certain", reason };
  }
  return recognizeImei({ ...token, isAlone }, key) ?? recognizeIccid({ ...token, isAlone }, key);
}

function recognizeImei(
  token: Token & { readonly isAlone: boolean },
  key: Key,
): Recognized | undefined {
  const { digits, start, end } = token;
  const isTold = key.tellsOf("Imei");
  if (digits.length === 14 && isTold && isReportingBody(digits)) {
    const reason = `14 digits that begin as a type allocation code does, beside "${key.name}"`;
    return { property: "Imei", start, end, confidence: "likely", reason };
  }
  if (digits.length === 16 && isTold && isReportingBody(digits)) {
    const reason = `16 digits that begin as a type allocation code does, beside "${key.name}"`;
    return { property: "ImeiSv", start, end, confidence: "likely", reason };
  }
  if (digits.length !== 15 || !isReportingBody(digits) || !isLuhnValid(digits)) return undefined;
  const shape = "15 digits with a right check digit that begin as a type allocation code does";
  if (isTold)
    return {
      property: "Imei",
      start,
      end,
      confidence: "certain",
      reason: `${shape}, beside "${key.name}"`,
    };
  if (key.tellsOf("InstallationId")) {
    return {
      property: "Imei",
      start,
      end,
      confidence: "likely",
      reason: `${shape}, beside "${key.name}"`,
    };
  }
  if (!key.isBlank || !token.isAlone) return undefined;
  return {
    property: "Imei",
    start,
    end,
    confidence: "possible",
    reason: `${shape}, standing alone`,
  };
}

function recognizeIccid(
  token: Token & { readonly isAlone: boolean },
  key: Key,
): Recognized | undefined {
  const { digits, start, end } = token;
  if (!/^89\d{16,18}$/.test(digits)) return undefined;
  const isTold = key.tellsOf("Iccid");
  const isValid = digits.length === 19 && isLuhnValid(digits);
  const shape = isValid
    ? "19 digits that begin with 89, the telecommunications prefix, with a right check digit"
    : `${digits.length} digits that begin with 89, the telecommunications prefix`;
  if (isTold) {
    const confidence = isValid ? "certain" : "likely";
    return { property: "Iccid", start, end, confidence, reason: `${shape}, beside "${key.name}"` };
  }
  if (!isValid || !key.isBlank || !token.isAlone) return undefined;
  return {
    property: "Iccid",
    start,
    end,
    confidence: "possible",
    reason: `${shape}, standing alone`,
  };
}

function isReportingBody(digits: string): boolean {
  return REPORTING_BODIES.has(digits.slice(0, 2)) && !/^(\d)\1+$/.test(digits);
}

/** Whether a three-digit code is an assigned mobile country code. */
export function isCountryCode(code: string): boolean {
  return COUNTRY_CODES.has(Number(code));
}

const REPORTING_BODIES: ReadonlySet<string> = new Set(
  "01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 98 99".split(" "),
);

const COUNTRY_CODES: ReadonlySet<number> = new Set(
  (
    "202 204 206 208 212 213 214 216 218 219 220 221 222 225 226 228 230 231 232 234 235 238 240 242 244 246 247 " +
    "248 250 255 257 259 260 262 266 268 270 272 274 276 278 280 282 283 284 286 288 289 290 292 293 294 295 297 " +
    "302 308 310 311 312 313 314 315 316 330 332 334 338 340 342 344 346 348 350 352 354 356 358 360 362 363 364 " +
    "365 366 368 370 372 374 376 400 401 402 404 405 406 410 412 413 414 415 416 417 418 419 420 421 422 424 425 " +
    "426 427 428 429 430 431 432 434 436 437 438 440 441 450 452 454 455 456 457 460 461 466 467 470 472 502 505 " +
    "510 514 515 520 525 528 530 536 537 539 540 541 542 543 544 545 546 547 548 549 550 551 552 553 554 555 602 " +
    "603 604 605 606 607 608 609 610 611 612 613 614 615 616 617 618 619 620 621 622 623 624 625 626 627 628 629 " +
    "630 631 632 633 634 635 636 637 638 639 640 641 642 643 645 646 647 648 649 650 651 652 653 654 655 657 658 " +
    "659 702 704 706 708 710 712 714 716 722 724 730 732 734 736 738 740 742 744 746 748 750 901"
  )
    .split(" ")
    .map(Number),
);
