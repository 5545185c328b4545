import {ChatError} from './chat-request.ts';
import type {Hold} from './memory-budget.ts';

/** Pieces that are joined at once: V8 keeps each piece of a text that grew by `+=`, and dozens of bytes round it. */
const joined = 512;

/** The text of a reply as it grows, within what the chat holds. */
export class ReplyText {
	readonly #hold: Hold;
	#reserved: number;
	#length = 0;
	#pieces: string[] = [];

	/** @param reserved - bytes of the hold that are for the text */
	constructor(hold: Hold, reserved: number) {
		this.#hold = hold;
		this.#reserved = reserved;
	}

	/** @throws {ChatError} 503 when the text is longer than what was reserved and the pod has no memory for more */
	add(piece: string): void {
		this.#length += piece.length;
		while (2 * this.#length > this.#reserved) {
			if (!this.#hold.grow(this.#reserved)) {
				throw new ChatError(503, 'refused', 'This pod has no memory for the rest of the reply');
			}

			this.#reserved *= 2;
		}

		this.#pieces.push(piece);
		if (this.#pieces.length === joined) {
			this.#pieces = [this.#pieces.join('')];
		}
	}

	toString(): string {
		return this.#pieces.join('');
	}
}
