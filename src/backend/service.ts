import fastify, {type FastifyError, type FastifyInstance, LogController} from 'fastify';
import type {Arrival, Pod} from './chat.ts';
import {handleChat} from './chat-route.ts';
import type {Configuration} from './configuration.ts';
import {Conversations} from './conversations.ts';
import {InFlight} from './in-flight.ts';
import {Lifecycle} from './lifecycle.ts';
import {makeMetrics} from './metrics.ts';
import {ModelState} from './model-state.ts';
import {Slots} from './slots.ts';

export type Service = {readonly app: FastifyInstance; readonly lifecycle: Lifecycle; readonly model: ModelState};

/** The backend's HTTP service, not listening yet. */
export function makeService(configuration: Configuration): Service {
	const inFlight = new InFlight(configuration.parallel);
	const conversations = new Conversations(configuration);
	const metrics = makeMetrics(inFlight, conversations, configuration.tenantLabels);
	const lifecycle = new Lifecycle(inFlight);
	const app = makeApp(configuration);
	const model = new ModelState(configuration, message => app.log.info(message));
	const slots = new Slots(configuration.parallel + 1); // one more, so that Ollama never runs dry between two requests
	addChat(app, {configuration, conversations, inFlight, slots, metrics}, lifecycle);
	addProbes(app, lifecycle, model);
	app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
	return {app, lifecycle, model};
}

/** Requests are not logged, prompts least of all. */
function makeApp({logLevel, bodyBytes}: Configuration): FastifyInstance {
	const app = fastify({
		logger: {level: logLevel},
		logController: new LogController({disableRequestLogging: true}),
		bodyLimit: bodyBytes,
		requestTimeout: 30_000, // for a request to arrive whole
		return503OnClosing: false,
		forceCloseConnections: 'idle',
	});
	app.removeContentTypeParser('text/plain');
	app.setNotFoundHandler((_request, reply) => reply.code(404).send({error: 'Not found'}));
	app.setErrorHandler<FastifyError>((error, request, reply) => {
		const status = error.statusCode ?? 500;
		if (status === 500) {
			request.log.error(error);
		}

		if (status === 503) {
			reply.header('retry-after', '1');
		}

		return reply.code(status).send({error: status === 500 ? 'Internal error' : error.message});
	});
	return app;
}

function addChat(app: FastifyInstance, pod: Pod, lifecycle: Lifecycle): void {
	app.decorateRequest('arrival');
	app.addHook('onRequest', async (request, reply) => {
		request.setDecorator<Arrival>('arrival', {receivedUnix: Date.now() / 1000, received: performance.now()});
		if (lifecycle.phase !== 'serving') {
			reply.header('connection', 'close'); // a client that stays on this pod must find another
		}
	});
	app.post('/v1/chat', (request, reply) => handleChat(pod, lifecycle, request, reply));
}

function addProbes(app: FastifyInstance, lifecycle: Lifecycle, model: ModelState): void {
	app.get('/healthz', () => ({status: 'ok'}));
	app.get('/healthz/ollama', async (_request, reply) => {
		const isAlive = await model.isOllamaAlive();
		return reply.code(isAlive ? 200 : 503).send({status: isAlive ? 'ok' : 'Ollama is gone'});
	});
	app.get('/readyz', async (_request, reply) => {
		if (lifecycle.phase !== 'serving') {
			return reply.code(503).send({status: 'shutting down'});
		}

		const isLoaded = await model.isLoaded();
		return reply.code(isLoaded ? 200 : 503).send({status: isLoaded ? 'ok' : 'model not loaded'});
	});
}
