import { setTimeout as sleep } from 'node:timers/promises';

/** A reader of Server-Sent Events that comes back whenever it loses its connection, as a browser does. */
export interface EventSource {
  /** The events it has received, in that order. */
  readonly heard: readonly { id: string; data: Record<string, unknown> }[];
  /** How often a connection was open, and how often one was lost. */
  readonly opened: number;
  readonly lost: number;
  close(): Promise<void>;
}

/** Reads from the addresses in turn: the next one after each loss. */
export function openEventSource(addresses: readonly string[], authorization: string): EventSource {
  const state = { heard: [] as { id: string; data: Record<string, unknown> }[], opened: 0, lost: 0 };
  const closing = new AbortController();
  let lastId: string | undefined;

  function take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/, 2) as [string, string]));
    const data = fields.get('data');
    lastId = fields.get('id') ?? lastId;
    if (lastId !== undefined && data !== undefined)
      state.heard.push({ id: lastId, data: JSON.parse(data) as Record<string, unknown> });
  }

  /** One connection, to its end. */
  async function read(address: string): Promise<void> {
    const headers = { authorization, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
    const response = await fetch(address, { headers, signal: closing.signal });
    if (!response.ok || !response.body) throw new Error(`${address} answered ${response.status}`);
    let text = '';
    let isOpen = false;
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach(take);
      if (!isOpen) state.opened += 1;
      isOpen = true;
    }
  }

  async function run(): Promise<void> {
    for (let turn = 0; !closing.signal.aborted; turn += 1) {
      const before = state.opened;
      // Lost or refused: either way it comes back.
      await read(addresses[turn % addresses.length] ?? '').catch(() => undefined);
      if (state.opened > before) state.lost += 1;
      await sleep(5);
    }
  }

  const running = run();
  return Object.assign(state, {
    close: () => {
      closing.abort();
      return running;
    },
  });
}
