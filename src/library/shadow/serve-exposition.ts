import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {UserError} from '../../errors.ts';

/** Address at which metrics are served. */
export type ExpositionAddress = {readonly port: number; readonly host: string};

/** Server of a page of metrics. */
export type ExpositionServer = {
	/** `http://127.0.0.1:9400/metrics`. */
	readonly url: string;
	readonly close: () => void;
};

/**
 * Serves a page in Prometheus' text format at `/metrics`.
 *
 * @param text - makes the page as it is now
 * @throws {UserError} E_USAGE when the address cannot be had
 */
export async function serveExposition({port, host}: ExpositionAddress, text: () => string): Promise<ExpositionServer> {
	const server = createServer((request, response) => {
		const isPage = request.url?.split('?', 1)[0] === '/metrics';
		const isRead = request.method === 'GET' || request.method === 'HEAD';
		const status = isPage ? (isRead ? 200 : 405) : 404;
		response.writeHead(status, {'content-type': 'text/plain; version=0.0.4; charset=utf-8'});
		response.end(status === 200 ? text() : 'The metrics are at /metrics\n');
	});
	await listening(server, {port, host});
	const {port: bound} = server.address() as AddressInfo;
	const shown = host.includes(':') ? `[${host}]` : host;
	return {
		url: `http://${shown}:${bound}/metrics`,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function listening(server: Server, {port, host}: ExpositionAddress): Promise<void> {
	server.listen(port, host);
	try {
		await once(server, 'listening');
	} catch (error) {
		const {code = 'a fault'} = error as NodeJS.ErrnoException;
		throw new UserError('E_USAGE', `Expected to serve metrics at ${host}:${port}, got ${code}`, {cause: error});
	}
}
