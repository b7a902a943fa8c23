/**
 * Recognises what describes a device and its surroundings by a telling name: model, build, version,
 * language, time zone, screen, battery, network, carrier, host name.
 *
 * Sources: RFC 5646 (language tags) and Java's `Locale.toString`; IANA time zone names; RFC 2132 §3.14
 * (DHCP host name), RFC 4702 (client FQDN), RFC 6762 §3 (names under `.local`).
 *
 * @module
 */
import type { Key } from "../telling-keys.ts";
import { makerOfModel, systemOfBuild } from "./model-patterns.ts";
import {
  trimmed,
  whole,
  type Recognized,
  type Recognizer,
  type ValueContext,
} from "./recognizer.ts";
import { isCountryCode } from "./subscriber.ts";

export const deviceRecognizer: Recognizer = {
  name: "device",
  recognize(context) {
    const { text } = trimmed(context.text);
    if (text === "" || text.length > MAX_VALUE) return [];
    for (const rule of RULES) {
      const found = rule(text, context.key);
      if (found !== undefined) return [whole(context, found)];
    }
    return languages(context);
  },
};

type Found = Omit<Recognized, "start" | "end">;
type Rule = (text: string, key: Key) => Found | undefined;

const MAX_VALUE = 160;

const RULES: readonly Rule[] = [
  model,
  build,
  osVersion,
  locale,
  timezone,
  screen,
  battery,
  networkType,
  carrier,
];

function model(text: string, key: Key): Found | undefined {
  const maker = makerOfModel(text);
  const isTold = key.tellsOf("DeviceModel");
  if (maker !== undefined && (isTold || key.isBlank)) {
    const beside = isTold ? `, beside "${key.name}"` : "";
    const reason = `written as ${maker} writes its models${beside}`;
    return { property: "DeviceModel", confidence: isTold ? "certain" : "likely", reason };
  }
  // Names that tell nothing but a model; `device` and `display` tell other things too.
  if (
    !key.tells(["devicemodel", "phonemodel", "mobilemodel", "hwmodel", "productmodel", "modelname"])
  )
    return undefined;
  if (!/^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 ,()+_.-]{1,39}$/.test(text)) return undefined;
  return { property: "DeviceModel", confidence: "likely", reason: `beside "${key.name}"` };
}

function build(text: string, key: Key): Found | undefined {
  const system = systemOfBuild(text);
  if (system !== undefined) {
    const reason = `written as ${system} writes its builds`;
    return { property: "OsBuild", confidence: "certain", reason };
  }
  if (
    !key.tells([
      "osbuild",
      "romversion",
      "miuiversion",
      "buildversion",
      "firmware",
      "firmwareversion",
      "fwversion",
      "displayid",
      "emui",
      "coloros",
      "incremental",
    ])
  ) {
    return undefined;
  }
  if (!/^(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ._/:()-]{1,99}$/.test(text)) return undefined;
  return { property: "OsBuild", confidence: "likely", reason: `beside "${key.name}"` };
}

function osVersion(text: string, key: Key): Found | undefined {
  if (
    !key.tellsOf("OsVersion") ||
    !/^((Android|iOS|iPadOS|HarmonyOS) ?)?[0-9]{1,2}(\.[0-9]{1,3}){0,3}$/i.test(text)
  )
    return undefined;
  return { property: "OsVersion", confidence: "likely", reason: `a version beside "${key.name}"` };
}

/** Whether `text` is a locale by itself: language and country, perhaps with script and extensions. */
export function isLocale(text: string): boolean {
  return /^[a-z]{2,3}[_-]([A-Z][a-z]{3}[_-])?[A-Z]{2}([_-]#?[A-Za-z0-9#_-]{1,40})?$/.test(text);
}

function locale(text: string, key: Key): Found | undefined {
  if (!key.tellsOf("Locale") || key.tells(["acceptlanguage"])) return undefined;
  if (!isLocale(text) && !/^[a-z]{2}([-_][a-z]{2}|[-_][A-Z][a-z]{3})?$/.test(text))
    return undefined;
  return {
    property: "Locale",
    confidence: "likely",
    reason: `a language tag beside "${key.name}"`,
  };
}

/** The tag that an Accept-Language header names first. */
function languages({ key, text, part }: ValueContext): readonly Recognized[] {
  if (!key.tells(["acceptlanguage"]) && part.path !== "header:accept-language") return [];
  const tag = /^\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*(?:[,;]|$)/.exec(text)?.[1];
  if (tag === undefined) return [];
  const start = text.indexOf(tag);
  const reason = "the language that the request prefers (Accept-Language)";
  return [{ property: "Locale", start, end: start + tag.length, confidence: "certain", reason }];
}

function timezone(text: string, key: Key): Found | undefined {
  const isName =
    /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Z][A-Za-z_-]{2,30}(\/[A-Z][A-Za-z_]{2,30})?$/.test(
      text,
    );
  const isTold = key.tellsOf("Timezone");
  if (isName && (isTold || key.isBlank)) {
    return {
      property: "Timezone",
      confidence: isTold ? "certain" : "likely",
      reason: "a name of the IANA time zone database",
    };
  }
  if (!isTold || !/^(GMT|UTC)?[+-][0-9]{1,2}:?([0-9]{2})?$/.test(text)) return undefined;
  return { property: "Timezone", confidence: "likely", reason: `an offset beside "${key.name}"` };
}

function screen(text: string, key: Key): Found | undefined {
  if (!key.tellsOf("Screen") || !/^[0-9]{3,4} ?[x*X×,] ?[0-9]{3,4}$/.test(text)) return undefined;
  return {
    property: "Screen",
    confidence: "likely",
    reason: `two numbers of pixels beside "${key.name}"`,
  };
}

function battery(text: string, key: Key): Found | undefined {
  if (!key.tellsOf("Battery") || !/^(100|[0-9]{1,2})(\.[0-9]{1,3})?%?$|^0\.[0-9]{1,4}$/.test(text))
    return undefined;
  return { property: "Battery", confidence: "likely", reason: `a share beside "${key.name}"` };
}

/** Whether `text` is a kind of network, as Android's and makers' programs write it. */
export function isNetworkType(text: string): boolean {
  return /^(wi-?fi|wlan|cellular|mobile|ethernet|[2345]g|lte|hspa|hsdpa|umts|gprs|edge|nr)$|^mobile-[a-z0-9]{1,10}(-[a-z0-9._-]{1,24})?$/i.test(
    text,
  );
}

function networkType(text: string, key: Key): Found | undefined {
  if (!key.tellsOf("NetworkType") || !isNetworkType(text)) return undefined;
  return {
    property: "NetworkType",
    confidence: "likely",
    reason: `a kind of network beside "${key.name}"`,
  };
}

function carrier(text: string, key: Key): Found | undefined {
  if (!key.tellsOf("Carrier")) return undefined;
  if (/^[0-9]{5,6}$/.test(text) && isCountryCode(text.slice(0, 3))) {
    return {
      property: "Carrier",
      confidence: "likely",
      reason: `mobile country code and network code beside "${key.name}"`,
    };
  }
  if (
    !key.tells(["carrier", "carriername", "operatorname", "networkoperatorname", "simoperatorname"])
  )
    return undefined;
  if (
    !/^(?=.*[A-Za-z\u0080-\u00ff])[^\s<>{}"][^<>{}"]{1,39}$/.test(text) ||
    /^(unknown|none|null|true|false)$/i.test(text)
  )
    return undefined;
  return { property: "Carrier", confidence: "likely", reason: `a name beside "${key.name}"` };
}

/** Names by which a device announces itself on the local network. */
export const hostNameRecognizer: Recognizer = {
  name: "host-name",
  recognize(context) {
    const { message, part } = context;
    const { text } = trimmed(context.text);
    if (message.kind === "dhcp" && /^option\[(12|39|81)\]/.test(part.path)) {
      if (!/^[A-Za-z0-9][A-Za-z0-9 ._'-]{1,62}$/.test(text)) return [];
      const reason = "the host name that the device gives itself in DHCP";
      return [whole(context, { property: "HostName", confidence: "certain", reason })];
    }
    if (message.kind === "dns" && message.protocol === "mdns" && message.response) {
      if (!/^[A-Za-z0-9][A-Za-z0-9 -]{1,62}\.local\.?$/.test(text)) return [];
      const reason = "the name that the device announces on the local network (mDNS)";
      return [whole(context, { property: "HostName", confidence: "likely", reason })];
    }
    return [];
  },
};
