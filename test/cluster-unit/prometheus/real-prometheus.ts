import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

/** Whether this machine has a Prometheus. */
export function hasPrometheus(): boolean {
	return ['prometheus', 'promtool'].every(name => spawnSync(name, ['--version']).status === 0);
}

/** Prometheus on this machine, with a folder and a port of its own. */
export class RealPrometheus {
	readonly #folder: string;
	readonly #port: number;
	#child: ChildProcess | undefined;

	private constructor(folder: string, port: number) {
		this.#folder = folder;
		this.#port = port;
	}

	/** @param text - samples in the form of OpenMetrics */
	static async start(text: string): Promise<RealPrometheus> {
		const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
		writeFileSync(join(folder, 'samples.txt'), text);
		writeFileSync(join(folder, 'prometheus.yml'), 'global: {scrape_interval: 15s}\n');
		execFileSync('promtool', [
			'tsdb',
			'create-blocks-from',
			'openmetrics',
			'--quiet',
			join(folder, 'samples.txt'),
			join(folder, 'data'),
		]);
		const server = new RealPrometheus(folder, await freePort());
		await server.up();
		return server;
	}

	/** Starts one that scrapes targets. @param configuration - of Prometheus, in YAML */
	static async scraping(configuration: string): Promise<RealPrometheus> {
		const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
		writeFileSync(join(folder, 'prometheus.yml'), configuration);
		const server = new RealPrometheus(folder, await freePort());
		await server.up();
		return server;
	}

	get url(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	async up(): Promise<void> {
		this.#child = spawn(
			'prometheus',
			[
				`--config.file=${join(this.#folder, 'prometheus.yml')}`,
				`--storage.tsdb.path=${join(this.#folder, 'data')}`,
				'--storage.tsdb.retention.time=1y',
				`--web.listen-address=127.0.0.1:${this.#port}`,
				'--log.level=error',
			],
			{stdio: 'ignore'},
		);
		for (let tries = 0; tries < 200; tries++) {
			if (
				await fetch(`${this.url}/-/ready`).then(
					({ok}) => ok,
					() => false,
				)
			) {
				return;
			}

			await sleep(50);
		}

		throw new Error('Expected Prometheus to start, got nothing');
	}

	async down(): Promise<void> {
		const child = this.#child;
		if (child !== undefined) {
			const isOver = new Promise(resolve => child.once('exit', resolve));
			child.kill('SIGKILL');
			await isOver;
			this.#child = undefined;
		}
	}

	async close(): Promise<void> {
		await this.down();
		rmSync(this.#folder, {recursive: true, force: true});
	}
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as {port: number};
	await new Promise(resolve => server.close(resolve));
	return port;
}
