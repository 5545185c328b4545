import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** Server that answers as a test says. */
export class FakePrometheus {
	/** Requests in their order. */
	readonly asked: {readonly path: string; readonly authorization: string | undefined}[] = [];
	readonly #server: Server;

	private constructor(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
		this.#server = createServer((request, response) => {
			this.asked.push({path: request.url ?? '', authorization: request.headers.authorization});
			answer(request, response, this.asked.length);
		});
	}

	static async start(
		answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
	): Promise<FakePrometheus> {
		const fake = new FakePrometheus(answer);
		await new Promise<void>(resolve => fake.#server.listen(0, '127.0.0.1', resolve));
		return fake;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}
}
