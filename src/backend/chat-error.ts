/** How a chat can end; also the values of the `outcome` label in the metrics. */
export type Outcome = 'completed' | 'client-gone' | 'refused' | 'timed-out' | 'failed';

/** A chat that ends without a reply: the HTTP status and the message go to the client as they are. */
export class ChatError extends Error {
	override readonly name = 'ChatError';
	readonly statusCode: number;
	readonly outcome: Outcome;

	constructor(statusCode: number, outcome: Outcome, message: string, options?: {cause: unknown}) {
		super(message, options);
		this.statusCode = statusCode;
		this.outcome = outcome;
	}
}

/** At most `length` UTF-16 units of a text, no character of it cut in two. */
export function beginningOf(text: string, length: number): string {
	return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
