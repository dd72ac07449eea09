import { randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { documentsOf, type RunDocument } from "./datagram.ts";

/** What a socket may hold back while this process is busy, in bytes; what is more is lost. */
const BUFFER_BYTES = 4 * 1_024 * 1_024;
/** How long it is waited for what was sent before. */
const PATIENCE_MS = 500;
const ADDRESS = "127.0.0.1";

/** Stands in for the X-Ray daemon: takes documents over UDP, from this machine only. */
export interface Collector {
  /** As in `127.0.0.1:2000`. */
  readonly address: string;
  /** How many datagrams were none that a run here has sent. */
  readonly dropped: number;
  send(datagram: Uint8Array): void;
  /** Resolves once all that was sent before has come in; or was lost, as may be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param keep says whether it knows the run. @throws where no port can be had. */
export async function openCollector(keep: (document: RunDocument) => boolean): Promise<Collector> {
  const socket = createSocket({ type: "udp4", recvBufferSize: BUFFER_BYTES });
  const marks = new Map<string, () => void>();
  let dropped = 0;
  socket.on("message", (datagram) => {
    const mark = datagram.length === MARK_BYTES ? marks.get(datagram.toString()) : undefined;
    if (mark !== undefined) return mark();
    const documents = documentsOf(datagram);
    if (documents.length === 0 || !documents.every(keep)) dropped += 1;
  });
  await bound(socket);
  // A trace may be lost: what goes wrong with it is nobody's failure.
  socket.on("error", () => undefined);
  socket.unref();
  const { port } = socket.address();
  const send = (datagram: Uint8Array) => socket.send(datagram, port, ADDRESS, () => undefined);
  return {
    address: `${ADDRESS}:${port}`,
    get dropped() {
      return dropped;
    },
    send,
    async flush() {
      // Other sockets of this process send in the turns that follow.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      const mark = randomUUID();
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        marks.set(mark, resolve);
        timer = setTimeout(resolve, PATIENCE_MS);
        send(Buffer.from(mark));
      });
      clearTimeout(timer);
      marks.delete(mark);
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

const MARK_BYTES = randomUUID().length;

const bound = (socket: Socket) =>
  new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, ADDRESS, () => {
      socket.off("error", reject);
      resolve();
    });
  });
