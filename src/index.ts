/**
 * Public API of the core: runs wherever JavaScript does, sees no files and no network.
 *
 * @module
 */
export { Audit, type AuditOptions } from "./audit.ts";
export type { Anomaly } from "./anomaly.ts";
export { identifyCapture, openFrameReader } from "./capture/identify.ts";
export type { FrameReader } from "./capture/frame-reader.ts";
export { openAtlas, type CountryFile } from "./findings/country-atlas.ts";
export { openRangeTable, type RangeTableMeta } from "./findings/range-table.ts";
export type { DataSet, NetworkProvider, Organisation, World } from "./findings/world.ts";
export { Pipeline, type PipelineListener } from "./pipeline.ts";
export type { Platform } from "./platform.ts";
export type { Message } from "./protocols/message.ts";
export { toEvent, toFlowEvent, type Event } from "./report/event.ts";
export type { Report } from "./report/report.ts";
