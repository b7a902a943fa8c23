/**
 * Loads the device file and the run log beside it.
 *
 * @module
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DeviceFileError, readDeviceFile, type DeviceFile } from "../device/device-file.ts";
import { readRunLog, RunLogError, type RunLog } from "../device/run-log.ts";
import { MAX_DEVICE_FILE_BYTES, MAX_RUN_LOG_BYTES } from "../limits.ts";
import { checkCanary } from "../observations/canary.ts";
import { InputError, reasonOf } from "./capture-source.ts";
import { nodePlatform } from "./platform.ts";

/** What the operator states. */
export interface Stated {
  readonly deviceFile: DeviceFile;
  readonly runLog: RunLog | undefined;
}

/**
 * Loads a device file and, where it names one, its run log.
 *
 * @param properties Terms of the property vocabulary.
 * @throws {InputError} naming file and line, where either cannot be used.
 */
export function loadDevice(path: string, properties: readonly string[]): Stated {
  const deviceFile = reading(path, () => {
    const text = readText(path, MAX_DEVICE_FILE_BYTES);
    return readDeviceFile(text, (canary) => checkCanary(canary, properties));
  });
  if (deviceFile.log === undefined) return { deviceFile, runLog: undefined };
  const log = resolve(dirname(path), deviceFile.log);
  const runLog = reading(log, () => readRunLog(readText(log, MAX_RUN_LOG_BYTES), nodePlatform));
  return { deviceFile, runLog };
}

/** Puts file and line in front of what a reader says. */
function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof DeviceFileError || error instanceof RunLogError) {
      throw new InputError(`${path}:${error.line}: ${error.message}`);
    }
    throw error;
  }
}

function readText(path: string, maxBytes: number): string {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) {
      throw new InputError(`${path}: has ${size} bytes, at most ${maxBytes} are expected`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
}
