import type {IncomingMessage} from 'node:http';
import {ChatError} from './chat-request.ts';

type Done = (error: Error | null, text: string) => void;
type Body = {bytes: Buffer; length: number; readonly done: Done; readonly leave: () => void};

const firstCapacity = 1024;

/**
 * Bodies of requests that are still arriving, with a bound on their bytes together: where there is no room, the one
 * that began first is given up. A client that sends slowly can thus neither fill the memory nor keep others out.
 */
export class ArrivingBodies {
	readonly #limit: number;
	readonly #whenGivenUp: () => void;
	/** In order of arrival. */
	readonly #bodies = new Set<Body>();
	#held = 0;

	/** @param limit - bytes of all bodies; at least one of the largest size */
	constructor(limit: number, whenGivenUp: () => void) {
		this.#limit = limit;
		this.#whenGivenUp = whenGivenUp;
	}

	/**
	 * Reads a body whole.
	 *
	 * @param bodyLimit - its own limit [bytes]
	 * @param tooLarge - the error for a body beyond it
	 * @param done - is called once, with the text in UTF-8 or an error
	 */
	read(message: IncomingMessage, {bodyLimit, tooLarge}: {bodyLimit: number; tooLarge: () => Error}, done: Done): void {
		const onData = (chunk: Buffer) => {
			if (body.length + chunk.length > bodyLimit) {
				this.#end(body, tooLarge());
			} else {
				this.#append(body, chunk);
			}
		};
		const onEnd = () => this.#end(body);
		const onGone = () => this.#end(body, new ChatError(400, 'client-gone', 'The request broke off'));
		const leave = () => {
			message.off('data', onData).off('end', onEnd).off('close', onGone);
		};
		const body: Body = {bytes: Buffer.alloc(0), length: 0, done, leave};
		message.on('error', onGone); // stays: an error that nobody hears ends the process
		message.on('data', onData).on('end', onEnd).on('close', onGone);
		this.#bodies.add(body);
	}

	#append(body: Body, chunk: Buffer): void {
		const before = body.bytes.length;
		if (body.length === 0) {
			body.bytes = chunk; // most bodies are one
		} else {
			body.bytes = withRoom(body, chunk.length);
			chunk.copy(body.bytes, body.length);
		}

		body.length += chunk.length;
		this.#held += body.bytes.length - before;
		for (const oldest of this.#bodies) {
			if (this.#held <= this.#limit) {
				return;
			}

			this.#whenGivenUp();
			this.#end(oldest, new ChatError(408, 'refused', 'The request came too slowly for a pod under load'));
		}
	}

	#end(body: Body, error: Error | null = null): void {
		if (!this.#bodies.delete(body)) {
			return;
		}

		body.leave();
		this.#held -= body.bytes.length;
		const text = error ? '' : body.bytes.toString('utf8', 0, body.length);
		body.bytes = Buffer.alloc(0);
		body.done(error, text);
	}
}

/** The bytes in a buffer that takes `more`; it doubles, so that a body in the smallest chunks costs no more than others. */
function withRoom({bytes, length}: Body, more: number): Buffer {
	if (length + more <= bytes.length) {
		return bytes;
	}

	const larger = Buffer.allocUnsafeSlow(Math.max(firstCapacity, 2 * bytes.length, length + more));
	bytes.copy(larger, 0, 0, length);
	return larger;
}
