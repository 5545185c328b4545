import {constants} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Configuration, readConfiguration, readInteger} from './configuration.ts';
import {Gateway} from './gateway.ts';
import {readGatewayConfiguration} from './gateway-configuration.ts';
import {MetricsApi} from './metrics-api/metrics-api.ts';
import {makeService, type Service} from './service.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

function readOrExit<Read>(read: (environment: NodeJS.ProcessEnv) => Read): Read {
	try {
		return read(process.env);
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n`);
		process.exit(2);
	}
}

/** The first signal drains and exits with 0, a second one exits at once. */
function leaveOnSignal({app, lifecycle, model}: Service, configuration: Configuration): void {
	const leave = async () => {
		model.stop();
		const cut = await lifecycle.leave(configuration);
		app.log.info(`Drained, ${cut} chats cut`);
		await Promise.race([app.close(), sleep(500)]); // no client may hold the pod by not reading
		process.exit(0);
	};
	for (const signal of signals) {
		process.on(signal, () => {
			if (lifecycle.phase !== 'serving') {
				process.exit(128 + constants.signals[signal]);
			}

			app.log.info(`${signal}: leaving`);
			void leave();
		});
	}
}

async function main(): Promise<void> {
	const configuration: Configuration = readOrExit(environment => readConfiguration(environment));
	const service = makeService(configuration);
	leaveOnSignal(service, configuration);
	await service.app.listen({host: configuration.host, port: configuration.port});
	service.model.preload();
}

/** Another server of this program, in front of the pods. */
function mainOfGateway(): void {
	const configuration = readOrExit(readGatewayConfiguration);
	new Gateway(configuration).server().listen(configuration.port);
	exitOnSignal();
}

/** Another server of this program, for an emulated replay. */
function mainOfMetricsApi(): void {
	const port = readOrExit(environment =>
		readInteger(environment, {name: 'PORT', fallback: 8443, bounds: {min: 0, max: 65_535}}),
	);
	new MetricsApi().server().listen(port);
	exitOnSignal();
}

/** These servers have nothing to drain, since clients come back by themselves. */
function exitOnSignal(): void {
	for (const signal of signals) {
		process.on(signal, () => process.exit(0));
	}
}

switch (process.argv[2]) {
	case 'gateway':
		mainOfGateway();
		break;
	case 'metrics-api':
		mainOfMetricsApi();
		break;
	default:
		void main();
}
