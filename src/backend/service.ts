import fastify, {errorCodes, type FastifyError, type FastifyInstance, LogController} from 'fastify';
import {ArrivingBodies} from './arriving-bodies.ts';
import type {Arrival, ChatPod} from './chat.ts';
import {handleChat} from './chat-route.ts';
import type {Configuration} from './configuration.ts';
import {Connections} from './connections.ts';
import {Conversations} from './conversations.ts';
import {InFlight} from './in-flight.ts';
import {Lifecycle} from './lifecycle.ts';
import {MemoryBudget} from './memory-budget.ts';
import {type BackendMetrics, makeMetrics} from './metrics.ts';
import {ModelState} from './model-state.ts';
import {Slots} from './slots.ts';

export type Service = {readonly app: FastifyInstance; readonly lifecycle: Lifecycle; readonly model: ModelState};

/** The backend's HTTP service, not listening yet. */
export function makeService(configuration: Configuration): Service {
	const inFlight = new InFlight(configuration.parallel);
	const conversations = new Conversations({...configuration, held: configuration.heldBytes / 4});
	const memory = new MemoryBudget(configuration.heldBytes / 2);
	const metrics = makeMetrics({inFlight, conversations, memory}, configuration.tenantLabels);
	const lifecycle = new Lifecycle(inFlight);
	const app = makeApp(configuration);
	const model = new ModelState(configuration, message => app.log.info(message));
	const slots = new Slots(configuration.parallel + 1); // one more, so that Ollama never runs dry between two requests
	boundConnections(app, configuration, metrics);
	boundBodies(app, configuration, metrics);
	const whenHeard = () => model.heard();
	addChat(app, {configuration, conversations, inFlight, memory, slots, metrics, whenHeard}, lifecycle);
	addProbes(app, lifecycle, model);
	app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
	return {app, lifecycle, model};
}

/** Requests are not logged, prompts least of all. */
function makeApp({logLevel, bodyBytes, requestTime, deadline}: Configuration): FastifyInstance {
	const requestTimeout = requestTime * 1000;
	const app = fastify({
		logger: {level: logLevel},
		logController: new LogController({disableRequestLogging: true}),
		bodyLimit: bodyBytes,
		requestTimeout,
		connectionTimeout: (deadline + 60) * 1000, // no chat is silent for longer
		routerOptions: {querystringParser: () => ({})}, // nothing reads it, and thousands of its names would wait with a chat
		http: {
			requestTimeout,
			headersTimeout: Math.min(requestTimeout, 10_000),
			connectionsCheckingInterval: 2000,
			maxHeaderSize: 8192,
		},
		return503OnClosing: false,
		forceCloseConnections: 'idle',
	});
	app.server.maxHeadersCount = 100;
	app.removeContentTypeParser(['text/plain', 'application/json']);
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

/** Bounds the connections, and what one of them may send before it is answered. */
function boundConnections(app: FastifyInstance, {maxConnections}: Configuration, {countRefusal}: BackendMetrics): void {
	const connections = new Connections(maxConnections, countRefusal);
	app.server.on('connection', socket => connections.add(socket));
	app.server.on('clientError', ({code}: NodeJS.ErrnoException) => {
		if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
			countRefusal('slow-request');
		}
	});
	app.addHook('onRequest', (request, reply, done) => {
		if (!connections.begin(request.raw.socket, reply.raw)) {
			reply.hijack(); // the connection is gone
		} else if (request.is404) {
			reply.code(404).send({error: 'Not found'}); // whatever its body is
		} else {
			done();
		}
	});
	app.addHook('preHandler', ({raw}, _reply, done) => {
		connections.arrived(raw.socket);
		done();
	});
}

/** Takes bodies of JSON, within the memory for arriving bodies. */
function boundBodies(
	app: FastifyInstance,
	{heldBytes, bodyBytes}: Configuration,
	{countRefusal}: BackendMetrics,
): void {
	const bodies = new ArrivingBodies(heldBytes / 8, () => countRefusal('slow-request'));
	const parse = app.getDefaultJsonParser('error', 'error');
	const limits = {bodyLimit: bodyBytes, tooLarge: () => new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()};
	app.addContentTypeParser('application/json', (request, payload, done) => {
		if (Number(request.headers['content-length']) > bodyBytes) {
			done(limits.tooLarge());
			return;
		}

		bodies.read(payload, limits, (error, text) => {
			if (error) {
				done(error);
			} else {
				void parse(request, text, done); // ends in `done`, never in a promise
			}
		});
	});
}

function addChat(app: FastifyInstance, pod: ChatPod, lifecycle: Lifecycle): void {
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
