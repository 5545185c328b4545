import type {IncomingMessage} from 'node:http';
import type {ChatPod} from './chat.ts';
import type {ChatRequest} from './chat-request.ts';
import {ChatError} from './chat-request.ts';
import {type Hold, textBytes} from './memory-budget.ts';

/** For the connection, the request and all that waits with it [bytes]; 1000 chats that waited took 20 kB each. */
const chatOverhead = 12 * 1024;
/** For a header: its name and value as objects, in the list and in the map [bytes]. */
const headerOverhead = 160;
const bytesPerToken = 16;
const mostReserved = 256 * 1024;

/** Memory for the text of a reply, before a word of it is there [bytes]: more than models write for a token. */
export function reservedForReply({maxTokens}: ChatRequest): number {
	return Math.min(mostReserved, maxTokens * bytesPerToken);
}

/**
 * Holds the memory that a chat needs from its arrival until its reply is sent.
 *
 * @throws {ChatError} 503 when the pod has no room for it
 */
export function holdFor(pod: ChatPod, message: IncomingMessage, request: ChatRequest): Hold {
	const {rawHeaders, url = ''} = message;
	const headers = rawHeaders.reduce((sum, part) => sum + 2 * part.length, rawHeaders.length * (headerOverhead / 2));
	const text = textBytes(request.prompt) + reservedForReply(request);
	const hold = pod.memory.take(chatOverhead + headers + url.length + text);
	if (hold) {
		return hold;
	}

	pod.metrics.countChat(request.tenant, 'refused');
	pod.metrics.countRefusal('memory');
	throw new ChatError(503, 'refused', 'This pod has no memory for another chat');
}
