/** Fault that the user can fix: the command line prints its message without a stack, and exits with 2. */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly code: 'E_CONFIG' | 'E_FILE' | 'E_CLUSTER' | 'E_TIMEOUT' | 'E_USAGE';

	constructor(code: UserError['code'], message: string, options?: {cause: unknown}) {
		super(message, options);
		this.code = code;
	}
}
