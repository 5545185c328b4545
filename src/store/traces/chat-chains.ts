/** Most chats whose conversation is remembered at a time: a longer trace's oldest are forgotten. */
const mostRemembered = 2_000_000;

/**
 * Numbers the conversations of a trace whose requests name the one before: `parent_chat_id` is that one's `chat_id`, or -1
 * in a conversation's first request. One whose parent the trace does not have begins a conversation of its own.
 *
 * @returns a function from a request to the number of its conversation, from 0; undefined where its ids are no integers
 */
export function conversationsOf(): (request: Readonly<Record<string, unknown>>) => number | undefined {
	let [older, newer] = [new Map<number, number>(), new Map<number, number>()];
	let count = 0;
	return ({chat_id: chat, parent_chat_id: parent}) => {
		if (!Number.isSafeInteger(chat) || !Number.isSafeInteger(parent)) {
			return undefined;
		}

		const conversation = newer.get(parent as number) ?? older.get(parent as number) ?? count++;
		newer.set(chat as number, conversation);
		if (newer.size * 2 > mostRemembered) {
			[older, newer] = [newer, new Map()];
		}

		return conversation;
	};
}
