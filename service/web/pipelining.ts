// How many requests of one connection may wait for their answers. No client that means well sends more than one at a time;
// who sends them without reading answers would have the main thread and its memory.
// In: who answers requests. Out: the same for a server: a connection with more is ended.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const MAX_PIPELINED = 16;

export function boundPipelining(answer: Answering): Answering {
  const waiting = new WeakMap<Socket, number>();
  return (request, response) => {
    request.on("error", () => {});
    response.on("error", () => {});
    const { socket } = request;
    const count = (waiting.get(socket) ?? 0) + 1;
    // what it had sent before it was ended still arrives
    if (count > MAX_PIPELINED || socket.destroyed) return void socket.destroy();
    waiting.set(socket, count);
    response.once("close", () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    answer(request, response);
  };
}
