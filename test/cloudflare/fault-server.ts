import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server on this machine that does as it is told, and counts. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly IncomingMessage[];
  /** Connections that were ever opened. */
  readonly connections: () => number;
  readonly mostInFlight: () => number;
}

/** Serves `listener` on a port of its own until the end of the test. */
export async function serveFaults(listener: RequestListener): Promise<FaultServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let inFlight = 0;
  let most = 0;
  const server: Server = createServer((request, response) => {
    requests.push(request);
    most = Math.max(most, ++inFlight);
    response.once("close", () => {
      inFlight--;
    });
    listener(request, response);
  });
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    mostInFlight: () => most,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      if (server.listening) {
        await once(server, "close");
      }
    },
  };
}
