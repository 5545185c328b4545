/* Facts of the running program. A module of its own, since each start of the command loads it. */
export {version} from '../store/disk/package.ts';
export {onReading} from '../store/traces/read-pieces.ts';
