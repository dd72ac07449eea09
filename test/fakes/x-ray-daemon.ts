import { createSocket } from "node:dgram";

/** Takes what is sent to an X-Ray daemon, as it comes over the wire. */
export async function startDaemon() {
  const datagrams: Buffer[] = [];
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 }, (datagram) =>
    datagrams.push(datagram),
  );
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    datagrams,
    /** All that was sent before: on loopback nothing overtakes. */
    async received(): Promise<readonly Buffer[]> {
      const sender = createSocket("udp4");
      const mark = Buffer.from("mark");
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      sender.send(mark, socket.address().port, "127.0.0.1");
      while (!datagrams.some((datagram) => datagram.equals(mark)))
        await new Promise((resolve) => setImmediate(resolve));
      sender.close();
      datagrams.splice(datagrams.findIndex((datagram) => datagram.equals(mark)));
      return datagrams;
    },
    stop: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}
