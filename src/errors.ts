import {onOneLine} from './printable.ts';

/** Fault that the user can fix: the command line prints its message without a stack, and exits with 2. */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly code: 'E_CONFIG' | 'E_FILE' | 'E_CLUSTER' | 'E_TIMEOUT' | 'E_USAGE';

	/** @param message - one line, or a list of lines; whatever texts of others hold, they add no line and no control character */
	constructor(code: UserError['code'], message: string | readonly string[], options?: {cause: unknown}) {
		super([message].flat().map(onOneLine).join('\n'), options);
		this.code = code;
	}
}
