import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {json} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import type {Address} from '../../src/cluster/load/chat-client.ts';

type Body = {
	readonly tenant: string;
	readonly conversation: string;
	readonly prompt: string;
	readonly maxTokens: number;
};
type Answer = (response: ServerResponse, body: Body) => void;

export type FakeService = {
	readonly address: Address;
	/** Bodies of the requests, in the order of arrival. */
	readonly received: Body[];
	readonly connections: () => number;
};

/** A Service of one pod in this process, which ends with the test. */
export async function startService(t: ExecutionContext, answer: Answer = complete): Promise<FakeService> {
	const received: Body[] = [];
	let connections = 0;
	const server = createServer((request: IncomingMessage, response) => {
		void json(request).then(body => {
			received.push(body as Body);
			answer(response, body as Body);
		});
	});
	server.on('connection', () => connections++);
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const {port} = server.address() as AddressInfo;
	return {address: {host: '127.0.0.1', port}, received, connections: () => connections};
}

/** Streams two pieces of text and the last line. */
export function complete(response: ServerResponse, {maxTokens}: Body): void {
	response.writeHead(200, {'content-type': 'application/x-ndjson'});
	response.write('{"text": "one"}\n');
	response.write('{"text": " two"}\n');
	response.end(`${JSON.stringify({done: true, ...reply, outputTokens: maxTokens})}\n`);
}

/** The notes of a reply that took 3.5 s of work. */
export const reply = {
	pod: 'llm-0',
	historyTurns: 0,
	promptTokens: 26,
	outputTokens: 16,
	doneReason: 'length',
	timings: {
		receivedAt: 1001.01,
		waitingSeconds: 0.1,
		queuedSeconds: 0.1,
		loadSeconds: 0.5,
		promptEvalSeconds: 2,
		evalSeconds: 1,
		ollamaSeconds: 3.5,
		firstTokenSeconds: 2.4,
		backendSeconds: 0.01,
		loopbackSeconds: 0.02,
	},
};
