/**
 * Properties: what people say, make and do. Sources and date: `properties.ts`.
 *
 * @module
 */
import type { Property } from "../../src/observations/property.ts";
import { pd } from "./vocabularies.ts";

const COMMUNICATION = {
  group: "communication",
  broader: pd("CommunicationsMetadata"),
  trackHar: [],
  play: "SMS or MMS",
  apple: "EmailsOrTextMessages",
  listed: "h",
  linkability: "none",
  sensitivity: "high",
} as const;

const COMMUNICATION_PROPERTIES: readonly Property[] = [
  {
    ...COMMUNICATION,
    term: "ContactEntry",
    label: "an entry of the address book",
    broader: pd("Contact"),
    play: "Contacts",
    apple: "Contacts",
    listed: "d",
  },
  {
    ...COMMUNICATION,
    term: "ContactNumber",
    label: "the telephone number of a contact",
    broader: pd("SocialNetwork"),
    play: "Contacts",
    apple: "Contacts",
    listed: "d",
    linkability: "long-lived",
  },
  {
    ...COMMUNICATION,
    term: "SmsContent",
    label: "the text of a text message",
    broader: pd("Communication"),
  },
  {
    ...COMMUNICATION,
    term: "SmsPeer",
    label: "the other party of a text message",
    linkability: "long-lived",
  },
  {
    ...COMMUNICATION,
    term: "SmsMeta",
    label: "when and how text messages were sent",
    sensitivity: "medium",
  },
  {
    ...COMMUNICATION,
    term: "ImContent",
    label: "the text of a chat message",
    broader: pd("Communication"),
    play: "Other in-app messages",
    listed: null,
  },
  {
    ...COMMUNICATION,
    term: "ImMeta",
    label: "when and with whom there was a chat",
    play: "Other in-app messages",
    listed: null,
    sensitivity: "medium",
  },
  {
    ...COMMUNICATION,
    term: "CallLog",
    label: "the list of calls",
    broader: pd("CallLog"),
    play: null,
    apple: null,
  },
  {
    ...COMMUNICATION,
    term: "CallMeta",
    label: "when and with whom there was a call",
    broader: pd("CallLog"),
    play: null,
    apple: null,
  },
];

const CONTENT = {
  group: "content",
  broader: pd("Picture"),
  trackHar: [],
  play: "Photos",
  apple: "PhotosorVideos",
  listed: null,
  linkability: "none",
  sensitivity: "high",
} as const;

const CONTENT_PROPERTIES: readonly Property[] = [
  { ...CONTENT, term: "Photo", label: "a photo" },
  { ...CONTENT, term: "Video", label: "a video", play: "Videos" },
  {
    ...CONTENT,
    term: "MediaMeta",
    label: "what is known of photos and videos",
    sensitivity: "medium",
  },
  {
    ...CONTENT,
    term: "AudioRecording",
    label: "a sound recording",
    broader: pd("VoiceCommunicationRecording"),
    play: "Voice or sound recordings",
    apple: "AudioData",
  },
  {
    ...CONTENT,
    term: "Clipboard",
    label: "the content of the clipboard",
    broader: pd("Communication"),
    play: "Other user-generated content",
    apple: "OtherUserContent",
  },
];

const BEHAVIOUR = {
  group: "behaviour",
  broader: pd("ServiceConsumptionBehaviour"),
  trackHar: [],
  play: "App interactions",
  apple: "ProductInteraction",
  listed: null,
  linkability: "none",
  sensitivity: "medium",
} as const;

const BEHAVIOUR_PROPERTIES: readonly Property[] = [
  {
    ...BEHAVIOUR,
    term: "InstalledApps",
    label: "the list of installed apps",
    broader: pd("DeviceApplications"),
    play: "Installed apps",
    apple: "OtherUsageData",
  },
  { ...BEHAVIOUR, term: "AppUsage", label: "which apps are used", trackHar: ["viewedPage"] },
  {
    ...BEHAVIOUR,
    term: "ScreenEvents",
    label: "what is done on the screen",
    trackHar: ["interactedElement"],
  },
  { ...BEHAVIOUR, term: "Keystrokes", label: "what is typed", sensitivity: "high" },
  {
    ...BEHAVIOUR,
    term: "BrowsingHistory",
    label: "the pages visited",
    broader: pd("BrowserHistory"),
    trackHar: ["websiteUrl"],
    play: "Web browsing history",
    apple: "BrowsingHistory",
    sensitivity: "high",
  },
  {
    ...BEHAVIOUR,
    term: "SearchQuery",
    label: "what is searched for",
    broader: pd("BrowserHistory"),
    play: "Web browsing history",
    apple: "SearchHistory",
    sensitivity: "high",
  },
];

/** What people say, make and do. */
export const CONDUCT: readonly Property[] = [
  ...COMMUNICATION_PROPERTIES,
  ...CONTENT_PROPERTIES,
  ...BEHAVIOUR_PROPERTIES,
];
