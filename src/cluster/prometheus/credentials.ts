import {readFileSync} from 'node:fs';
import process from 'node:process';
import {UserError} from '../../errors.ts';
import {withFileFaults} from '../../store/disk/file-faults.ts';

/** Address of a server without its credentials, and what goes with every request. */
export type ServerAddress = {
	/** Without name, password, query and fragment, and without a slash at its end. */
	readonly url: string;
	/** Header `authorization`; undefined where nothing is to be proved. */
	readonly authorization?: string;
	/** Texts that nothing may show. */
	readonly secrets: readonly string[];
};

/** Environment variable that holds a bearer token. */
export const tokenVariable = 'PROMETHEUS_TOKEN';

/**
 * Takes the address of a Prometheus server apart. A name and a password in it are its basic auth; else the token of the file,
 * or of the environment, is its bearer token.
 *
 * @throws {UserError} E_USAGE for an address that is none, E_FILE for a file without a token; neither shows a secret
 */
export function addressOf(text: string, tokenFile?: string): ServerAddress {
	let parsed: URL;
	try {
		parsed = new URL(text);
	} catch {
		throw new UserError(
			'E_USAGE',
			'Expected the address of Prometheus to be a URL such as http://localhost:9090, got another text',
		);
	}

	if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
		const got = /^[a-z][a-z\d+.-]{0,20}:$/.test(parsed.protocol) ? parsed.protocol : 'another form';
		throw new UserError('E_USAGE', `Expected the address of Prometheus to begin with http: or https:, got ${got}`);
	}

	const url = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
	const [name, password] = [decoded(parsed.username), decoded(parsed.password)];
	if (name !== '' || password !== '') {
		const pair = Buffer.from(`${name}:${password}`).toString('base64');
		const secrets = [`${name}:${password}`, pair, password, parsed.password, encodeURIComponent(password)];
		return {url, authorization: `Basic ${pair}`, secrets: withoutEmpty(secrets)};
	}

	const token = tokenFile === undefined ? process.env[tokenVariable]?.trim() : tokenIn(tokenFile);
	return token === undefined || token === ''
		? {url, secrets: []}
		: {url, authorization: `Bearer ${checkedToken(token, tokenFile ?? tokenVariable)}`, secrets: [token]};
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function withoutEmpty(secrets: readonly string[]): string[] {
	return [...new Set(secrets)].filter(secret => secret !== '').sort((a, b) => b.length - a.length);
}

function tokenIn(file: string): string {
	const text = withFileFaults(file, () => readFileSync(file, 'utf8')).trim();
	if (text === '') {
		throw new UserError('E_FILE', `${file}:1:1: Expected a token, got an empty file`);
	}

	return text;
}

/** A header takes no line breaks; the place is named, the token is not. */
function checkedToken(token: string, place: string): string {
	if (!/^[\x21-\x7E]{1,65536}$/.test(token)) {
		throw new UserError('E_USAGE', `Expected ${place} to hold one token of printable characters, got other text`);
	}

	return token;
}
