import type {ServerResponse} from 'node:http';
import type {Socket} from 'node:net';

/** Reason why a connection was cut. */
type CutReason = 'connections' | 'pipelining';

const requestTimeout = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * The open connections, bounded. Beyond the limit the one goes that has longest been without a whole request, be it idle
 * or slow: a limit that refused new ones would let a client that only holds connections keep out everyone, the
 * cluster's probes first. One request at a time is taken of a connection, since others would wait in memory, uncounted.
 */
export class Connections {
	readonly #limit: number;
	readonly #whenCut: (reason: CutReason) => void;
	readonly #open = new Set<Socket>();
	/** Connections without a whole request, longest first. */
	readonly #waiting = new Set<Socket>();
	readonly #underWay = new Set<Socket>();

	constructor(limit: number, whenCut: (reason: CutReason) => void) {
		this.#limit = limit;
		this.#whenCut = whenCut;
	}

	add(socket: Socket): void {
		this.#open.add(socket);
		this.#waiting.add(socket);
		socket.once('close', () => {
			this.#open.delete(socket);
			this.#waiting.delete(socket);
			this.#underWay.delete(socket);
		});
		if (this.#open.size > this.#limit) {
			const [longest = socket] = this.#waiting;
			this.#cut(longest, 'connections');
		}
	}

	/**
	 * Notes that the headers of a request have come.
	 *
	 * @returns whether it is to be answered; not when the one before it is not answered yet, which ends the connection
	 * @see RFC 9112, 9.3.2: who pipelines must be ready to send requests again
	 */
	begin(socket: Socket, response: ServerResponse): boolean {
		if (this.#underWay.has(socket)) {
			this.#cut(socket, 'pipelining');
			return false;
		}

		this.#underWay.add(socket);
		response.once('close', () => {
			this.#underWay.delete(socket);
			if (this.#open.has(socket)) {
				this.#waiting.delete(socket);
				this.#waiting.add(socket); // idle from now on
			}
		});
		return true;
	}

	/** Notes that its request has come whole, so that the connection stays until it is answered. */
	arrived(socket: Socket): void {
		this.#waiting.delete(socket);
	}

	#cut(socket: Socket, reason: CutReason): void {
		if (!this.#open.delete(socket)) {
			return; // what it had sent before it was cut is still parsed
		}

		this.#whenCut(reason);
		this.#waiting.delete(socket);
		if (reason === 'connections' && socket.writable) {
			socket.write(requestTimeout);
			socket.destroySoon();
		} else {
			socket.destroy();
		}
	}
}
