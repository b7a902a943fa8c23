/**
 * Properties: what describes a device and where it is. Sources and date: `properties.ts`.
 *
 * @module
 */
import type { Property } from "../../src/observations/property.ts";
import { pd } from "./vocabularies.ts";

const NETWORK = {
  group: "network",
  broader: pd("DeviceBased"),
  trackHar: ["carrier"],
  play: null,
  apple: null,
  listed: null,
  linkability: "none",
  sensitivity: "low",
} as const;

const NETWORK_PROPERTIES: readonly Property[] = [
  {
    ...NETWORK,
    term: "PublicIp",
    label: "the public IP address",
    broader: pd("IPAddress"),
    trackHar: ["publicIp"],
    listed: "g",
    linkability: "resettable",
  },
  {
    ...NETWORK,
    term: "LocalIp",
    label: "the local IP address",
    broader: pd("IPAddress"),
    trackHar: ["localIp"],
    listed: "g",
    linkability: "session",
  },
  { ...NETWORK, term: "Carrier", label: "the mobile carrier" },
  { ...NETWORK, term: "SimOperator", label: "the operator of the SIM" },
  {
    ...NETWORK,
    term: "NetworkType",
    label: "the kind of network connection",
    trackHar: ["networkConnectionType"],
  },
  {
    ...NETWORK,
    term: "HostName",
    label: "the name under which the device announces itself",
    trackHar: ["deviceName"],
    linkability: "long-lived",
  },
  {
    ...NETWORK,
    term: "DeviceName",
    label: "the name that the user gave the device",
    trackHar: ["deviceName"],
    linkability: "long-lived",
    sensitivity: "medium",
  },
];

const LOCATION = {
  group: "location",
  broader: pd("CurrentLocation"),
  trackHar: [],
  play: "Precise location",
  apple: "PreciseLocation",
  listed: null,
  linkability: "none",
  sensitivity: "high",
} as const;

const LOCATION_PROPERTIES: readonly Property[] = [
  {
    ...LOCATION,
    term: "PreciseLocation",
    label: "the precise location",
    broader: pd("GPSCoordinate"),
    trackHar: ["latitude", "longitude"],
  },
  {
    ...LOCATION,
    term: "CoarseLocation",
    label: "the approximate location",
    broader: pd("Location"),
    play: "Approximate location",
    apple: "CoarseLocation",
    sensitivity: "medium",
  },
  {
    ...LOCATION,
    term: "CellId",
    label: "the radio cell in use",
    broader: pd("Location"),
    play: "Approximate location",
    apple: "CoarseLocation",
    sensitivity: "medium",
  },
  {
    ...LOCATION,
    term: "Country",
    label: "the country",
    broader: pd("Location"),
    trackHar: ["country"],
    play: "Approximate location",
    apple: "CoarseLocation",
    sensitivity: "low",
  },
  { ...LOCATION, term: "Ssid", label: "the name of the Wi-Fi network", sensitivity: "medium" },
  { ...LOCATION, term: "Bssid", label: "the hardware address of the Wi-Fi access point" },
  { ...LOCATION, term: "NearbyWifi", label: "the Wi-Fi networks nearby" },
  { ...LOCATION, term: "NearbyBle", label: "the Bluetooth devices nearby" },
];

const DEVICE = {
  group: "device",
  broader: pd("DeviceBased"),
  trackHar: ["osVersion"],
  play: "Diagnostics",
  apple: "OtherDiagnosticData",
  listed: null,
  linkability: "none",
  sensitivity: "low",
} as const;

const DEVICE_PROPERTIES: readonly Property[] = [
  { ...DEVICE, term: "DeviceModel", label: "the device's model", trackHar: ["model"] },
  {
    ...DEVICE,
    term: "OsBuild",
    label: "the build of the device's system",
    broader: pd("DeviceOperatingSystem"),
  },
  {
    ...DEVICE,
    term: "OsVersion",
    label: "the version of the device's system",
    broader: pd("DeviceOperatingSystem"),
  },
  {
    ...DEVICE,
    term: "Locale",
    label: "the language and region set on the device",
    trackHar: ["language"],
  },
  { ...DEVICE, term: "Timezone", label: "the time zone", trackHar: ["timezone"] },
  {
    ...DEVICE,
    term: "Screen",
    label: "the size of the screen",
    trackHar: ["screenWidth", "screenHeight"],
  },
  {
    ...DEVICE,
    term: "Battery",
    label: "the state of the battery",
    trackHar: ["batteryLevel"],
    apple: "PerformanceData",
  },
  {
    ...DEVICE,
    term: "Memory",
    label: "the memory of the device",
    trackHar: ["ramTotal", "ramFree"],
    apple: "PerformanceData",
  },
  {
    ...DEVICE,
    term: "Disk",
    label: "the storage of the device",
    trackHar: ["diskTotal", "diskFree"],
    apple: "PerformanceData",
  },
  {
    ...DEVICE,
    term: "Uptime",
    label: "how long the device has been on",
    trackHar: ["uptime"],
    apple: "PerformanceData",
  },
  {
    ...DEVICE,
    term: "Sensor",
    label: "the readings of the device's sensors",
    trackHar: ["accelerometerX", "accelerometerY", "accelerometerZ"],
    apple: "PerformanceData",
    sensitivity: "medium",
  },
  {
    ...DEVICE,
    term: "CrashLog",
    label: "a crash log",
    broader: pd("DeviceSoftware"),
    trackHar: ["errorInformation"],
    play: "Crash logs",
    apple: "CrashData",
    sensitivity: "medium",
  },
];

/** What describes a device and where it is. */
export const SURROUNDINGS: readonly Property[] = [
  ...NETWORK_PROPERTIES,
  ...LOCATION_PROPERTIES,
  ...DEVICE_PROPERTIES,
];
