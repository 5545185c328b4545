import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';

/** A client that speaks HTTP by hand, as no library would, and what it was sent. */
export type RawClient = {readonly socket: Socket; received: string};

/** Opens connections, a few at a time, and sends each its bytes; they end with the test. */
export async function openClients(
	t: ExecutionContext,
	url: string,
	requests: readonly (string | Buffer)[],
): Promise<RawClient[]> {
	const clients: RawClient[] = [];
	t.teardown(() => {
		for (const {socket} of clients) {
			socket.destroy();
		}
	});
	const {hostname: host, port} = new URL(url);
	for (const bytes of requests) {
		const socket = connect({host, port: Number(port)});
		const client: RawClient = {socket, received: ''};
		clients.push(client);
		socket.on('error', () => undefined); // a connection that is cut; what was received tells
		socket.on('data', chunk => {
			client.received += chunk.toString('latin1');
		});
		await once(socket, 'connect');
		socket.write(bytes);
	}

	return clients;
}

/** How many clients got which status so far; those without any stand under `undefined`. */
export function statusesOf(clients: readonly RawClient[]): Map<string | undefined, number> {
	const counts = new Map<string | undefined, number>();
	for (const {received} of clients) {
		const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1];
		counts.set(status, (counts.get(status) ?? 0) + 1);
	}

	return counts;
}

type Chat = {readonly path?: string; readonly headers?: string; readonly body: string};

/** The bytes of a chat request. */
export function chatBytes({path = '/v1/chat', headers = '', body}: Chat): Buffer {
	const bytes = Buffer.from(body);
	const head = `POST ${path} HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n`;
	return Buffer.concat([Buffer.from(head), bytes]);
}
