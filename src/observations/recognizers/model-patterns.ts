/**
 * How makers write the models and builds of their devices: patterns for whole values.
 *
 * Only such patterns stand here as are told from ordinary words and numbers by themselves.
 * Sources: makers' support pages and Google's list of devices supported by Google Play
 * (2024); Xiaomi's, Samsung's and Android's build numbers as on devices and in makers' release notes.
 *
 * @module
 */

/** The maker by whose pattern `text` is a model, or undefined. */
export function makerOfModel(text: string): string | undefined {
  if (text.length < 4 || text.length > 40) return undefined;
  return MODELS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** What kind of build number `text` is, or undefined. */
export function systemOfBuild(text: string): string | undefined {
  if (text.length < 6 || text.length > 120) return undefined;
  return BUILDS.find(([, pattern]) => pattern.test(text))?.[0];
}

const MODELS: readonly (readonly [string, RegExp])[] = [
  // Trade names.
  [
    "Xiaomi",
    /^(Redmi|POCO|Poco|Xiaomi|Mi|MI) (?=[A-Za-z ]{0,12}[0-9])[A-Z0-9][A-Za-z0-9+]{0,9}( [A-Za-z0-9+()]{1,9}){0,4}$/,
  ],
  ["Xiaomi", /^HM (NOTE )?[0-9][A-Z0-9]{0,8}$/],
  ["Google", /^(Pixel [0-9][a-z]?|Nexus [0-9]{1,2}[A-Z]?)( Pro| XL| Fold){0,2}$/],
  [
    "Motorola",
    /^(moto|Moto) [a-zA-Z] ?[a-z0-9]{0,6}( (plus|power|play|pro|stylus|5G|[0-9]{2,4})){0,3}$/,
  ],
  ["OnePlus", /^ONEPLUS [A-Z][0-9]{4}$/],
  ["vivo", /^vivo [0-9]{4}[A-Z]?$/],
  ["HTC", /^HTC [A-Z][A-Za-z0-9]{1,9}( [A-Za-z0-9]{1,9}){0,3}$/],
  // Model numbers. Xiaomi: year and month, then project, form and market; without `M` from 2021 on.
  ["Xiaomi", /^M[12][0-9]{3}[A-Z][0-9]{1,2}[A-Z]{1,4}$/],
  ["Xiaomi", /^2[1-9][0-9]{3,6}[A-Z0-9]{2,5}[GCIYRLJ]$/],
  ["Samsung", /^(SM|GT|SGH|SCH|SHV)-[A-Z][0-9]{3,4}[A-Z0-9]{0,5}$/],
  ["Huawei or Honor", /^[A-Z]{3}-(L|LX|AL|TL|AN|NX|W|AX|LGRP)[0-9]{1,3}[A-Z]?$/],
  ["OPPO", /^(CPH[0-9]{4}|P[A-H][A-Z]{2}[0-9]{2})$/],
  ["realme", /^RMX[0-9]{4}$/],
  ["LG", /^LM-[A-Z][0-9]{3}[A-Z0-9]{0,4}$/],
  ["Motorola", /^XT[0-9]{4}-[0-9]{1,2}$/],
  ["ASUS", /^ASUS_[A-Z][A-Z0-9]{2,8}$/],
  [
    "Apple",
    /^(iPhone|iPad|iPod|AppleTV|Watch|Mac|MacBookPro|MacBookAir|Macmini|iMac|AudioAccessory)[0-9]{1,2},[0-9]{1,2}$/,
  ],
];

const BUILDS: readonly (readonly [string, RegExp])[] = [
  // MIUI: version, then code of Android release, device, and market: V12.5.2.0.RJWMIXM.
  ["MIUI", /^V[0-9]{1,3}(\.[0-9]{1,3}){2,4}\.[A-Z]{5,9}$/],
  ["HyperOS", /^OS[0-9]{1,2}(\.[0-9]{1,3}){2,4}\.[A-Z]{5,9}$/],
  // Build id of the Android Open Source Project: release, branch, date, number.
  ["Android", /^[A-Z]{1,4}[0-9]{1,2}[A-Z]\.[0-9]{6}\.[0-9]{3}(\.[A-Z][0-9]{1,2})?$/],
  [
    "Android",
    /^[^/\s]{1,30}\/[^/\s]{1,40}\/[^/:\s]{1,40}:[^/\s]{1,20}\/[^/\s]{1,40}\/[^/:\s]{1,40}:(user|userdebug|eng)\/[a-z,-]{1,40}keys$/,
  ],
];
