/**
 * The destinations table: sort, search, filters, pages, sheets.
 *
 * @module
 */
import { grouped } from "../../wording.ts";
import { COLUMNS, destinationRows, type SortKey } from "../destination-row.ts";
import { PAGE_ROWS, type ClientData } from "../destination-view.ts";
import { arrange, haystackOf, startsDescending, type Wanted } from "./arrange.ts";
import { announce, byId } from "./elements.ts";

/** Rest after the last key before the search runs, ms. */
const TYPING_MS = 120;

export class DestinationTable {
  readonly #data: ClientData;
  readonly #haystacks: readonly string[];
  readonly #open = new Set<number>();
  #wanted: Wanted = { query: "", party: "", kind: "", organisation: "", sort: undefined };
  #positions: readonly number[] = [];
  #page = 0;

  constructor(data: ClientData) {
    this.#data = data;
    this.#haystacks = data.destinations.map((view) => haystackOf(view, data.names));
    this.#positions = data.destinations.map((_, position) => position);
  }

  /** Brings the controls to life; the first page stands in the document already. */
  start(): void {
    this.#makeSortable();
    this.#listen();
    byId("page-back", HTMLButtonElement)?.addEventListener("click", () => {
      this.#turn(-1);
    });
    byId("page-on", HTMLButtonElement)?.addEventListener("click", () => {
      this.#turn(1);
    });
    this.#body()?.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const position = button?.dataset["open"];
      if (position !== undefined) this.#toggle(Number(position));
    });
    this.#status();
  }

  /** Shows one destination with its sheet open, whatever was searched for before. */
  show(position: number): void {
    if (!(position >= 0 && position < this.#data.destinations.length)) return;
    if (!this.#positions.includes(position)) this.#clear();
    this.#open.add(position);
    this.#page = Math.floor(Math.max(0, this.#positions.indexOf(position)) / PAGE_ROWS);
    this.#render();
    const row = document.getElementById(`d-${position}`);
    row?.scrollIntoView({ block: "start" });
    row?.querySelector("button")?.focus({ preventScroll: true });
  }

  #body(): HTMLTableSectionElement | undefined {
    return byId("destination-table", HTMLTableElement)?.tBodies[0];
  }

  #makeSortable(): void {
    for (const { key } of COLUMNS) {
      const head = document.querySelector(`#destination-table th[data-sort="${key}"]`);
      if (head === null) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => {
        this.#sortBy(key);
      });
      head.replaceChildren(button);
    }
  }

  #sortBy(key: SortKey): void {
    const { sort } = this.#wanted;
    const isDescending = sort?.key === key ? !sort.isDescending : startsDescending(key);
    this.#change({ sort: { key, isDescending } });
    for (const head of document.querySelectorAll("#destination-table th[data-sort]")) {
      head.removeAttribute("aria-sort");
      if (head.getAttribute("data-sort") === key)
        head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
    }
  }

  #listen(): void {
    const search = byId("destination-search", HTMLInputElement);
    let timer = 0;
    search?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        this.#change({ query: search.value });
      }, TYPING_MS);
    });
    for (const name of ["party", "kind", "organisation"] as const) {
      const select = byId(`destination-${name}`, HTMLSelectElement);
      select?.addEventListener("change", () => {
        this.#change({ [name]: select.value });
      });
    }
  }

  /** Takes back search and filters, not the order. */
  #clear(): void {
    const search = byId("destination-search", HTMLInputElement);
    if (search !== undefined) search.value = "";
    for (const name of ["party", "kind", "organisation"]) {
      const select = byId(`destination-${name}`, HTMLSelectElement);
      if (select !== undefined) select.value = "";
    }
    this.#wanted = { ...this.#wanted, query: "", party: "", kind: "", organisation: "" };
    this.#positions = arrange(this.#data.destinations, this.#haystacks, this.#wanted);
  }

  #change(change: Partial<Wanted>): void {
    this.#wanted = { ...this.#wanted, ...change };
    this.#positions = arrange(this.#data.destinations, this.#haystacks, this.#wanted);
    this.#page = 0;
    this.#render();
  }

  #turn(by: number): void {
    this.#page += by;
    this.#render();
    document.getElementById("destinations")?.scrollIntoView();
  }

  #toggle(position: number): void {
    if (!this.#open.delete(position)) this.#open.add(position);
    const isOpen = this.#open.has(position);
    const row = document.getElementById(`d-${position}`);
    row?.querySelector("button")?.setAttribute("aria-expanded", String(isOpen));
    row?.nextElementSibling?.classList.toggle("open", isOpen);
  }

  #render(): void {
    const body = this.#body();
    if (body === undefined) return;
    const from = this.#page * PAGE_ROWS;
    const shown = this.#positions.slice(from, from + PAGE_ROWS);
    const rows = shown.flatMap((position) => {
      const view = this.#data.destinations[position];
      if (view === undefined) return [];
      const isOpen = this.#open.has(position);
      return [destinationRows(view, { names: this.#data.names, position, isOpen }).toString()];
    });
    const none = `<tr><td colspan="${COLUMNS.length}">No destination matches.</td></tr>`;
    // Made by `markup` alone, which escapes; the same rows as in the document itself.
    body.innerHTML = rows.length > 0 ? rows.join("") : none;
    this.#status();
  }

  #status(): void {
    const all = this.#positions.length;
    const from = this.#page * PAGE_ROWS;
    const to = Math.min(all, from + PAGE_ROWS);
    const words =
      all === 0
        ? "No destination matches"
        : `${grouped(from + 1)} to ${grouped(to)} of ${grouped(all)}`;
    const status = document.getElementById("page-status");
    if (status !== null && status.textContent !== words) status.textContent = words;
    const back = byId("page-back", HTMLButtonElement);
    const on = byId("page-on", HTMLButtonElement);
    if (back !== undefined) back.disabled = this.#page === 0;
    if (on !== undefined) on.disabled = to >= all;
    if (all === 0) announce(words);
  }
}
